import Bytes
import CAllocations
import Packets
import Streams
import TestSupport
import Testing

@Suite struct AllocationTests {
  private struct Counter: StreamSink {
    var byteCount = 0
    mutating func begin(flow: Int, _ summary: FlowSummary) {}
    mutating func receive(_ bytes: Span<UInt8>, at position: StreamPosition) { byteCount += bytes.count }
    mutating func gap(byteCount: Int, at position: StreamPosition) {}
    mutating func finish(flow: Int, _ summary: FlowSummary, remarks: borrowing RemarkBook) {}
    mutating func note(_ remark: StreamRemark) {}
    mutating func idle() {}
  }

  @Test func theCounterCounts() {
    let before = mailwireAllocationCount()
    let array = [UInt8](repeating: 1, count: Int.random(in: 1_000...2_000))
    #expect(array.count >= 1_000)
    #expect(mailwireAllocationCount() > before)
  }

  /// A capture is read twice through one pipeline; the second time only the reader may ask for memory.
  @Test(arguments: [false, true]) func packetsInOrderNeedNoMemory(isOutOfOrder: Bool) throws {
    // The generic types of what is met are made once for the whole process.
    var warm = FrameDecoder(sink: Reassembler(sink: Counter()))
    for clientISN: UInt32 in [1_000, 9_000] {
      _ = try run(&warm, capture(frames(clientISN: clientISN, isOutOfOrder: true)))
    }
    let captures = [1_000, 9_000].map { capture(frames(clientISN: $0, isOutOfOrder: isOutOfOrder)) }
    var pipeline = FrameDecoder(sink: Reassembler(sink: Counter()))
    _ = try run(&pipeline, captures[0])
    let first = (pipeline.sink.sink.byteCount, pipeline.tally.segments)
    let allocations = try run(&pipeline, captures[1])
    #expect(pipeline.sink.sink.byteCount == 2 * first.0)
    #expect(pipeline.tally.segments == 2 * first.1)
    #expect(allocations <= 2)
  }
  private func run(_ pipeline: inout FrameDecoder<Reassembler<Counter>>, _ capture: [UInt8]) throws -> UInt {
    try withFile(capture) { file in
      let before = mailwireAllocationCount()
      var reader = CaptureReader(fileDescriptor: file)
      try reader.read(into: &pipeline)
      return mailwireAllocationCount() - before
    }
  }
  /// Twenty dialogues one after the other.
  private func frames(clientISN: UInt32, isOutOfOrder: Bool) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    for index in 0..<20 {
      var dialogue = Dialogue(client: Host("192.0.2.2", UInt16(40_000 + index)), clientISN: clientISN)
      dialogue.open()
      for _ in 0..<100 {
        dialogue.client("MAIL FROM:<alice@example.org>\r\n")
        dialogue.server("250 2.1.0 Ok\r\n")
      }
      dialogue.close()
      if isOutOfOrder { for place in stride(from: 4, to: 200, by: 8) { dialogue.packets.swapAt(place - 1, place + 1) } }
      frames += dialogue.frames
    }
    return frames
  }
}
