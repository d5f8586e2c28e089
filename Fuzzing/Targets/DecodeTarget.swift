import Bytes
import Packets

/// The input is a few packets of one link type, straight into the decoder.
///
///     input  = options type *packet
///     packet = length-high length-low *octet
///
/// Bits of `options`: 0–1 the checksums (sampled, enforced, ignored, enforced and compared with ignored), 2 the packets
/// come a minute apart, 3 the type is the LINKTYPE_ value itself, else a place in the list of those that are decoded. A
/// length's lower 11 bits are the octets at hand, the upper five say, in steps of 48, how many more were on the wire.
enum DecodeTarget {
  /// Every link type with a layer of its own, and one without.
  private static let linkTypes: [UInt32] = [
    1, 0, 6, 9, 10, 12, 50, 51, 100, 101, 104, 105, 107, 108, 113, 119, 127, 163, 192, 197, 204, 219, 228, 229, 276,
    147,
  ]

  static func run(_ octets: [UInt8]) {
    guard octets.count > 2 else { return }
    let options = octets[0]
    let type = options & 8 != 0 ? UInt32(octets[1]) : linkTypes[Int(octets[1]) % linkTypes.count]
    let linkType = LinkType(rawValue: type)
    switch options & 3 {
    case 0: _ = decode(octets, linkType, .sampled)
    case 1: _ = decode(octets, linkType, .enforced)
    case 2: _ = decode(octets, linkType, .ignored)
    default:
      let all = decode(octets, linkType, .ignored)
      let right = decode(octets, linkType, .enforced)
      precondition(
        right.segments + right.wrongChecksums == all.segments && all.verifiedChecksums == 0,
        "of \(all.segments) segments \(right.segments) pass and \(right.wrongChecksums) do not")
    }
  }
  private static func decode(_ octets: [UInt8], _ linkType: LinkType, _ policy: ChecksumPolicy) -> PacketTally {
    var decoder = FrameDecoder(sink: SegmentChecks())
    decoder.checksums = policy
    let interval: Int64 = octets[0] & 4 != 0 ? 60_000_000_000 : 1_000_000
    var position = 2
    var frame: UInt32 = 0
    while position + 2 <= octets.count {
      let word = Int(octets[position]) << 8 | Int(octets[position + 1])
      position += 2
      let end = min(octets.count, position + word & 0x7FF)
      let packet = octets.span.extracting(position..<end)
      frame += 1
      let header = PacketHeader(
        frame: frame, linkType: linkType, timestamp: Timestamp(nanoseconds: Int64(frame) * interval),
        originalByteCount: UInt32(end - position + (word >> 11) * 48))
      decoder.sink.enter(packet, header)
      decoder.receive(packet, header)
      position = end
    }
    decoder.sink.leave()
    decoder.finish()
    decoder.sink.check(decoder.tally, packetCount: Int(frame))
    return decoder.tally
  }
}
