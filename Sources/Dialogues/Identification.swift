internal import Bytes
internal import MailProtocols

/// The protocols that are dissected; a closed set.
package enum DissectedProtocol: UInt8, BitwiseCopyable, Sendable, CaseIterable {
  case smtp, pop3, imap, http, tls

  package var name: StaticString {
    switch self {
    case .smtp: "smtp"
    case .pop3: "pop3"
    case .imap: "imap"
    case .http: "http"
    case .tls: "tls"
    }
  }
  /// The protocol of a name that people use for it.
  package static func named(_ name: String) -> DissectedProtocol? {
    switch name.lowercased() {
    case "smtp", "lmtp": .smtp
    case "pop", "pop3": .pop3
    case "imap": .imap
    case "http": .http
    case "tls", "ssl": .tls
    default: nil
    }
  }
  /// The protocol that is usual inside TLS on a server's port (RFC 8314 §3); only a hint.
  package static func usualInsideTLS(on port: UInt16) -> DissectedProtocol? {
    switch port {
    case 465: .smtp
    case 993: .imap
    case 995: .pop3
    case 443: .http
    default: nil
    }
  }
  /// The protocol that is usual on a server's port; only a hint.
  package static func usual(on port: UInt16) -> DissectedProtocol? {
    switch port {
    // 24 is where LMTP is met, which RFC 2033 §5 gives no port.
    case 24, 25, 587, 2525, 1025: .smtp
    case 110: .pop3
    case 143: .imap
    case 80, 8080, 8000, 3128: .http
    case 443, 465, 993, 995: .tls
    default: nil
    }
  }
}

/// Recognises a protocol by what is said, in both directions; the port is a hint where words alone do not tell.
enum Identification {
  enum Verdict: Equatable {
    case recognised(DissectedProtocol)
    /// More octets may tell.
    case undecided
    /// None of the protocols.
    case foreign
  }

  /// Judges what each side has said so far; `serverSpokeFirst` is nil while that is not known.
  static func judge(
    client: Span<UInt8>, server: Span<UInt8>, serverSpokeFirst: Bool, hint: DissectedProtocol?, isFinal: Bool
  ) -> Verdict {
    if client.count > 0, TLSOpening.isPlausible(client, from: 0) {
      if client.count < 3, !isFinal { return .undecided }
      if client.count >= 3, client[0] == 22 || hint == .tls { return .recognised(.tls) }
    }
    if server.count >= 6, server[0] == 22, TLSOpening.isPlausible(server, from: 0), server[5] == 2 || hint == .tls {
      return .recognised(.tls)
    }
    if isTLSRecord(client, hint) || isTLSRecord(server, hint) { return .recognised(.tls) }
    let byServer = judge(server: server, serverSpokeFirst: serverSpokeFirst, hint: hint)
    if case .recognised = byServer { return byServer }
    let byClient = judge(client: client, server: server, hint: hint)
    if case .recognised = byClient { return byClient }
    if byServer == .foreign || (byClient == .foreign && (server.count > 0 || isFinal)) { return .foreign }
    return .undecided
  }

  private static func judge(server: Span<UInt8>, serverSpokeFirst: Bool, hint: DissectedProtocol?) -> Verdict {
    guard server.count > 0 else { return .undecided }
    let line = server.extracting(server.firstLine)
    if server.starts(with: "HTTP/1.") { return .recognised(.http) }
    if server.startsIgnoringCase(with: "+ok"), serverSpokeFirst || hint == .pop3 { return .recognised(.pop3) }
    if server.startsIgnoringCase(with: "-err"), hint == .pop3 { return .recognised(.pop3) }
    if let response = IMAPResponse.parse(line), response.kind == .untagged {
      if serverSpokeFirst, response.status == .ok || response.status == .preauthenticated || response.status == .bye {
        return .recognised(.imap)
      }
      if hint == .imap { return .recognised(.imap) }
    }
    if hint == .imap, let response = IMAPResponse.parse(line), response.kind == .tagged { return .recognised(.imap) }
    if let reply = SMTPReply.parse(line) {
      if hint == .smtp { return .recognised(.smtp) }
      if reply.code == 220, serverSpokeFirst {
        if line.firstOffsetIgnoringCase(of: "ftp") != nil { return .foreign }
        // SMTP, ESMTP, LMTP.
        if line.firstOffsetIgnoringCase(of: "mtp") != nil || line.firstOffsetIgnoringCase(of: "mail") != nil {
          return .recognised(.smtp)
        }
      }
      return .undecided
    }
    // A line that is still growing, or too few octets to tell.
    if server.count < 5, server.firstOffset(of: ASCII.lineFeed) == nil { return .undecided }
    return .foreign
  }

