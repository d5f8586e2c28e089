internal import Bytes
internal import MailProtocols

/// A client of SMTP that says lines whatever they mean, each behind the whole reply to the one before, and notes what is
/// answered: for refusals. Behind a 354 the lines are a message, up to a dot alone.
package struct ScriptedClientSession: Sendable {
  /// A line that was said, and its reply.
  package struct Exchange: Equatable, Sendable {
    package var line: SayAction.Line
    package var reply: SMTPClientSession.Reply
    package var isAsExpected: Bool { line.expectedCode.map { $0 == Int(reply.code) } ?? true }
  }
  private var lines: [SayAction.Line]
  private var asked: SayAction.Line
  private var input = LineBuffer()
  private var output = OutputBuffer()
  private var replyLines: [String] = []
  package private(set) var exchanges: [Exchange] = []
  package private(set) var isOver = false

  package init(_ lines: [SayAction.Line]) {
    let hasGreeting = lines.first?.text == nil && !lines.isEmpty
    asked = hasGreeting ? lines[0] : SayAction.Line(text: nil, expectedCode: nil)
    self.lines = hasGreeting ? Array(lines.dropFirst()) : lines
  }
  package mutating func receive(_ octets: Span<UInt8>) {
    input.append(octets)
    while !isOver, case .line(let line) = input.takeLine(limit: SMTPClientLimits.replyLineByteCount) {
      let text = Array(line.dropLast(line.span.endOfLineCount))
      guard let reply = SMTPReply.parse(text.span), replyLines.count < SMTPClientLimits.replyLineCount else {
        return isOver = true
      }
      replyLines.append(text.span.extracting(text.span.bounds(reply.text)).text())
      if reply.isLast { answered(reply.code) }
    }
  }
  private mutating func answered(_ code: UInt16) {
    exchanges.append(Exchange(line: asked, reply: SMTPClientSession.Reply(code: code, lines: replyLines)))
    replyLines = []
    guard !lines.isEmpty else { return isOver = true }
    while !lines.isEmpty {
      asked = lines.removeFirst()
      output.append("\(asked.text ?? "")\r\n".utf8)
      if code != 354 || asked.text == "." { return }
    }
  }
  package mutating func lostConnection() { isOver = true }
  package mutating func takeOutput() -> [UInt8] { output.take() }
}
