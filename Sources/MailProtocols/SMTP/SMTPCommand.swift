/// A client's command (RFC 5321 §4.1.1; AUTH: RFC 4954, STARTTLS: RFC 3207, BDAT: RFC 3030).
///
///     C: MAIL FROM:<alice@example.org> SIZE=1000
///
/// `Text` is what an argument is held as: a range of the line while reading, text while writing.
package enum SMTPCommand<Text> {
  case hello(domain: Text)
  case extendedHello(domain: Text)
  /// LMTP's greeting (RFC 2033 §4.1): what follows is SMTP, but that each recipient has an answer of its own.
  case localHello(domain: Text)
  case mail(reversePath: Text, parameters: Text)
  case recipient(forwardPath: Text, parameters: Text)
  case data
  /// The next `byteCount` octets are message (RFC 3030 §2); `isLast` ends it.
  case binaryData(byteCount: UInt64, isLast: Bool)
  case reset
  case noOperation
  case quit
  case verify(Text)
  case expand(Text)
  case help(Text)
  case startTLS
  case authenticate(mechanism: Text, initialResponse: Text?)
  /// No command of ours; the whole line's first word.
  case unknown(verb: Text)
}

extension SMTPCommand: BitwiseCopyable where Text: BitwiseCopyable {}
extension SMTPCommand: Equatable where Text: Equatable {}
extension SMTPCommand: Sendable where Text: Sendable {}

extension SMTPCommand {
  /// The same command with its arguments held in another way.
  package func map<Other>(_ transform: (Text) -> Other) -> SMTPCommand<Other> {
    switch self {
    case .hello(let domain): .hello(domain: transform(domain))
    case .extendedHello(let domain): .extendedHello(domain: transform(domain))
    case .localHello(let domain): .localHello(domain: transform(domain))
    case .mail(let path, let parameters): .mail(reversePath: transform(path), parameters: transform(parameters))
    case .recipient(let path, let parameters):
      .recipient(forwardPath: transform(path), parameters: transform(parameters))
    case .data: .data
    case .binaryData(let byteCount, let isLast): .binaryData(byteCount: byteCount, isLast: isLast)
    case .reset: .reset
    case .noOperation: .noOperation
    case .quit: .quit
    case .verify(let text): .verify(transform(text))
    case .expand(let text): .expand(transform(text))
    case .help(let text): .help(transform(text))
    case .startTLS: .startTLS
    case .authenticate(let mechanism, let response):
      .authenticate(mechanism: transform(mechanism), initialResponse: response.map(transform))
    case .unknown(let verb): .unknown(verb: transform(verb))
    }
  }
}
