internal import Bytes
internal import MailProtocols

/// Undoes a Content-Transfer-Encoding (RFC 2045 §6) in pieces cut anywhere, or counts what they stand for: one of the two.
struct TransferDecoder: BitwiseCopyable, Sendable {
  private let encoding: TransferEncoding
  private var base64 = Base64Decoder()
  private var quotedPrintable = QuotedPrintableDecoder()
  private var uuencode = UUDecoder()

  init(_ encoding: TransferEncoding) { self.encoding = encoding }

  /// The number of octets that `octets` stand for.
  @inline(__always) mutating func count(_ octets: Span<UInt8>) -> Int {
    switch encoding {
    case .base64: base64.count(octets)
    case .quotedPrintable: quotedPrintable.count(octets)
    case .uuencode: uuencode.count(octets)
    case .sevenBit, .eightBit, .binary, .unknown: octets.count
    }
  }
  /// The same of base64 from `start` on, as far as it is nothing else; returns where that ends.
  @inline(__always) mutating func countRun(_ octets: Span<UInt8>, from start: Int) -> (end: Int, octetCount: Int) {
    base64.countRun(octets, from: start)
  }
  /// Appends what `octets` stand for.
  mutating func decode(_ octets: Span<UInt8>, into writer: inout ByteWriter) {
    switch encoding {
    case .base64: base64.decode(octets, into: &writer)
    case .quotedPrintable: quotedPrintable.decode(octets, into: &writer)
    case .uuencode: uuencode.decode(octets, into: &writer)
    case .sevenBit, .eightBit, .binary, .unknown: writer.append(octets)
    }
  }
  /// Appends what was held back, at the end.
  mutating func finish(into writer: inout ByteWriter) {
    if encoding == .quotedPrintable { quotedPrintable.finish(into: &writer) }
  }
}
