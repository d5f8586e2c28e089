internal import Bytes

/// The options at the end of a pcapng block (§3.5): code, length, value, filled to words; then the end of options.
struct PCAPNGOptions {
  /// The longest value that an option's length can tell.
  static let maximumValueByteCount = 65_535

  private(set) var octets: [UInt8] = []
  let byteOrder: ByteOrder

  init(_ byteOrder: ByteOrder) { self.byteOrder = byteOrder }

  /// Adds an option; of a value that is too long what fits.
  mutating func add(_ code: PCAPNGOption, _ value: some Collection<UInt8>) {
    let value = value.prefix(Self.maximumValueByteCount)
    octets += Self.number(code.rawValue, byteOrder) + Self.number(UInt16(value.count), byteOrder) + value
    octets += [UInt8](repeating: 0, count: -value.count & 3)
  }
  /// Adds text, if there is any; text that is too long ends before the character that does not fit.
  mutating func add(_ code: PCAPNGOption, _ text: String?) {
    guard let text else { return }
    var fitting = Substring(text)
    while fitting.utf8.count > Self.maximumValueByteCount { fitting.removeLast() }
    add(code, fitting.utf8)
  }
  mutating func add(_ code: PCAPNGOption, _ texts: [String]) { for text in texts { add(code, text) } }
  /// Adds a number, if there is one.
  mutating func add(_ code: PCAPNGOption, number: (some FixedWidthInteger)?) {
    if let number { add(code, Self.number(number, byteOrder)) }
  }
  /// Adds a moment in the interface's unit: its upper half before its lower, in any byte order.
  mutating func add(_ code: PCAPNGOption, units: UInt64?) {
    guard let units else { return }
    add(
      code,
      Self.number(UInt32(units >> 32), byteOrder) + Self.number(UInt32(truncatingIfNeeded: units), byteOrder))
  }
  /// What stands in the block: nothing at all, or the options with their end.
  var encoded: [UInt8] { octets.isEmpty ? [] : octets + [0, 0, 0, 0] }

  private static func number(_ number: some FixedWidthInteger, _ byteOrder: ByteOrder) -> [UInt8] {
    byteOrder == .bigEndian ? number.networkOctets : number.networkOctets.reversed()
  }
}
