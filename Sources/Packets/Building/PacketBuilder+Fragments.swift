/// Datagrams cut into fragments.
extension PacketBuilder {
  /// An IPv6 fragment header and its piece (RFC 8200 §4.5); `offset` in octets.
  package static func fragmentHeader(
    next: UInt8 = 6, offset: Int, hasMore: Bool, identification: UInt32 = 1, payload: [UInt8]
  ) -> [UInt8] {
    [next, 0] + (UInt16(truncatingIfNeeded: offset) & 0xFFF8 | (hasMore ? 1 : 0)).networkOctets
      + identification.networkOctets + payload
  }

  /// Cuts an IPv4 or IPv6 packet into fragments of at most `maximumByteCount` octets each, headers included, as a
  /// router with that MTU does (RFC 791 §3.2), or an IPv6 sender (RFC 8200 §4.5, with `identification`). A packet that
  /// fits is returned as it is.
  package static func fragments(
    of packet: [UInt8], maximumByteCount: Int, identification: UInt32 = 1
  ) -> [[UInt8]] {
    guard packet.count > maximumByteCount else { return [packet] }
    let headerByteCount = isIPv6(packet) ? unfragmentableByteCount(packet).headers + 8 : Int(packet[0] & 15) * 4
    let step = (maximumByteCount - headerByteCount) & ~7
    precondition(step > 0, "no fragment of \(maximumByteCount) octets has room for 8 octets of payload")
    let payloadByteCount = packet.count - headerByteCount + (isIPv6(packet) ? 8 : 0)
    return fragments(
      of: packet, cutAt: Array(stride(from: step, to: payloadByteCount, by: step)), identification: identification)
  }

  /// Cuts an IPv4 or IPv6 packet at offsets of its payload, each a multiple of 8 and above the one before. What is
  /// itself a fragment of IPv4 may be cut again. Only options with the copied flag are in the later fragments
  /// (RFC 791 §3.1).
  package static func fragments(of packet: [UInt8], cutAt cuts: [Int], identification: UInt32 = 1) -> [[UInt8]] {
    isIPv6(packet) ? fragments6(of: packet, cuts, identification) : fragments4(of: packet, cuts)
  }

  private static func fragments4(of packet: [UInt8], _ cuts: [Int]) -> [[UInt8]] {
    let headerByteCount = Int(packet[0] & 15) * 4
    let payload = packet.dropFirst(headerByteCount)
    let field = Int(packet[6]) << 8 | Int(packet[7])
    let copied = copiedOptions(packet[20..<headerByteCount])
    return pieces(payload, cuts).map { offset, piece in
      let isLast = offset + piece.count == payload.count
      var header = Array(packet[..<headerByteCount])
      if offset > 0 {
        header.replaceSubrange(20..., with: copied)
        header[0] = 0x40 | UInt8(5 + copied.count / 4)
      }
      let place = (field & 0x1FFF) + offset / 8
      let flags = field & 0x8000 | (isLast ? field & 0x2000 : 0x2000)
      header.replaceSubrange(2..<4, with: UInt16(truncatingIfNeeded: header.count + piece.count).networkOctets)
      header.replaceSubrange(6..<8, with: UInt16(truncatingIfNeeded: place & 0x1FFF | flags).networkOctets)
      header.replaceSubrange(10..<12, with: [0, 0])
      header.replaceSubrange(10..<12, with: InternetChecksum.of(header).networkOctets)
      return header + piece
    }
  }
  private static func fragments6(of packet: [UInt8], _ cuts: [Int], _ identification: UInt32) -> [[UInt8]] {
    let (headers, nextField) = unfragmentableByteCount(packet)
    let payload = packet.dropFirst(headers)
    return pieces(payload, cuts).map { offset, piece in
      let fragment = fragmentHeader(
        next: packet[nextField], offset: offset, hasMore: offset + piece.count < payload.count,
        identification: identification, payload: piece)
      var header = Array(packet[..<headers])
      header[nextField] = 44
      header.replaceSubrange(
        4..<6, with: UInt16(truncatingIfNeeded: headers - 40 + fragment.count).networkOctets)
      return header + fragment
    }
  }
  private static func pieces(_ payload: ArraySlice<UInt8>, _ cuts: [Int]) -> [(offset: Int, octets: [UInt8])] {
    let edges = [0] + cuts + [payload.count]
    return zip(edges, edges.dropFirst()).map { lower, upper in
      precondition(lower < upper && lower & 7 == 0, "no fragment from \(lower) to \(upper)")
      return (lower, Array(payload[payload.startIndex + lower..<payload.startIndex + upper]))
    }
  }
  /// The octets of the headers that every fragment carries, and where the number of the next header stands
  /// (RFC 8200 §4.5): up to a routing header, else up to hop-by-hop options.
  private static func unfragmentableByteCount(_ packet: [UInt8]) -> (headers: Int, nextField: Int) {
    var (headers, nextField) = (40, 6)
    var position = 40
    var field = 6
    while [0, 43, 60].contains(packet[field]), position + 8 <= packet.count {
      let isRouteOrHop = packet[field] != 60
      field = position
      position += (Int(packet[position + 1]) + 1) * 8
      if isRouteOrHop { (headers, nextField) = (position, field) }
    }
    return (headers, nextField)
  }
  /// The options whose copied flag is set, padded to whole words.
  private static func copiedOptions(_ options: ArraySlice<UInt8>) -> [UInt8] {
    var copied: [UInt8] = []
    var position = options.startIndex
    while position < options.endIndex, options[position] != 0 {
      let byteCount = options[position] == 1 || position + 1 == options.endIndex ? 1 : Int(options[position + 1])
      let end = min(options.endIndex, position + max(1, byteCount))
      if options[position] & 0x80 != 0 { copied += options[position..<end] }
      position = end
    }
    return copied + [UInt8](repeating: 0, count: -copied.count & 3)
  }
}
