import Bytes
import TestSupport
import Testing

@testable import Packets

/// A capture that is read ahead on a second thread is read as it is without.
@Suite struct ReadAheadTests {
  private func reading(_ capture: [UInt8], readsAhead: Bool, limit: UInt32 = .max) -> Reading {
    withFile(capture) { file in
      var reader = CaptureReader(fileDescriptor: file, readsAhead: readsAhead)
      reader.packetLimit = limit
      var sink = PacketCollector()
      var reading = Reading()
      do throws(CaptureError) { try reader.read(into: &sink) } catch { reading.error = error }
      reading.packets = sink.packets
      reading.frame = reader.frame
      return reading
    }
  }
  private func expectTheSame(_ capture: [UInt8], limit: UInt32 = .max, _ what: String) {
    let (one, two) = (
      reading(capture, readsAhead: false, limit: limit), reading(capture, readsAhead: true, limit: limit)
    )
    #expect(one.packets == two.packets, "\(what)")
    #expect(one.error == two.error, "\(what)")
    #expect(one.frame == two.frame, "\(what)")
  }
  /// More than the thread starts behind: packets of every size, the largest among them, which fit before no block.
  private func capture(_ random: inout SeededRandom) -> [UInt8] {
    let writer = PCAPWriter(linkType: .ethernet, snapByteCount: PacketLimits.capturedByteCount)
    let threshold = (ReadAhead.startFillCount + 10) * PacketLimits.ringByteCount
    return written { output in
      writer.appendHeader(to: &output)
      var number = 0
      while output.count < threshold {
        let largest = number % 17 == 0 ? PacketLimits.capturedByteCount : number % 5 == 0 ? 70_000 : 1_500
        let count = Int.random(in: 0...largest, using: &random)
        let octet = UInt8(truncatingIfNeeded: number)
        writer.append(
          [UInt8](repeating: octet, count: count).span, at: Timestamp(nanoseconds: Int64(number) * 1_000),
          originalByteCount: UInt32(count), to: &output)
        number += 1
      }
    }
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func packetsOfEverySizeAreTheSame(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let capture = capture(&random)
    expectTheSame(capture, "whole")
    expectTheSame(capture, limit: 100, "a hundred packets")
    let end = Int.random(in: (8 * PacketLimits.ringByteCount)..<capture.count, using: &random)
    expectTheSame(Array(capture[..<end]), "cut at \(end)")
    expectTheSame(capture + [UInt8](repeating: 0xFF, count: 40), "damaged at its end")
  }
  @Test(arguments: Wrapping.allCases) func whatIsCompressedIsDecompressedThere(_ wrapping: Wrapping) {
    var random = SeededRandom(seed: 3)
    let capture = capture(&random)
    let compressed = wrapping.stored(capture, blockByteCount: 65_000)
    expectTheSame(compressed, "whole")
    expectTheSame(Array(compressed.dropLast(9)), "ends too early")
    // The head of the last block but one.
    expectTheSame(wrapping.stored(capture, blockByteCount: 65_000, damagedBlock: -2), "damaged")
    expectTheSame(compressed + wrapping.stored(Array(capture.dropFirst(24))), "two members")
  }
  /// A block of pcapng that is longer than all that is read ahead.
  @Test func largeBlocksArePassedOver() {
    let capture = written { output in
      var writer = PCAPNGWriter()
      writer.append(PCAPNGWriter.Section(application: "test"), to: &output)
      writer.append(PCAPNGWriter.Interface(linkType: .ethernet, snapLength: 0), to: &output)
      let packet = [UInt8](repeating: 7, count: 900)
      for number in 0..<6_000 as Range<Int64> {
        writer.append(packet.span, at: Timestamp(nanoseconds: number), to: &output)
        if number == 4_000 || number == 4_001 {
          let length: UInt32 = 12 << 20
          output.append(0x0000_0BAD as UInt32, .littleEndian)
          output.append(length, .littleEndian)
          output.append(0, count: Int(length) - 12)
          output.append(length, .littleEndian)
        }
      }
    }
    #expect(reading(capture, readsAhead: true).packets.count == 6_000)
    expectTheSame(capture, "large blocks")
  }
  /// Whoever stops early leaves no thread behind that still reads.
  @Test func stoppingEarlyEndsTheThread() {
    var random = SeededRandom(seed: 9)
    let capture = capture(&random)
    for limit in 90...120 as ClosedRange<UInt32> { expectTheSame(capture, limit: limit, "\(limit) packets") }
  }
}
