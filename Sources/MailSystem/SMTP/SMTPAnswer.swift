internal import Bytes
internal import MailProtocols

/// A reply as the server means it: its code, its enhanced status (RFC 3463, RFC 2034) and its words.
///
///     S: 550 5.1.1 <carol@example.org>: no such user here
struct SMTPAnswer: Equatable, Sendable {
  var code: UInt16
  /// Not with greetings and answers to EHLO (RFC 2034 §4).
  var status: String?
  var lines: [String]

  init(_ code: UInt16, _ status: String? = nil, _ text: String) { self.init(code, status, lines: [text]) }
  init(_ code: UInt16, _ status: String? = nil, lines: [String]) {
    self.code = code
    self.status = status
    self.lines = lines
  }
  func encode(into writer: inout ByteWriter) {
    SMTPReply.encode(
      code: code, lines: status.map { status in lines.map { "\(status) \($0)" } } ?? lines, into: &writer)
  }

  static let badSequence = SMTPAnswer(503, "5.5.1", "Bad sequence of commands")
  static let syntax = SMTPAnswer(501, "5.5.4", "Syntax error in parameters or arguments")
  static let unknownCommand = SMTPAnswer(500, "5.5.2", "Command unrecognized")
  static let wrongPassword = SMTPAnswer(535, "5.7.8", "Authentication credentials invalid")
}
