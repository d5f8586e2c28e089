import Bytes
import Packets
import Streams

/// The input is a script of segments of four connections, straight into the reassembler.
///
///     input   = options *segment
///     segment = header [control] [sequence-high sequence-low] [acknowledgement] [length] [timestamp] [extra]
///
/// Bits of `options`: 0–2 the overlap policy, 3 the segments come from fragments, so that no frame has their octets.
/// Bits of `header`: 0 the direction, 1–2 the connection, and whether there follows: 3 a sequence number, as a distance
/// from the next one, 4 an acknowledgement number, as a distance from what the other side sent, 5 a length (else there
/// are no octets), 6 a `control`, 7 a timestamp option. Bits of `control`: 0 FIN, 1 SYN, 2 RST, 3 no ACK, 4 URG,
/// 5 the window is closed, 6 other octets than the first time, 7 an `extra` follows: 0–3 octets that were not captured,
/// 4–7 how long it was silent before, both as powers of two.
enum ReassemblyTarget {
  /// A segment as it is written in the script.
  private struct Line {
    var header: UInt8 = 0
    var control: UInt8 = 0
    var sequenceDistance = 0
    var acknowledgementDistance = 0
    var byteCount = 0
    var timestampDistance: Int?
    var extra: UInt8 = 0

    var direction: Int { Int(header & 1) }
    var connection: Int { Int(header >> 1 & 3) }
    var flags: UInt8 { control & 7 | (control & 8 != 0 ? 0 : 16) | (control & 16 != 0 ? 32 : 0) }
    var uncapturedByteCount: UInt32 { extra & 15 == 0 ? 0 : 1 << UInt32(extra & 15 - 1) }
    var silence: Int64 { 1_000_000 << Int64(extra >> 4 * 2) }

    init(_ octets: [UInt8], _ position: inout Int) {
      func next() -> UInt8 {
        guard position < octets.count else { return 0 }
        position += 1
        return octets[position - 1]
      }
      header = next()
      if header & 64 != 0 { control = next() }
      if header & 8 != 0 {
        let number = Int(Int16(bitPattern: UInt16(next()) << 8 | UInt16(next())))
        // The lowest two bits say how far it reaches: 8 KiB, 1 MiB, or beyond every window.
        sequenceDistance = (number >> 2) << [0, 0, 7, 14][number & 3]
      }
      if header & 16 != 0 { acknowledgementDistance = Int(Int8(bitPattern: next())) }
      if acknowledgementDistance > 64 { acknowledgementDistance = (acknowledgementDistance - 64) << 8 }
      if header & 32 != 0 {
        let length = Int(next())
        byteCount = length < 192 ? length + 1 : (length - 191) * 64
      }
      if header & 128 != 0 {
        let distance = Int(Int8(bitPattern: next()))
        timestampDistance = distance & 1 == 0 ? distance / 2 : distance << 22
      }
      if control & 128 != 0 { extra = next() }
    }
  }

  static func run(_ octets: [UInt8]) {
    guard let options = octets.first else { return }
    var reassembler = Reassembler(sink: StreamChecks())
    reassembler.overlapPolicy = OverlapPolicy.allCases[Int(options & 7) % OverlapPolicy.allCases.count]
    reassembler.sink.expect(octets.count)
    var nextNumbers = InlineArray<8, UInt32> { 0xFFFF_F800 &+ UInt32($0) &* 0x3000_0000 }
    var now = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
    var frame: UInt32 = 0
    var position = 1
    while position < octets.count {
      let line = Line(octets, &position)
      let side = line.connection * 2 + line.direction
      now.nanoseconds += line.silence
      frame += 1
      var segment = Templates.all[side]
      segment.sequenceNumber = nextNumbers[side] &+ UInt32(truncatingIfNeeded: line.sequenceDistance)
      segment.acknowledgementNumber = nextNumbers[side ^ 1] &+ UInt32(truncatingIfNeeded: line.acknowledgementDistance)
      segment.frame = frame
      segment.frameOffset = options & 8 != 0 ? -1 : StreamChecks.frameOffset
      segment.uncapturedByteCount = line.uncapturedByteCount
      segment.flags = line.flags
      segment.window = line.control & 32 != 0 ? 0 : 1_000
      segment.hasTimestampValue = line.timestampDistance != nil
      segment.timestampValue =
        line.timestampDistance.map { UInt32(truncatingIfNeeded: Int(now.nanoseconds / 1_000_000) + $0) } ?? 0
      segment.timestamp = now
      if line.sequenceDistance == 0 || line.control & 2 != 0 {
        nextNumbers[side] =
          segment.sequenceNumber &+ UInt32(line.byteCount) &+ segment.uncapturedByteCount
          &+ (segment.isSynchronize ? 1 : 0) &+ (segment.isFinish ? 1 : 0)
      }
      let sent = StreamChecks.Sent(
        number: segment.sequenceNumber &+ (segment.isSynchronize ? 1 : 0), byteCount: line.byteCount,
        isOther: line.control & 64 != 0)
      reassembler.sink.sent.append(sent)
      let content = StreamChecks.content(isOther: sent.isOther)
      reassembler.receive(segment, payload: content.span.extracting(sent.contentRange))
    }
    reassembler.finish()
    reassembler.sink.check(reassembler.irregularities, flowCount: reassembler.flowCount)
    precondition(reassembler.evictedCount == 0, "four connections are too many")
  }
}

/// A segment of each direction of four connections, from real packets: only the decoder makes them.
private enum Templates {
  static let all: [TCPSegment] = (0..<8).map { side in
    let client: [UInt8] = [192, 0, 2, 1]
    let server: [UInt8] = [192, 0, 2, 2]
    let ports: [UInt8] = side & 1 == 0 ? [0x9C, UInt8(0x40 + side / 2), 0, 25] : [0, 25, 0x9C, UInt8(0x40 + side / 2)]
    let packet: [UInt8] =
      [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]  // Ethernet
      + [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0] + (side & 1 == 0 ? client + server : server + client)  // IPv4
      + ports + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x10, 255, 255, 0, 0, 0, 0]  // TCP
    var decoder = FrameDecoder(sink: LastSegment())
    decoder.receive(
      packet.span,
      PacketHeader(
        frame: 1, linkType: .ethernet, timestamp: Timestamp(nanoseconds: 0), originalByteCount: UInt32(packet.count)))
    guard let segment = decoder.sink.segment else { fatalError("the template is no segment") }
    return segment
  }
}

private struct LastSegment: SegmentSink, ~Copyable {
  var segment: TCPSegment?
  mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) { self.segment = copy segment }
  mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {}
  mutating func idle() {}
}
