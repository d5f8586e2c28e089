import Bytes
import Packets
import Streams

/// Watches over the contract of `StreamSink`, and knows every segment that was sent: octets must be those of the frame
/// that is named for them, and lie where their sequence number says.
struct StreamChecks: StreamSink, ~Copyable {
  /// One segment of the script; its frame is its place in the list, from 1.
  struct Sent {
    /// The sequence number of its first octet.
    var number: UInt32
    var byteCount: Int
    var isOther: Bool

    var contentRange: Range<Int> { Int(number & 1023)..<Int(number & 1023) + byteCount }
  }
  /// Where every payload begins in its frame, if it does.
  static let frameOffset: Int32 = 54
  var sent: [Sent] = []

  /// What was told of one direction.
  private struct Side {
    var offset: UInt64 = 0
    var byteCount: UInt64 = 0
    var gapByteCount: UInt64 = 0
    /// The sequence number at offset 0, once it is known.
    var base: UInt32?
  }
  private struct Told {
    var isOpen = false
    var streamNumber: UInt32 = 0
    var sides = InlineArray<2, Side>(repeating: Side())
  }
  /// By the reassembler's number of the flow: at most four connections have one at a time.
  private var flows = InlineArray<16, Told>(repeating: Told())
  private var openCount = 0
  /// Remarks on every connection's two directions, by its number.
  private var remarkCounts: [UInt32] = []
  private var remarkKinds = InlineArray<64, UInt64>(repeating: 0)
  private var lastRemark: StreamRemark?

  /// Makes room for a script of `octetCount`.
  mutating func expect(_ octetCount: Int) {
    sent.reserveCapacity(octetCount)
    remarkCounts.reserveCapacity(octetCount)
  }

  mutating func begin(flow: Int, _ summary: FlowSummary) {
    precondition(!flows[flow].isOpen, "begun twice")
    flows[flow] = Told(isOpen: true, streamNumber: summary.streamNumber)
    openCount += 1
    precondition(openCount <= 4, "\(openCount) connections of four")
    check(summary)
  }
  mutating func receive(_ bytes: Span<UInt8>, at position: StreamPosition) {
    precondition(bytes.count > 0, "no octets")
    let side = advance(position, by: bytes.count)
    flows[position.flow].sides[position.direction].byteCount += UInt64(bytes.count)
    let sent = self.sent[Int(position.frame) - 1]
    var start: Int?
    if position.frameOffset >= 0 { start = Int(position.frameOffset - Self.frameOffset) }
    if let base = side.base {
      let place = Int(Int32(bitPattern: base &+ UInt32(truncatingIfNeeded: position.offset) &- sent.number))
      precondition(start == nil || start == place, "octets of place \(place) are said to lie at \(start ?? -1)")
      start = place
    }
    guard let start else { return }
    precondition(
      start >= 0 && start + bytes.count <= sent.byteCount,
      "\(bytes.count) octets at \(start) of a segment of \(sent.byteCount)")
    flows[position.flow].sides[position.direction].base =
      sent.number &+ UInt32(start) &- UInt32(truncatingIfNeeded: position.offset)
    let content = Self.content(isOther: sent.isOther)
    let first = sent.contentRange.lowerBound + start
    for index in 0..<bytes.count where bytes[index] != content[first + index] {
      fatalError("octet \(index) of frame \(position.frame) is another")
    }
  }
  mutating func gap(byteCount: Int, at position: StreamPosition) {
    precondition(byteCount > 0, "a gap of \(byteCount)")
    _ = advance(position, by: byteCount)
    flows[position.flow].sides[position.direction].gapByteCount += UInt64(byteCount)
    guard let remark = lastRemark, remark.irregularity == .segmentLost else { fatalError("a gap without a remark") }
    precondition(
      remark.byteCount == byteCount && remark.offset == position.offset && remark.direction == position.direction
        && remark.streamNumber == flows[position.flow].streamNumber, "the remark is of another gap")
  }
  mutating func finish(flow: Int, _ summary: FlowSummary, remarks: borrowing RemarkBook) {
    precondition(flows[flow].isOpen, "finished without a beginning")
    precondition(flows[flow].streamNumber == summary.streamNumber, "another connection is finished")
    check(summary)
    for direction in 0..<2 {
      let (told, side) = (flows[flow].sides[direction], summary.sides[direction])
      precondition(
        side.byteCount == told.byteCount && side.gapByteCount == told.gapByteCount,
        "\(side.byteCount) octets and \(side.gapByteCount) missing ones in the summary, told of \(told.byteCount) and \(told.gapByteCount)"
      )
    }
    flows[flow].isOpen = false
    openCount -= 1
    var kept = InlineArray<2, UInt32>(repeating: 0)
    remarks.forEach(of: summary) { entry, earlier, later in
      precondition(entry.direction <= 1 && entry.count > 0, "an empty entry")
      precondition(entry.frameCount >= 1 && UInt32(entry.frameCount) <= entry.count, "an entry of no frame")
      precondition(
        entry.irregularity == .overlapConflict || earlier.count + later.count == 0, "versions of no conflict")
      kept[Int(entry.direction)] += entry.count
    }
    for direction in 0..<2 {
      let place = Int(summary.streamNumber) * 2 + direction
      let told = place < remarkCounts.count ? remarkCounts[place] : 0
      precondition(kept[direction] == told, "\(kept[direction]) remarks kept, \(told) told")
    }
  }
  mutating func note(_ remark: StreamRemark) {
    lastRemark = remark
    remarkKinds[Int(remark.irregularity.rawValue)] += 1
    precondition(remark.frame >= 1 && Int(remark.frame) <= sent.count, "a remark on frame \(remark.frame)")
    precondition(Int(remark.earlierFrame) <= sent.count, "a remark that compares with frame \(remark.earlierFrame)")
    precondition(
      remark.byteCount >= 0 && remark.direction >= 0 && remark.direction <= 1, "a remark that counts wrongly")
    guard let streamNumber = remark.streamNumber else { fatalError("a remark on nothing") }
    let place = Int(streamNumber) * 2 + remark.direction
    while remarkCounts.count <= place { remarkCounts.append(0) }
    remarkCounts[place] += 1
  }
  mutating func idle() {}

