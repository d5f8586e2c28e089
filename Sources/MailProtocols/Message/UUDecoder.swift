package import Bytes

/// Streaming decoder of a uuencoded body, fed with pieces cut anywhere, line ends included (POSIX.1-2024, uuencode: the
/// historical algorithm).
///
///     begin 644 cat.txt
///     #0V%T                 the first octet, less a blank, counts the octets of the line; 4 octets stand for 3
///     `                     a line of none; ` and blank are both zero
///     end
///
/// What stands outside of `begin` and `end` is nothing. Damage goes as it does in base64: octets that no encoder writes are
/// skipped, and so is what a line holds beyond its count; blanks that a mailer has cut off at its end are zeros.
package struct UUDecoder: BitwiseCopyable, Sendable {
  private enum State: BitwiseCopyable {
    /// At the beginning of a line, or so many octets of `begin ` behind it.
    case seeking(Int)
    /// In a line of which nothing more is read, before `begin` or behind it.
    case passing(isBegun: Bool)
    case lineStart
    /// In a line that still stands for so many octets.
    case line(byteCount: UInt8)
    /// So many octets of `end` have come.
    case ending(Int)
    case finished
  }
  private static let begin: StaticString = "begin "
  private static let end: StaticString = "end"
  private var state = State.seeking(0)
  private var bits: UInt32 = 0
  private var sextetCount: UInt8 = 0

  package init() {}

  /// Appends what `bytes` decodes to.
  package mutating func decode(_ bytes: Span<UInt8>, into writer: inout ByteWriter) { run(bytes, into: &writer) }
  /// The number of octets that `bytes` decodes to, none of them stored.
  package mutating func count(_ bytes: Span<UInt8>) -> Int {
    var counter = OctetCounter()
    run(bytes, into: &counter)
    return counter.count
  }

  private mutating func run<Sink: OctetSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
    for offset in 0..<bytes.count { receive(bytes[offset], &sink) }
  }
  private mutating func receive<Sink: OctetSink & ~Copyable>(_ octet: UInt8, _ sink: inout Sink) {
    let isLineEnd = octet == ASCII.lineFeed
    switch state {
    case .seeking(let count):
      if isLineEnd {
        state = .seeking(0)
      } else if !Self.continues(Self.begin, count, octet) {
        state = .passing(isBegun: false)
      } else {
        state = count + 1 == Self.begin.utf8CodeUnitCount ? .passing(isBegun: true) : .seeking(count + 1)
      }
    case .passing(let isBegun): if isLineEnd { state = isBegun ? .lineStart : .seeking(0) }
    case .lineStart: beginLine(octet)
    case .line(let byteCount):
      if isLineEnd {
        var rest = byteCount
        while rest > 0 { rest = take(0, of: rest, &sink) }
        state = .lineStart
      } else if let sextet = Self.sextet(octet) {
        let rest = take(sextet, of: byteCount, &sink)
        state = rest > 0 ? .line(byteCount: rest) : .passing(isBegun: true)
      }
    case .ending(let count):
      if count == Self.end.utf8CodeUnitCount, isLineEnd || octet == ASCII.carriageReturn || ASCII.isBlank(octet) {
        state = .finished
      } else if isLineEnd {
        state = .lineStart
      } else {
        state = Self.continues(Self.end, count, octet) ? .ending(count + 1) : .passing(isBegun: true)
      }
    case .finished: break
    }
  }
  private mutating func beginLine(_ octet: UInt8) {
    if octet == ASCII.lineFeed || octet == ASCII.carriageReturn { return }
    (bits, sextetCount) = (0, 0)
    if let byteCount = Self.sextet(octet) {
      state = byteCount > 0 ? .line(byteCount: byteCount) : .passing(isBegun: true)
    } else {
      state = Self.continues(Self.end, 0, octet) ? .ending(1) : .passing(isBegun: true)
    }
  }
  /// Takes a sextet of a line that stands for `byteCount` more octets; returns for how many behind it.
  private mutating func take<Sink: OctetSink & ~Copyable>(
    _ sextet: UInt8, of byteCount: UInt8, _ sink: inout Sink
  ) -> UInt8 {
    bits = bits &<< 6 | UInt32(sextet)
    sextetCount = (sextetCount &+ 1) & 3
    // After 1, 2, 3 and 4 sextets 0, 4, 2 and 0 bits are left over; the first completes no octet.
    if sextetCount == 1 { return byteCount }
    sink.append(UInt8(truncatingIfNeeded: bits &>> UInt32((4 &- sextetCount) & 3 &* 2)))
    return byteCount &- 1
  }
  private static func sextet(_ octet: UInt8) -> UInt8? {
    octet >= ASCII.space && octet <= UInt8(ascii: "`") ? (octet &- ASCII.space) & 63 : nil
  }
  private static func continues(_ word: StaticString, _ count: Int, _ octet: UInt8) -> Bool {
    guard count < word.utf8CodeUnitCount else { return false }
    return unsafe word.utf8Start[count] == octet
  }
}