  private static func judge(client: Span<UInt8>, server: Span<UInt8>, hint: DissectedProtocol?) -> Verdict {
    guard client.count > 0 else { return .undecided }
    let hasLine = client.firstOffset(of: ASCII.lineFeed) != nil
    let line = client.extracting(client.firstLine)
    if isHTTPRequest(line) { return .recognised(.http) }
    switch SMTPCommand<OctetRange>.parse(line) {
    case .extendedHello(let domain), .hello(let domain), .localHello(let domain):
      if !domain.isEmpty || hint == .smtp { return .recognised(.smtp) }
    case .mail, .recipient: return .recognised(.smtp)
    case .startTLS, .binaryData, .data, .quit, .reset, .authenticate, .verify, .expand, .noOperation, .help:
      if hint == .smtp { return .recognised(.smtp) }
    case .unknown: break
    }
    let isPOP3: Bool =
      switch POP3Command<OctetRange>.parse(line) {
      case .capability, .apop, .uniqueIDListing, .retrieve, .top, .user, .password, .status, .list, .delete, .startTLS,
        .authenticate, .quit, .noOperation, .reset:
        true
      case .unknown: false
      }
    if isPOP3, hint == .pop3 { return .recognised(.pop3) }
    if let command = IMAPCommand.parse(line), command.name != .unknown,
      hint == .imap || hasIMAPResponse(server)
    {
      return .recognised(.imap)
    }
    if !hasLine, client.count < 512, isText(client) { return .undecided }
    if isPOP3 || hasSMTPReply(server) { return .undecided }
    return IMAPCommand.parse(line).map { $0.name != .unknown } == true ? .undecided : .foreign
  }
  /// Any TLS record (RFC 8446 §5.1), as the middle of a connection begins with. Where no port hints at TLS, the record
  /// must be followed by another or end with the octets.
  private static func isTLSRecord(_ octets: Span<UInt8>, _ hint: DissectedProtocol?) -> Bool {
    guard octets.count >= 5, octets[0] >= 20, octets[0] <= 23, octets[1] == 3, octets[2] <= 4 else { return false }
    let end = 5 + Int(octets.networkUInt16(at: 3))
    if hint == .tls || end == octets.count { return true }
    return end + 2 < octets.count && octets[end] >= 20 && octets[end] <= 23 && octets[end + 1] == 3
  }
  private static func hasIMAPResponse(_ server: Span<UInt8>) -> Bool {
    IMAPResponse.parse(server.extracting(server.firstLine)) != nil
  }
  private static func hasSMTPReply(_ server: Span<UInt8>) -> Bool {
    SMTPReply.parse(server.extracting(server.firstLine)) != nil
  }
  private static func isHTTPRequest(_ line: Span<UInt8>) -> Bool {
    let method = line.word(from: 0)
    guard method.lower == 0, method.count >= 3, method.count <= 20 else { return false }
    for offset in 0..<method.count where !ASCII.isLetter(line[offset]) && line[offset] != UInt8(ascii: "-") {
      return false
    }
    let target = line.word(from: method.upper)
    let version = line.word(from: target.upper)
    return !target.isEmpty && line.starts(with: "HTTP/1.", at: version.lower)
  }
  private static func isText(_ octets: Span<UInt8>) -> Bool {
    for offset in 0..<octets.count where octets[offset] < 9 { return false }
    return true
  }
}
