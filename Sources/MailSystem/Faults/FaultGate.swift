internal import Bytes
internal import MailProtocols

/// Stands between the wire and a server's session, and does what a plan of faults says.
///
///     client's octets ─hear→ [pass | say | drop]…      what the session hears, and what is said in its place
///     session's output ─speak→ [piece]…                what goes out, when, and in which pieces
///
/// One gate a connection; the plan is lent to each call. It understands as much of SMTP, POP3 and IMAP as it takes to
/// know commands from messages and literals.
package struct FaultGate: Sendable {
  package enum Heard: Equatable, Sendable {
    /// For the session.
    case pass([UInt8])
    /// For the client, in the session's place; behind what the session has to say to what came before.
    case say([UInt8], hangsUp: Bool)
    case drop
  }
  package struct Piece: Equatable, Sendable {
    package var octets: [UInt8]
    /// How long is waited before it goes out, in nanoseconds.
    package var delay: Int64
  }
  private let service: MailService
  private var lines = LineBuffer()
  /// The command that is answered at present.
  private var command = "GREETING"
  /// What comes is a message: the end is a dot alone.
  private var isMessage = false
  /// What a message that comes is answered with in the end; the session never hears of it.
  private var messageFault: Fault.Kind?
  /// What the session says next is for nobody.
  private var isMute = false
  /// Octets of a literal that are still to come.
  private var literal: UInt64 = 0

  package init(_ service: MailService) { self.service = service }

  /// Whether the greeting is another; nil: the session may speak.
  package mutating func greet(_ plan: inout FaultPlan) -> Heard? { plan.answer(to: "GREETING").map { heard($0, "") } }

  /// TLS stands: what is left of a line in clear is forgotten (RFC 3207 §4.2).
  package mutating func beginProtected() { lines.removeAll() }

  package mutating func hear(_ octets: Span<UInt8>, _ plan: inout FaultPlan) -> [Heard] {
    guard !plan.isEmpty else { return [.pass(octets.copied())] }
    lines.append(octets)
    var heard: [Heard] = []
    var passed: [UInt8] = []
    while true {
      if literal > 0 {
        var taken: [UInt8] = []
        let wanted = Int(min(literal, UInt64(lines.count)))
        lines.take { octets in
          taken = octets.extracting(0..<wanted).copied()
          return wanted
        }
        if taken.isEmpty { break }
        literal -= UInt64(taken.count)
        passed += taken
        continue
      }
      guard case .line(let line) = lines.takeLine(limit: Self.lineByteCount) else { break }
      if isMessage {
        let isEnd = line.span.equals(".\r\n")
        if isEnd { isMessage = false }
        guard let fault = messageFault else {
          passed += line
          continue
        }
        if isEnd { heard += refuseMessage(fault) }
        continue
      }
      if let word = commandWord(line) {
        command = word
        if word == "DATA", let kind = plan.answer(to: "MESSAGE") {
          if !passed.isEmpty { heard.append(.pass(passed)) }
          passed = []
          messageFault = kind
          heard.append(.say(Array("354 Go ahead\r\n".utf8), hangsUp: false))
          // What follows may have come already.
          isMessage = true
          continue
        }
        if let kind = plan.answer(to: word) {
          if !passed.isEmpty { heard.append(.pass(passed)) }
          passed = []
          heard.append(self.heard(kind, tag(line)))
          continue
        }
      }
      passed += line
      noteLiteral(line)
    }
    if !passed.isEmpty { heard.append(.pass(passed)) }
    return heard
  }
  /// The message is thrown away, and with it the session's transaction (RFC 5321 §4.1.1.5).
  private mutating func refuseMessage(_ fault: Fault.Kind) -> [Heard] {
    messageFault = nil
    isMute = true
    command = "MESSAGE"
    return [.pass(Array("RSET\r\n".utf8)), heard(fault, "")]
  }
  /// What the session wants to say, as it goes out.
  package mutating func speak(_ output: [UInt8], _ plan: inout FaultPlan) -> [Piece] {
    if output.isEmpty { return [] }
    if isMute {
      isMute = false
      return []
    }
    if service == .relay || service == .submission, command == "DATA", output.starts(with: "354".utf8) {
      isMessage = true
    }
    guard !plan.isEmpty else { return [Piece(octets: output, delay: 0)] }
    let (delay, byteCount) = plan.delivery(behind: command)
    guard let byteCount else { return [Piece(octets: output, delay: delay)] }
    return stride(from: 0, to: output.count, by: byteCount).map {
      Piece(octets: Array(output[$0..<min($0 + byteCount, output.count)]), delay: delay)
    }
  }
  /// A line without an end would stay for ever.
  private static let lineByteCount = 1 << 20

  private func heard(_ kind: Fault.Kind, _ tag: String) -> Heard {
    guard case .reply(let text) = kind else { return .drop }
    let line = text.replacing("{tag}", with: tag)
    return .say(Array("\(line)\r\n".utf8), hangsUp: line.hasPrefix("421") || line.hasPrefix("* BYE"))
  }
  private func commandWord(_ line: [UInt8]) -> String? {
    let words = line.span.text().split { $0 == " " || $0.isNewline }
    let place = service == .imap ? 1 : 0
    return words.count > place ? words[place].uppercased() : nil
  }
  private func tag(_ line: [UInt8]) -> String {
    line.span.text().split { $0 == " " || $0.isNewline }.first.map(String.init) ?? ""
  }
  /// Octets that are no lines follow: a literal of IMAP, a chunk of SMTP's BDAT (RFC 3030 §2).
  private mutating func noteLiteral(_ line: [UInt8]) {
    let text = Array(line.dropLast(line.span.endOfLineCount))
    switch service {
    case .imap: literal = IMAPLiteral.parse(endOf: text.span)?.byteCount ?? 0
    case .relay, .submission:
      let words = text.span.text().split(separator: " ")
      if words.count > 1, words[0].uppercased() == "BDAT" { literal = UInt64(words[1]) ?? 0 }
    case .pop3: break
    }
  }
}
