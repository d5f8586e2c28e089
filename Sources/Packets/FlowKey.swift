public import Bytes

/// Two endpoints and the path between them, the smaller endpoint first, so that both directions share one key.
///
/// An IPv4 address stands in the low half, with `isIPv6` telling the families apart.
public struct FlowKey: BitwiseCopyable, Equatable, Sendable {
  /// The lower endpoint's port in the highest 16 bits, the upper one's below; then the VLANs and tunnels that the packets
  /// travelled, mixed into one number (`LayerWalk.enter`), with the address family in the lowest bit.
  @usableFromInline var portsAndPath: UInt64
  @usableFromInline var lowerHigh: UInt64
  @usableFromInline var lowerLow: UInt64
  @usableFromInline var upperHigh: UInt64
  @usableFromInline var upperLow: UInt64

  @inlinable @inline(__always)
  init(lowerHigh: UInt64, lowerLow: UInt64, upperHigh: UInt64, upperLow: UInt64, ports: UInt32, path: UInt32) {
    portsAndPath = UInt64(ports) << 32 | UInt64(path)
    self.lowerHigh = lowerHigh
    self.lowerLow = lowerLow
    self.upperHigh = upperHigh
    self.upperLow = upperLow
  }
  @inlinable @inline(__always) var isIPv6: Bool { portsAndPath & 1 != 0 }
  /// A hash of the whole key under `seed`, which keeps chosen tuples from colliding: whatever is multiplied is secret
  /// first, so that nobody can choose a factor of 0, or two addresses that look alike once they are folded.
  @inlinable @inline(__always) public func hash(seed: UInt64) -> UInt32 {
    let second = seed.byteSwapped ^ 0xA076_1D64_78BD_642F
    var (lower, upper) = (lowerLow, upperLow)
    if isIPv6 {
      lower = Self.mix(lowerHigh ^ second, lowerLow ^ seed)
      upper = Self.mix(upperHigh ^ second, upperLow ^ seed)
    }
    return UInt32(truncatingIfNeeded: Self.mix(Self.mix(lower ^ seed, upper ^ second), portsAndPath ^ second &+ seed))
  }
  @inlinable @inline(__always) static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
  /// The number of the path, 0 when the packets travelled through no VLAN and no tunnel.
  public var pathNumber: UInt32 { UInt32(truncatingIfNeeded: portsAndPath) & ~1 }
  /// The endpoint that sends in `direction` (0: the lower one).
  public func endpoint(_ direction: Int) -> Endpoint {
    let isLower = direction == 0
    return Endpoint(
      high: isLower ? lowerHigh : upperHigh, low: isLower ? lowerLow : upperLow, isIPv6: isIPv6,
      port: port(direction))
  }
  /// The port of the endpoint that sends in `direction`.
  func port(_ direction: Int) -> UInt16 { UInt16(truncatingIfNeeded: portsAndPath >> (direction == 0 ? 48 : 32)) }
}

/// An address and a port.
public struct Endpoint: BitwiseCopyable, Equatable, Sendable {
  /// The address's octets as they stand in the packet; an IPv4 address fills the first four of `low`.
  public var high: UInt64
  public var low: UInt64
  public var isIPv6: Bool
  public var port: UInt16

  public init(high: UInt64, low: UInt64, isIPv6: Bool, port: UInt16) {
    self.high = high
    self.low = low
    self.isIPv6 = isIPv6
    self.port = port
  }
  /// Appends the address as text: dotted decimal, or RFC 5952's form.
  public func appendAddress(to writer: inout ByteWriter) {
    if isIPv6 { appendIPv6(to: &writer) } else { appendIPv4(UInt32(truncatingIfNeeded: low), to: &writer) }
  }
  private func appendIPv4(_ address: UInt32, to writer: inout ByteWriter) {
    let octets = UInt32(bigEndian: address)
    for position in 0..<4 {
      if position > 0 { writer.append(ASCII.dot) }
      writer.append(decimal: UInt(octets >> UInt32(24 - 8 * position) & 255))
    }
  }
  /// RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as `::`.
  private func appendIPv6(to writer: inout ByteWriter) {
    let halves = (UInt64(bigEndian: high), UInt64(bigEndian: low))
    func group(_ index: Int) -> UInt64 { ((index < 4 ? halves.0 : halves.1) >> UInt64(48 - 16 * (index & 3))) & 0xFFFF }
    if halves.0 == 0, halves.1 >> 32 == 0xFFFF {
      writer.append("::ffff:")
      return appendIPv4(UInt32(truncatingIfNeeded: low >> 32), to: &writer)
    }
    var longest = (start: 8, count: 1)
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, group(end) == 0 { end += 1 }
      if end - index > longest.count { longest = (index, end - index) }
      index = max(end, index + 1)
    }
    index = 0
    while index < 8 {
      if index == longest.start {
        writer.append("::")
        index += longest.count
        continue
      }
      if index > 0, index != longest.start + longest.count || longest.start == 8 { writer.append(UInt8(ascii: ":")) }
      writer.append(hexadecimal: group(index))
      index += 1
    }
  }
}
