import Bytes
import Foundation
import TestSupport
import Testing

@testable import Packets

/// Captures that are compressed as a whole.
@Suite struct CompressedCaptureTests {
  private static let pcap: [UInt8] = {
    var builder = PCAPBuilder()
    for packet in [[1, 2, 3], [], [UInt8](repeating: 7, count: 100), [9]] as [[UInt8]] { builder.append(packet) }
    return builder.capture
  }()
  private static let pcapng: [UInt8] = {
    var builder = PCAPNGBuilder()
    builder.interface()
    for packet in [[1, 2, 3], [9]] as [[UInt8]] { builder.packet(packet, units: 1) }
    return builder.capture
  }()

  @Test(arguments: Wrapping.allCases) func itIsRead(_ wrapping: Wrapping) {
    for capture in [Self.pcap, Self.pcapng] {
      let plain = readFile(capture)
      for blockByteCount in [1, 7, 50, 65_000] {
        for reading in [
          readFile(wrapping.stored(capture, blockByteCount: blockByteCount)),
          readPipe(wrapping.stored(capture, blockByteCount: blockByteCount)),
          readFile(wrapping.stored(Array(capture.prefix(50))) + wrapping.stored(Array(capture.dropFirst(50)))),
        ] {
          #expect(reading.packets == plain.packets && !reading.packets.isEmpty)
          #expect(reading.error == nil)
        }
      }
    }
  }
  @Test(arguments: Wrapping.allCases) func aPipeMayBeWrittenByteByByte(_ wrapping: Wrapping) {
    let compressed = wrapping.stored(Self.pcap, blockByteCount: 20)
    let (reading, writing) = openPipe()
    Thread.detachNewThread {
      for octet in compressed { writeAll([octet], to: writing) }
      close(writing)
    }
    let result = read(reading)
    close(reading)
    #expect(result.packets.count == 4)
    #expect(result.error == nil)
  }
  @Test(arguments: Wrapping.allCases) func damageGivesWhatStandsBefore(_ wrapping: Wrapping) {
    let broken = wrapping.stored(Self.pcap, blockByteCount: 30, damagedBlock: 2)
    #expect(readFile(broken).packets.count == 2)
    #expect(readFile(broken).error == .damaged(offset: 60, reason: "the \(wrapping.name) stream is broken"))
    let cut = Array(wrapping.stored(Self.pcap).dropLast(3))
    #expect(readFile(cut).packets.count >= 3)
    #expect(
      readFile(cut).error.map { String(describing: $0).contains("the \(wrapping.name) stream ends too early") } == true)
  }
  @Test(arguments: Wrapping.allCases) func whatFollowsIsIgnored(_ wrapping: Wrapping) {
    for count in 1...9 {
      let reading = readFile(wrapping.stored(Self.pcap) + [UInt8](repeating: 0, count: count))
      #expect(reading.packets.count == 4)
      #expect(reading.error == nil)
    }
  }
  /// The octet changed belongs to the second member's header, or to the beginning of what it holds.
  @Test(arguments: [2, 3, 10, 11]) func aFurtherMemberThatIsBrokenIsNoEnd(_ offset: Int) {
    var further = Wrapping.gzip.stored(Array(Self.pcap.dropFirst(24)))
    further[offset] ^= 0xFF
    let reading = readFile(Wrapping.gzip.stored(Array(Self.pcap.prefix(24))) + further)
    #expect(reading.packets.isEmpty)
    #expect(reading.error == .damaged(offset: 24, reason: "the gzip stream is broken"))
  }
  /// What compresses in pieces marks them with frames that hold nothing of the file (RFC 8878 §3.1.2).
  @Test(arguments: [UInt8(0x50), 0x5F]) func framesToSkipAreSkipped(_ first: UInt8) {
    let frame = [first, 0x2A, 0x4D, 0x18, 4, 0, 0, 0] + [1, 2, 3, 4]
    let (beginning, rest) = (Array(Self.pcap.prefix(60)), Array(Self.pcap.dropFirst(60)))
    for wrapping in [Wrapping.zstd, .lz4] {
      let reading = readFile(wrapping.stored(beginning) + frame + wrapping.stored(rest) + frame)
      #expect(reading.packets.count == 4)
      #expect(reading.error == nil)
    }
    let reading = readFile(frame + Wrapping.zstd.stored(Self.pcap))
    #expect(reading.packets.count == 4)
    #expect(reading.error == nil)
  }
  @Test(arguments: Wrapping.allCases) func itMayEndAnywhere(_ wrapping: Wrapping) {
    let compressed = wrapping.stored(Self.pcap, blockByteCount: 40)
    for end in 0..<compressed.count {
      let reading = readPipe(Array(compressed.prefix(end)))
      #expect(reading.error != nil, "cut at \(end)")
      #expect(reading.packets.count <= 4)
    }
  }
  @Test(arguments: Wrapping.allCases) func oneOctetWrongAnywhereNeverTraps(_ wrapping: Wrapping) {
    let compressed = wrapping.stored(Self.pcap, blockByteCount: 40)
    for offset in compressed.indices {
      for value in [0, 0x7F, 0x80, 0xFF, compressed[offset] ^ 1] as [UInt8] {
        var damaged = compressed
        damaged[offset] = value
        _ = readPipe(damaged)
      }
    }
  }
  @Test(
    arguments: [
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4], "an xz file; unpack it first"),
      ([0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59], "a bzip2 file; unpack it first"),
      ([0x02, 0x21, 0x4C, 0x18, 9, 0, 0, 0], "an LZ4 file of the old format; unpack it first"),
    ] as [([UInt8], String)])
  func otherWaysAreNamed(_ beginning: [UInt8], _ hint: String) {
    #expect(readFile(beginning + [UInt8](repeating: 0, count: 30)).error == .notACapture(hint: hint))
  }
  @Test func compressedTwiceItIsNoCapture() {
    let twice = Wrapping.zstd.stored(Wrapping.gzip.stored(Self.pcap))
    #expect(readFile(twice).error == .notACapture(hint: nil))
  }

  /// A program that compresses, and what it is told.
  @Test(arguments: [
    (Peer.gzip, ["-9"]), (.zstd, ["-19"]), (.zstd, ["--long=27", "--no-check"]), (.zstd, ["--ultra", "-22"]),
    (.lz4, ["-9"]), (.lz4, ["-B7", "-BD", "--content-size"]), (.lz4, ["-B4", "-BX", "--no-frame-crc"]),
  ])
  func whatProgramsWriteIsRead(_ peer: Peer, _ arguments: [String]) throws {
    guard peer.isExpected else { return print("\(peer.rawValue) is not installed: what it writes was not read") }
    var builder = PCAPBuilder()
    for index in 0..<20_000 { builder.append([UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 90)) }
    let capture = builder.capture
    let run = try peer.run(arguments + ["-c", "{}"], on: capture)
    let compressed = run.output
    #expect(compressed.count < capture.count / 5)
    let reading = readFile(Array(compressed))
    #expect(reading.error == nil)
    #expect(reading.packets == readFile(capture).packets)
    #expect(reading.packets.count == 20_000)
    // The check sum stands at the end, where there is one.
    var changed = Array(compressed)
    changed[changed.count - (peer == .gzip ? 5 : 1)] ^= 1
    if arguments.contains("--no-check") || arguments.contains("--no-frame-crc") { return }
    #expect(readFile(changed).packets.count == 20_000)
    #expect(readFile(changed).error != nil)
  }
}
