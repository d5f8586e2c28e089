internal import Bytes

/// Takes a message in chunks (BDAT, RFC 3030).
struct ChunkReceiver: Sendable {
  private(set) var octets: [UInt8] = []
  /// Whether more came than may.
  private(set) var isTooLarge = false
  /// Whether the chunk under way is the last.
  var isLast = false
  private let byteLimit: Int

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  mutating func receive(_ bytes: Span<UInt8>) {
    if isTooLarge || octets.count + bytes.count > byteLimit {
      isTooLarge = true
      octets = []
    } else {
      octets.append(contentsOf: bytes.copied())
    }
  }
  /// What is wrong with the message. Without BINARYMIME it is made of lines (RFC 3030 §3), and a bare LF or CR would
  /// travel on into a DATA where it means something else.
  var fault: MessageReceiver.Fault? {
    if isTooLarge { return .tooLarge }
    var receiver = MessageReceiver(byteLimit: byteLimit)
    // Each line is given behind a dot, which is stuffing, so that none ends the message.
    var start = 0
    while start < octets.count, receiver.fault == nil {
      let end = octets.span.firstOffset(of: ASCII.lineFeed, from: start).map { $0 + 1 } ?? octets.count
      _ = receiver.receive([ASCII.dot].span)
      _ = receiver.receive(octets.span.extracting(start..<end))
      start = end
    }
    return receiver.fault
  }
}
