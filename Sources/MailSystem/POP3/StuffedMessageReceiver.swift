internal import Bytes

/// Takes a message as RETR sends it: it ends with CRLF.CRLF and with nothing else, and the dots of its stuffing are taken
/// away (RFC 1939 §3). Whatever else is in it is the sender's affair, and is kept as it is.
///
///     S: .. two dots CRLF . CRLF    →    . two dots CRLF
struct StuffedMessageReceiver: Sendable {
  private enum Held: Sendable { case nothing, dot, dotAndReturn }

  private(set) var octets: [UInt8] = []
  private(set) var isOver = false
  /// More came than may; what came is thrown away.
  private(set) var isTooLarge = false
  private let byteLimit: Int
  /// Whether the next octet begins a line: what came before ended with CRLF.
  private var isAtLineStart = true
  /// The beginning of a line that is not yet decided.
  private var held = Held.nothing

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// Takes octets until the message ends; returns how many.
  mutating func receive(_ bytes: Span<UInt8>) -> Int {
    var offset = 0
    while offset < bytes.count, !isOver, !isTooLarge {
      let octet = bytes[offset]
      switch held {
      case .nothing where isAtLineStart && octet == ASCII.dot:
        held = .dot
        isAtLineStart = false
        offset += 1
      case .nothing:
        let end = bytes.firstOffset(of: ASCII.lineFeed, from: offset).map { $0 + 1 } ?? bytes.count
        keep(bytes.extracting(offset..<end))
        offset = end
      case .dot:
        // A dot and something else: the dot was stuffing.
        held = octet == ASCII.carriageReturn ? .dotAndReturn : .nothing
        if octet == ASCII.carriageReturn { offset += 1 }
      case .dotAndReturn:
        if octet == ASCII.lineFeed {
          isOver = true
          offset += 1
        } else {
          keep([ASCII.carriageReturn].span)
        }
        held = .nothing
      }
    }
    return offset
  }
  private mutating func keep(_ piece: Span<UInt8>) {
    guard piece.count <= byteLimit - octets.count else {
      isTooLarge = true
      octets = []
      return
    }
    for offset in piece.indices { octets.append(piece[offset]) }
    isAtLineStart = octets.count >= 2 && octets[octets.count - 1] == 10 && octets[octets.count - 2] == 13
  }
}
