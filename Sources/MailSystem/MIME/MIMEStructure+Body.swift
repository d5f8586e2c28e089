internal import Bytes
internal import MailProtocols

/// A body with its transfer encoding undone (RFC 2045 §6).
extension MIMEStructure {
  /// The octets that the body of an entity without parts means; nil for an unknown encoding.
  package func decodedBody(_ octets: Span<UInt8>) -> [UInt8]? {
    let value = HeaderFields(octets, header).first("content-transfer-encoding")
    let body = octets.extracting(body)
    switch value.map({ TransferEncoding.parse(octets.extracting($0)) }) ?? .sevenBit {
    case .sevenBit, .eightBit, .binary: return body.copied()
    case .base64: return Base64.decodeLenient(body)
    case .quotedPrintable:
      var writer = ByteWriter()
      var decoder = QuotedPrintableDecoder()
      decoder.decode(body, into: &writer)
      decoder.finish(into: &writer)
      return writer.withOctets { $0.copied() }
    // RFC 3516 §4.3: a server undoes the encodings of MIME.
    case .uuencode, .unknown: return nil
    }
  }
}
