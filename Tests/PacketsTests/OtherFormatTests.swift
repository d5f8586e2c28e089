import Bytes
import TestSupport
import Testing

@testable import Packets

/// Formats besides pcap and pcapng: Solaris's snoop, and Endace's records, which have no magic number.
@Suite struct OtherFormatTests {
  private static let frames: [[UInt8]] = {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 mail.example.org\r\n")
    dialogue.close()
    return dialogue.frames
  }()

  /// A capture in snoop's format, each record filled to words; boundaries as the builders have them.
  private static func snoop(link: UInt32 = 4, version: UInt32 = 2) -> (capture: [UInt8], boundaries: [Int]) {
    var capture = Array("snoop\0\0\0".utf8) + octets(version) + octets(link)
    var boundaries = [capture.count]
    for (index, frame) in frames.enumerated() {
      let padding = -frame.count & 3
      let numbers: [UInt32] = [
        UInt32(frame.count + 9), UInt32(frame.count), UInt32(24 + frame.count + padding), index < 2 ? 0 : 5,
        1_700_000_000 + UInt32(index), 123_456,
      ]
      for number in numbers { capture += octets(number) }
      capture += frame + [UInt8](repeating: 0, count: padding)
      boundaries.append(capture.count)
    }
    return (capture, boundaries)
  }
  private static func erf(isExtended: Bool = false) -> (capture: [UInt8], boundaries: [Int]) {
    var capture: [UInt8] = []
    var boundaries = [0]
    for (index, frame) in frames.enumerated() {
      let time = (1_700_000_000 + UInt64(index)) << 32 | 0x8000_0000
      capture += PacketBuilder.erf(frame, time: time, isExtended: isExtended)
      boundaries.append(capture.count)
    }
    return (capture, boundaries)
  }

  @Test(arguments: [0, 2, 4, 8] as [UInt32]) func snoopIsRead(_ link: UInt32) {
    let reading = readFile(Self.snoop(link: link).capture)
    #expect(reading.error == nil)
    #expect(reading.packets.map(\.octets) == Self.frames)
    #expect(reading.packets.map(\.original) == Self.frames.map { UInt32($0.count + 9) })
    #expect(reading.packets.first?.nanoseconds == 1_700_000_000_123_456_000)
    #expect(reading.packets.first?.linkType == [0: 1, 2: 6, 4: 1, 8: 10][link])
  }
  @Test func snoopTellsOfDroppedPackets() {
    let (events, _) = NoteCollector.read(Self.snoop().capture)
    #expect(events.contains(.note(.count(.droppedBefore, 5, of: .packet(3)), [])))
    #expect(events.count == Self.frames.count + 1)
  }
  @Test(arguments: [(9, 2), (4, 3)] as [(UInt32, UInt32)]) func otherSnoopIsRefused(_ link: UInt32, _ version: UInt32) {
    #expect(
      readFile(Self.snoop(link: link, version: version).capture).error
        == .notACapture(hint: "a Solaris snoop capture of an unknown version or link"))
  }
  @Test(arguments: [false, true]) func endacesRecordsAreRead(isExtended: Bool) throws {
    let reading = readFile(Self.erf(isExtended: isExtended).capture)
    #expect(reading.error == nil)
    #expect(reading.packets.count == Self.frames.count)
    #expect(reading.packets.allSatisfy { $0.linkType == 197 })
    #expect(reading.packets.first?.nanoseconds == 1_700_000_000_500_000_000)
    let decoded = decode(reading.packets.map(\.octets), linkType: LinkType(rawValue: 197))
    #expect(decoded.segments.count == Self.frames.count)
    let compressed = readPipe(Wrapping.gzip.stored(Self.erf(isExtended: isExtended).capture))
    #expect(compressed.packets == reading.packets)
  }

  @Test func bothMayEndAnywhere() {
    for (capture, boundaries) in [Self.snoop(), Self.erf()] {
      for end in 0...capture.count {
        let reading = readPipe(Array(capture.prefix(end)))
        let whole = max(0, boundaries.count { $0 <= end } - 1)
        if case .notACapture = reading.error {
          // Too little to tell.
          #expect(reading.packets.isEmpty && end < boundaries[min(3, boundaries.count - 1)], "cut at \(end)")
          continue
        }
        #expect(reading.packets.count == whole, "cut at \(end)")
        if end > 0 { #expect((reading.error == nil) == boundaries.contains(end), "cut at \(end)") }
      }
    }
  }
  @Test func oneOctetWrongAnywhereNeverTraps() {
    for (capture, _) in [Self.snoop(), Self.erf()] {
      for offset in capture.indices {
        for value in [0, 0x7F, 0x80, 0xFF, capture[offset] ^ 1] as [UInt8] {
          var damaged = capture
          damaged[offset] = value
          _ = readPipe(damaged)
        }
      }
    }
  }
  @Test func recordsThatContradictThemselvesAreNamed() {
    var (capture, boundaries) = Self.snoop()
    capture.replaceSubrange(boundaries[2] + 8..<boundaries[2] + 12, with: octets(25 as UInt32))
    let reading = readFile(capture)
    #expect(reading.packets.count == 2)
    guard case .damaged(UInt64(boundaries[2]), _) = reading.error else {
      Issue.record("\(String(describing: reading.error))")
      return
    }
    (capture, boundaries) = Self.erf()
    capture.replaceSubrange(boundaries[4] + 10..<boundaries[4] + 12, with: [0, 15])
    let newer = readFile(capture)
    #expect(newer.packets.count == 4)
    #expect(
      newer.error == .damaged(offset: UInt64(boundaries[4]), reason: "a record claims a length of 15 bytes"))
  }

  /// Nothing else is taken for records without a magic number: noise, text, and captures whose beginning is lost.
  @Test func noiseIsNoCapture() {
    var random = SeededRandom(seed: printedSeed("OtherFormatTests.noiseIsNoCapture"))
    for _ in 0..<20_000 {
      let noise = random.octets(Int.random(in: 1...400, using: &random))
      #expect(readPipe(noise).packets.isEmpty)
    }
    var builder = PCAPBuilder()
    for frame in Self.frames { builder.append(frame, nanoseconds: 1_700_000_000_000_000_000) }
    for start in 1..<builder.capture.count {
      #expect(readPipe(Array(builder.capture.dropFirst(start))).packets.isEmpty, "from \(start)")
    }
    for octet in UInt8.min...UInt8.max { #expect(readPipe([UInt8](repeating: octet, count: 900)).packets.isEmpty) }
  }
}
