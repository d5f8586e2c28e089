internal import Bytes
internal import MailProtocols

/// The encodings of a body (RFC 2045 §6).
enum TransferEncoding: Equatable {
  case none, quotedPrintable, base64, unknown

  /// What an entity's header says.
  init(of entity: MIMEStructure, _ octets: Span<UInt8>) {
    self = .none
    guard let value = HeaderFields(octets, entity.header).first("content-transfer-encoding") else { return }
    switch octets.extracting(value).text().lowercased() {
    case "7bit", "8bit", "binary", "": self = .none
    case "quoted-printable": self = .quotedPrintable
    case "base64": self = .base64
    default: self = .unknown
    }
  }
  /// The octets that a body means; nil for an unknown encoding.
  func decode(_ body: Span<UInt8>) -> [UInt8]? {
    switch self {
    case .none: return body.copied()
    case .base64: return Base64.decodeLenient(body)
    case .quotedPrintable:
      var writer = ByteWriter()
      var decoder = QuotedPrintableDecoder()
      decoder.decode(body, into: &writer)
      decoder.finish(into: &writer)
      return writer.withOctets { $0.copied() }
    case .unknown: return nil
    }
  }
}
