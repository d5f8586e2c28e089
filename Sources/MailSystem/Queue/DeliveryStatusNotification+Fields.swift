internal import Bytes
internal import MailProtocols

/// The fields for programs (RFC 3464 §2).
///
///     Reporting-MTA: dns; mx.a.example
///     Arrival-Date: Tue, 14 Nov 2023 22:13:20 +0000
///
///     Final-Recipient: rfc822; carol@b.example
///     Action: failed
///     Status: 5.1.1
///     Remote-MTA: dns; mx.b.example
///     Diagnostic-Code: smtp; 550 5.1.1 no such user
extension DeliveryStatusNotification {
  func appendStatus(to writer: inout ByteWriter) {
    if let identifier = about.identifier.flatMap(XText.decode) {
      append("Original-Envelope-Id", Self.ascii(identifier), to: &writer)
    }
    append("Reporting-MTA", "dns; \(Self.ascii(host))", to: &writer)
    append("Arrival-Date", Self.date(arrival), to: &writer)
    for report in reports {
      writer.append("\r\n")
      append(report, to: &writer)
    }
  }
  private func append(_ report: DeliveryReport, to writer: inout ByteWriter) {
    if let original = Self.originalRecipient(report.recipient) { append("Original-Recipient", original, to: &writer) }
    append("Final-Recipient", Self.typed(report.recipient.path), to: &writer)
    append("Action", report.action.rawValue, to: &writer)
    append("Status", report.status.text, to: &writer)
    if let remoteHost = report.remoteHost { append("Remote-MTA", "dns; \(Self.ascii(remoteHost))", to: &writer) }
    if let reply = report.reply {
      // Only what a server said is a diagnosis of SMTP (RFC 3464 §2.3.6).
      append("Diagnostic-Code", "\(reply.isOurs ? "x-mailwire" : "smtp"); \(Self.ascii(reply.text))", to: &writer)
    }
    if let time = report.lastAttempt { append("Last-Attempt-Date", Self.date(time), to: &writer) }
    if let time = report.willRetryUntil { append("Will-Retry-Until", Self.date(time), to: &writer) }
  }
  private func append(_ name: String, _ value: String, to writer: inout ByteWriter) {
    HeaderField.encode(name: name, value: value, into: &writer)
  }
  /// ORCPT with its xtext undone (RFC 3464 §2.3.1).
  static func originalRecipient(_ recipient: Envelope.Recipient) -> String? {
    guard let original = recipient.originalRecipient, let semicolon = original.firstIndex(of: ";"),
      let address = XText.decode(String(original[original.index(after: semicolon)...]))
    else { return nil }
    let type = original[..<semicolon]
    // What an utf-8 address escapes stays escaped (RFC 6533 §3).
    return
      "\(ascii(String(type))); \(type.lowercased() == "utf-8" ? ascii(address) : escaped(address, isAddress: true))"
  }
  /// A path with its type: what is not ASCII is told as RFC 6533 §3 escapes it, `utf-8; j\x{F8}rn@b.example`.
  static func typed(_ path: SMTPPath) -> String {
    path.isInternationalized ? "utf-8; \(escaped(path.text, isAddress: true))" : "rfc822; \(ascii(path.text))"
  }
  /// Printable ASCII, cut to what a line bears; all else is escaped, so that no field begins another.
  static func ascii(_ text: String) -> String { escaped(text, isAddress: false) }

  private static func escaped(_ text: String, isAddress: Bool) -> String {
    let isASCII = text.utf8.allSatisfy { $0 < 128 }
    var escaped = ""
    for scalar in text.unicodeScalars {
      let octet = scalar.isASCII ? UInt8(truncatingIfNeeded: scalar.value) : 0
      // QCHAR has no backslash, plus or equals sign; where nothing else is escaped, they stand for themselves.
      let isPlain = isASCII || !isAddress || octet != 0x5C && octet != 0x2B && octet != 0x3D
      if octet == ASCII.tab {
        escaped += " "
      } else if ASCII.isPrintable(octet), isPlain {
        escaped.unicodeScalars.append(scalar)
      } else {
        escaped += "\\x{\(String(scalar.value, radix: 16, uppercase: true))}"
      }
      if escaped.utf8.count > NotificationLimits.replyByteCount { return escaped + " ..." }
    }
    return escaped
  }
}