  /// The script is over, and so must be every connection that has begun.
  func check(_ irregularities: IrregularityCounts, flowCount: Int) {
    precondition(openCount == 0, "\(openCount) connections are never finished")
    for irregularity in Irregularity.allCases {
      precondition(
        irregularities[irregularity] == remarkKinds[Int(irregularity.rawValue)], "\(irregularity) is counted otherwise")
    }
    precondition(remarkCounts.count <= flowCount * 2, "a remark on a connection that there is not")
  }

  private func check(_ summary: FlowSummary) {
    precondition(
      summary.firstFrame >= 1 && summary.firstFrame <= summary.lastFrame && Int(summary.lastFrame) <= sent.count,
      "frames \(summary.firstFrame) to \(summary.lastFrame)")
    precondition(summary.firstTimestamp <= summary.lastTimestamp, "it ends before it begins")
    precondition(Int(summary.packetCount) <= sent.count, "\(summary.packetCount) packets of \(sent.count)")
    precondition(summary.clientDirection <= 1, "client direction \(summary.clientDirection)")
  }
  /// Moves a direction on; returns what was known before.
  private mutating func advance(_ position: StreamPosition, by byteCount: Int) -> Side {
    precondition(flows[position.flow].isOpen, "something of a connection that is not open")
    precondition(position.frame >= 1 && Int(position.frame) <= sent.count, "frame \(position.frame)")
    let side = flows[position.flow].sides[position.direction]
    precondition(position.offset == side.offset, "offset \(position.offset), not \(side.offset)")
    flows[position.flow].sides[position.direction].offset += UInt64(byteCount)
    return side
  }

  /// What is sent at a sequence number: it repeats every 1,024 octets, and there are two versions of it.
  static func content(isOther: Bool) -> [UInt8] { isOther ? otherContent : usualContent }
  private static let usualContent = (0..<1024 + 4_200).map { UInt8(truncatingIfNeeded: ($0 & 1023) * 167 >> 3) }
  private static let otherContent = usualContent.map { $0 ^ 0x5A }
}
