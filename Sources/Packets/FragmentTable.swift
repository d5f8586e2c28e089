internal import Bytes

/// What fragments of one datagram have in common (RFC 791 §3.2, RFC 8200 §4.5).
struct FragmentKey: Hashable {
  var sourceHigh: UInt64
  var sourceLow: UInt64
  var destinationHigh: UInt64
  var destinationLow: UInt64
  var identification: UInt32
  /// The VLANs, and the address family in the lowest bit.
  var path: UInt32
}

/// Datagrams that wait for fragments; the oldest give way when there are too many.
///
/// First data wins where IPv4 fragments overlap; an IPv6 datagram with overlapping fragments is dropped (RFC 5722).
@usableFromInline struct FragmentTable {
  enum Outcome {
    case waiting
    case dropped
    /// The datagram's payload, whole.
    case complete([UInt8])
  }
  private struct Datagram {
    var pieces: [(offset: Int, octets: [UInt8])] = []
    var byteCount = 0
    /// The payload's length, once the last fragment is here.
    var length: Int?
    var isPoisoned = false
    var serial: UInt64
  }

  private var datagrams: [FragmentKey: Datagram] = [:]
  private var heldByteCount = 0
  private var serial: UInt64 = 0

  @usableFromInline init() {}

  mutating func receive(_ octets: Span<UInt8>, key: FragmentKey, offset: Int, isLast: Bool) -> Outcome {
    var datagram = datagrams.removeValue(forKey: key) ?? begin()
    heldByteCount -= datagram.byteCount
    let outcome = add(octets, to: &datagram, isIPv6: key.path & 1 != 0, offset: offset, isLast: isLast)
    if case .complete = outcome { return outcome }
    heldByteCount += datagram.byteCount
    datagrams[key] = datagram
    return outcome
  }
  private mutating func begin() -> Datagram {
    if datagrams.count >= PacketLimits.fragmentedDatagramCount || heldByteCount >= PacketLimits.fragmentByteCount {
      evict()
    }
    serial += 1
    return Datagram(serial: serial)
  }
  /// Drops the older half, so that the cost of looking for the oldest is shared by many.
  private mutating func evict() {
    let limit = serial - UInt64(datagrams.count / 2)
    datagrams = datagrams.filter { $0.value.serial > limit }
    heldByteCount = datagrams.values.reduce(0) { $0 + $1.byteCount }
  }
  private func add(
    _ octets: Span<UInt8>, to datagram: inout Datagram, isIPv6: Bool, offset: Int, isLast: Bool
  ) -> Outcome {
    let end = offset + octets.count
    guard !datagram.isPoisoned, end <= 65_535, datagram.pieces.count < PacketLimits.fragmentsPerDatagram else {
      return .dropped
    }
    let overlaps = datagram.pieces.contains { offset < $0.offset + $0.octets.count && $0.offset < end }
    if overlaps && isIPv6 {
      let isRepeated = datagram.pieces.contains { $0.offset == offset && $0.octets.count == octets.count }
      if !isRepeated {
        datagram.isPoisoned = true
        datagram.pieces = []
        datagram.byteCount = 0
      }
      return .dropped
    }
    datagram.pieces.append((offset, octets.copied()))
    datagram.byteCount += octets.count
    if isLast, datagram.length == nil { datagram.length = end }
    guard let length = datagram.length, datagram.byteCount >= length else { return .waiting }
    return assemble(datagram, length: length)
  }
  /// Lays the pieces out, the latest first, so that the first to arrive has the last word.
  private func assemble(_ datagram: Datagram, length: Int) -> Outcome {
    var payload = [UInt8](repeating: 0, count: length)
    var isPresent = [Bool](repeating: false, count: length)
    for piece in datagram.pieces.reversed() {
      for (index, octet) in piece.octets.enumerated() where piece.offset + index < length {
        payload[piece.offset + index] = octet
        isPresent[piece.offset + index] = true
      }
    }
    return isPresent.allSatisfy { $0 } ? .complete(payload) : .waiting
  }
}
