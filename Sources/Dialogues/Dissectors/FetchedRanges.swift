internal import Bytes

/// A message, or a part of one, that a client fetches range by range (RFC 9051 §6.4.5.1), as some do with large ones:
///
///     C: 5 UID FETCH 7 BODY.PEEK[]<0.65536>
///     S: * 3 FETCH (UID 7 BODY[]<0> {65536}
///     C: 6 UID FETCH 7 BODY.PEEK[]<65536.65536>
///     S: * 3 FETCH (UID 7 BODY[]<65536> {1200}
///
/// A range that brings as much as was asked for may be followed by the next; one that brings less is the last. A client that
/// asks for less than before knows the size, from BODYSTRUCTURE, and most likely asks for the rest.
struct FetchedRanges: BitwiseCopyable {
  /// Longer names of sections are not put together.
  private static let sectionLimit = 32
  /// Of so many ranges it is remembered how much was asked for: those of a command, or of some that do not wait.
  private static var askedLimit: Int { 8 }
  /// A range that the client asks for: `BODY.PEEK[1]<0.100>`.
  private struct Asked: BitwiseCopyable {
    var section: UInt64 = 0
    var origin: UInt64 = 0
    var byteCount: UInt64 = 0
  }

  private var number: UInt64 = 0
  private var section = InlineArray<32, UInt8>(repeating: 0)
  private var sectionByteCount = 0
  /// Where the next range begins; nil where the literal under way, or the last, is none that another can follow.
  private var end: UInt64?
  /// What the client asked for, the latest last behind `askedCount`, which goes round.
  private var asked = InlineArray<8, Asked>(repeating: Asked())
  private var askedCount = 0
  /// How much the client asked for of the literal under way, or the last; nil where that was not captured.
  private var askedByteCount: UInt64?
  private var byteCount: UInt64 = 0
  /// The client has asked for less than for the range before.
  private var asksForRest = false
  /// Ranges that the message consists of so far.
  private(set) var count: UInt16 = 0
  /// The message is open, and its next range has not begun.
  private(set) var isWaiting = false

  /// What is over with a range.
  enum Ending {
    case range(isLikelyLast: Bool)
    case message
  }

