internal import Bytes
internal import MailProtocols

/// The secrets that a conversation's client has said so far: servers repeat what they do not understand.
///
///     C: c2VjcmV0            S: 500 5.5.1 Command unrecognized: "c2VjcmV0"
struct SecretEchoes {
  /// Of one conversation so many are kept, the latest.
  private static let limit = 16
  /// Anything shorter stands everywhere.
  private static let shortest = 4
  private var secrets: [OctetPattern] = []

  /// Keeps what of a client's line is hidden, and the password that its base64 holds.
  mutating func note(_ line: Span<UInt8>, _ record: Record, of dissected: DissectedProtocol) {
    guard let hidden = Redaction.hiddenPart(of: line, record, dissected) else { return }
    let secret = line.extracting(line.bounds(line.trimmed(hidden)))
    keep(secret)
    // PLAIN's password stands behind its second NUL (RFC 4616 §2).
    guard let decoded = Base64.decode(secret), let last = decoded.lastIndex(of: 0) else { return }
    keep(decoded.span.extracting((last + 1)...))
  }
  private mutating func keep(_ secret: Span<UInt8>) {
    if secret.count < Self.shortest { return }
    if secrets.count == Self.limit { secrets.removeFirst() }
    secrets.append(OctetPattern(secret.copied()))
  }
  mutating func removeAll() { secrets.removeAll(keepingCapacity: true) }

  /// A server's line without the secrets in it; nil where there is none.
  func redacted(_ line: Span<UInt8>) -> String? {
    var hidden = secrets.flatMap { $0.places(in: line) }
    if hidden.isEmpty { return nil }
    hidden.sort { $0.lowerBound < $1.lowerBound }
    var written = ByteWriter()
    var kept = 0
    for range in hidden where range.upperBound > kept {
      if range.lowerBound >= kept {
        written.append(line.extracting(kept..<range.lowerBound))
        written.append(Redaction.mask)
      }
      kept = range.upperBound
    }
    written.append(line.extracting(kept...))
    return written.withOctets { $0.text() }
  }
}
