import Bytes

@testable import MailProtocols

// A macro cannot take a span: the protocols' parsers over arrays, with their arguments as text.

/// A command line of SMTP as it is meant, its arguments as text.
func smtpCommand(_ line: [UInt8]) -> SMTPCommand<String> { SMTPCommand.parse(line.span).map { line.text($0) } }
func smtpCommand(_ line: String) -> SMTPCommand<String> { smtpCommand(line.octets) }

/// A command line of POP3 as it is meant, its arguments as text.
func pop3Command(_ line: [UInt8]) -> POP3Command<String> { POP3Command.parse(line.span).map { line.text($0) } }
func pop3Command(_ line: String) -> POP3Command<String> { pop3Command(line.octets) }

extension SMTPCommand where Text == String {
  var wire: [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.withOctets { $0.copied() }
  }
}
extension POP3Command where Text == String {
  var wire: [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.withOctets { $0.copied() }
  }
}
extension Array where Element == UInt8 {
  /// A line without its CRLF.
  var withoutLineEnd: [UInt8] { Array(suffix(2) == [13, 10] ? dropLast(2) : self[...]) }
}

/// An IMAP command, its parts as text.
struct IMAPCommandText: Equatable {
  var tag: String
  var name: IMAPCommand.Name
  var isUID: Bool
  var nameText: String
  var arguments: String
}
func imapCommand(_ line: [UInt8]) -> IMAPCommandText? {
  IMAPCommand.parse(line.span).map {
    IMAPCommandText(
      tag: line.text($0.tag), name: $0.name, isUID: $0.isUID, nameText: line.text($0.nameRange),
      arguments: line.text($0.arguments))
  }
}
func imapCommand(_ line: String) -> IMAPCommandText? { imapCommand(line.octets) }

/// The tokens of `octets` with their values; nil marks octets at which no token begins.
func imapTokens(_ octets: [UInt8]) -> [String] {
  var tokens = IMAPTokens()
  var found: [String] = []
  while let token = tokens.next(octets.span) {
    let value = IMAPTokens.value(token, of: octets.span).text
    switch token {
    case .open: found.append("(")
    case .close: found.append(")")
    case .atom: found.append("atom:\(value)")
    case .quoted: found.append("quoted:\(value)")
    case .literal: found.append("literal:\(value)")
    }
    if found.count > octets.count { break }
  }
  return found
}
func imapTokens(_ text: String) -> [String] { imapTokens(text.octets) }

/// Lines that no parser may stumble over: none, single octets, NULs, long runs, and random ones from a printed seed.
func hostileLines(seed: UInt64, keywords: [String]) -> [[UInt8]] {
  var lines: [[UInt8]] = [[], [0], [0, 0, 0, 0], [32], [13], [10], [255, 255, 255, 255]]
  lines += (UInt8.min...UInt8.max).map { [$0] }
  for keyword in keywords {
    for octet in UInt8.min...UInt8.max {
      lines.append(keyword.octets + [octet])
      lines.append([octet] + keyword.octets)
    }
    for length in 0..<keyword.utf8.count { lines.append(Array(keyword.octets.prefix(length))) }
    lines.append(keyword.octets + [32] + [UInt8](repeating: 57, count: 5_000))
    lines.append(keyword.octets + [UInt8](repeating: 32, count: 3_000))
  }
  var random = SeededRandom(seed: seed)
  for _ in 0..<3_000 {
    let keyword = Bool.random(using: &random) ? keywords.randomElement(using: &random) ?? "" : ""
    let tail =
      Bool.random(using: &random)
      ? troublesome(&random)
      : (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    lines.append(keyword.octets + tail)
  }
  return lines
}

extension IMAPLiteral {
  static func parse(endOf line: [UInt8]) -> IMAPLiteral? { parse(endOf: line.span) }
}
extension IMAPResponse {
  static func parse(_ line: [UInt8]) -> IMAPResponse? { parse(line.span) }
}
extension POP3Reply {
  static func parse(_ line: [UInt8]) -> POP3Reply? { parse(line.span) }
}