  /// The client asks for something: of each section that it names, for a range of its own.
  mutating func heard(_ command: Span<UInt8>) {
    var from = 0
    while let open = command.firstOffset(of: UInt8(ascii: "<"), from: from) {
      from = open + 1
      var offset = open + 1
      guard let origin = Self.number(command, from: &offset), offset < command.count, command[offset] == ASCII.dot
      else { continue }
      offset += 1
      guard let byteCount = Self.number(command, from: &offset) else { continue }
      let label = IMAPDissector.label(before: open, of: command)
      let section = Self.hash(command.extracting(command.bounds(label)))
      if isWaiting, section == Self.hash(self.section.span.extracting(0..<sectionByteCount)) {
        asksForRest = byteCount < askedByteCount ?? 0
      }
      asked[askedCount % Self.askedLimit] = Asked(section: section, origin: origin, byteCount: byteCount)
      // Once all places are taken, it stays between one round and two.
      askedCount += 1
      if askedCount == 2 * Self.askedLimit { askedCount = Self.askedLimit }
    }
  }
  /// How much was asked for of a range; of one that is not known, how much of the section lastly.
  private func askedByteCount(_ section: UInt64, _ origin: UInt64) -> UInt64? {
    var ofSection: UInt64?
    for age in 1..<min(askedCount, Self.askedLimit) + 1 {
      let range = asked[(askedCount - age) % Self.askedLimit]
      guard range.section == section else { continue }
      if range.origin == origin { return range.byteCount }
      ofSection = ofSection ?? range.byteCount
    }
    return ofSection
  }
  /// Of a section's name as it is asked for or sent: in any case, with quotes or without, `BODY.PEEK` as `BODY`.
  private static func hash(_ section: Span<UInt8>) -> UInt64 {
    var hash = OctetHash()
    var offset = 0
    while offset < section.count {
      if section.startsIgnoringCase(with: ".peek[", at: offset) { offset += 5 }
      if section[offset] != UInt8(ascii: "\"") { hash.add(ASCII.lowercased(section[offset])) }
      offset += 1
    }
    return hash.value
  }
  /// A literal of `byteCount` octets begins, of the message with this `number`; true when it continues the one before.
  mutating func begin(_ label: Span<UInt8>, of number: Span<UInt8>, byteCount: UInt64) -> Bool {
    let range = Self.range(label)
    var digits = 0
    let number = Self.number(number, from: &digits)
    let continues =
      isWaiting && number == self.number && range != nil && range?.origin == end && label.count >= sectionByteCount
      && isSection(label.extracting(0..<(range?.sectionEnd ?? 0)))
    isWaiting = false
    self.byteCount = byteCount
    askedByteCount = range.flatMap { askedByteCount(Self.hash(label.extracting(0..<$0.sectionEnd)), $0.origin) }
    if continues {
      end = end.map { $0 &+ byteCount }
      if count < .max { count += 1 }
      return true
    }
    count = 1
    end = nil
    asksForRest = false
    guard let range, range.origin == 0, range.sectionEnd <= Self.sectionLimit, let number else { return false }
    self.number = number
    sectionByteCount = range.sectionEnd
    for offset in 0..<range.sectionEnd { section[offset] = ASCII.lowercased(label[offset]) }
    end = byteCount
    return false
  }
  /// The literal is over.
  mutating func finishLiteral() -> Ending {
    guard end != nil, askedByteCount.map({ byteCount >= $0 }) ?? true else { return .message }
    isWaiting = true
    defer { asksForRest = false }
    return .range(isLikelyLast: asksForRest)
  }
  /// A response without a literal, which may say that nothing is left: `* 3 FETCH (BODY[]<65536> NIL)`. True when it does.
  mutating func isFinished(by response: Span<UInt8>, of number: Span<UInt8>) -> Bool {
    var digits = 0
    guard isWaiting, let end, Self.number(number, from: &digits) == self.number else { return false }
    var from = 0
    while let open = response.firstOffset(of: UInt8(ascii: "<"), from: from) {
      var offset = open + 1
      if Self.number(response, from: &offset) == end, open >= sectionByteCount,
        isSection(response.extracting(open - sectionByteCount..<open)),
        response.startsIgnoringCase(with: "> nil", at: offset)
      {
        isWaiting = false
        return true
      }
      from = open + 1
    }
    return false
  }
  /// Something else begins: what waits will not go on.
  mutating func abandon() {
    isWaiting = false
    end = nil
  }

  private func isSection(_ name: Span<UInt8>) -> Bool {
    guard name.count == sectionByteCount else { return false }
    for offset in name.indices where ASCII.lowercased(name[offset]) != section[offset] { return false }
    return true
  }
  /// Of `BODY[1]<65536>` where the section's name ends, and where the range begins.
  static func range(_ label: Span<UInt8>) -> (sectionEnd: Int, origin: UInt64)? {
    guard label.count > 3, label[label.count - 1] == UInt8(ascii: ">") else { return nil }
    var start = label.count - 1
    while start > 0, ASCII.isDigit(label[start - 1]) { start -= 1 }
    guard start > 1, label[start - 1] == UInt8(ascii: "<"), label[start - 2] == UInt8(ascii: "]") else { return nil }
    var offset = start
    return Self.number(label, from: &offset).map { (start - 1, $0) }
  }
  /// The decimal number at `offset`, which is moved behind it; nil where there is none, or a larger than any message.
  private static func number(_ octets: Span<UInt8>, from offset: inout Int) -> UInt64? {
    let start = offset
    var number: UInt64 = 0
    while offset < octets.count, ASCII.isDigit(octets[offset]), offset - start < 19 {
      number = number * 10 + UInt64(octets[offset] - UInt8(ascii: "0"))
      offset += 1
    }
    return offset > start ? number : nil
  }
}
