import Bytes
import Foundation
import TestSupport
import Testing

@testable import Packets

@Suite struct CaptureReaderTests {
  private static let moment: Int64 = 1_700_000_000_123_456_789
  private static let packets: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 7, count: 100), [9]]

  private func pcap(isBigEndian: Bool = false, isNanosecond: Bool = false, linkType: UInt32 = 1) -> PCAPBuilder {
    var builder = PCAPBuilder(linkType: linkType, isBigEndian: isBigEndian, isNanosecond: isNanosecond)
    for packet in Self.packets { builder.append(packet, nanoseconds: Self.moment, original: 1_500) }
    return builder
  }
  private func pcapng(isBigEndian: Bool = false) -> PCAPNGBuilder {
    var builder = PCAPNGBuilder(isBigEndian: isBigEndian)
    builder.interface(options: [(9, [9])])
    for packet in Self.packets { builder.packet(packet, units: UInt64(Self.moment), original: 1_500) }
    return builder
  }
  private func expected(_ nanoseconds: Int64 = moment, linkType: UInt32 = 1) -> [Delivered] {
    Self.packets.enumerated().map {
      Delivered(
        octets: $1, frame: UInt32($0 + 1), linkType: linkType, nanoseconds: nanoseconds, original: 1_500)
    }
  }

  @Test(arguments: [false, true], [false, true])
  func pcapInBothByteOrdersAndResolutions(isBigEndian: Bool, isNanosecond: Bool) {
    let reading = readFile(pcap(isBigEndian: isBigEndian, isNanosecond: isNanosecond).capture)
    #expect(reading.error == nil)
    #expect(reading.packets == expected(isNanosecond ? Self.moment : Self.moment / 1_000 * 1_000))
    #expect(reading.frame == 4)
  }
  @Test(arguments: [false, true]) func pcapngInBothByteOrders(isBigEndian: Bool) {
    let reading = readFile(pcapng(isBigEndian: isBigEndian).capture)
    #expect(reading.error == nil)
    #expect(reading.packets == expected())
  }

  @Test(arguments: [false, true], [(2, 0), (2, 2), (2, 3), (2, 4), (543, 0)] as [(UInt16, UInt16)])
  func lengthsWereInAnotherOrderOnce(isBigEndian: Bool, version: (UInt16, UInt16)) {
    var builder = PCAPBuilder(isBigEndian: isBigEndian)
    for packet in Self.packets { builder.append(packet, original: 1_500) }
    var capture = builder.capture
    capture.replaceSubrange(
      4..<8, with: octets(version.0, isBigEndian: isBigEndian) + octets(version.1, isBigEndian: isBigEndian))
    for order in [false, true] where order == (version != (2, 4)) || version == (2, 3) {
      var reordered = capture
      for start in builder.boundaries.dropLast() where order {
        reordered.replaceSubrange(
          start + 8..<start + 16, with: capture[start + 12..<start + 16] + capture[start + 8..<start + 12])
      }
      let reading = readFile(reordered)
      #expect(reading.packets.map(\.octets) == Self.packets)
      #expect(reading.packets.map(\.original) == [1_500, 1_500, 1_500, 1_500])
    }
  }

  private static let resolutions: [(UInt8, UInt64, Int64)] = [
    (6, 1_700_000_000_123_456, 1_700_000_000_123_456_000), (0, 1_700_000_000, 1_700_000_000_000_000_000),
    (3, 1_700_000_000_123, 1_700_000_000_123_000_000), (12, 5_000_000_000_123, 5_000_000_000),
    (0x80, 7, 7_000_000_000), (0x8A, 7_680, 7_500_000_000), (0x94, 3_670_016, 3_500_000_000),
    (0xA0, 10_737_418_240, 2_500_000_000), (19, 10_000_000_000_000_000_000, 1_000_000_000),
  ]
  @Test(arguments: resolutions)
  func timestampsInAnyResolution(_ resolution: UInt8, _ units: UInt64, _ nanoseconds: Int64) {
    var builder = PCAPNGBuilder()
    builder.interface(options: [(9, [resolution])])
    builder.packet([1], units: units)
    #expect(readFile(builder.capture).packets.map(\.nanoseconds) == [nanoseconds])
  }
  @Test(arguments: UInt8.min...UInt8.max) func noResolutionTraps(_ resolution: UInt8) {
    var builder = PCAPNGBuilder()
    builder.interface(options: [(9, [resolution]), (14, [UInt8](repeating: 0xFF, count: 8))])
    for units in [0, 1, UInt64.max, UInt64.max / 2, 1 << 63] { builder.packet([1], units: units) }
    #expect(readFile(builder.capture).packets.count == 5)
  }
  @Test(arguments: [false, true]) func timestampsWithAnOffset(isBigEndian: Bool) {
    var builder = PCAPNGBuilder(isBigEndian: isBigEndian)
    builder.interface(options: [(14, octets(Int64(-3_600), isBigEndian: isBigEndian))])
    builder.packet([1], units: 7_200_000_000)
    #expect(readFile(builder.capture).packets.map(\.nanoseconds) == [3_600_000_000_000])
  }

  @Test func interfacesHaveTheirOwnLinkTypesAndAreNumberedBySection() {
    var builder = PCAPNGBuilder()
    builder.interface(linkType: 1, options: [(2, Array("eth0".utf8)), (9, [6])])
    builder.interface(linkType: 113)
    builder.packet([1], interface: 1)
    builder.packet([2], interface: 0, options: octets(1 as UInt16, isBigEndian: false) + [2, 0, 104, 105, 0, 0])
    builder.isBigEndian = true
    builder.section()
    builder.interface(linkType: 101)
    builder.packet([3])
    let reading = readFile(builder.capture)
    #expect(reading.error == nil)
    #expect(reading.packets.map(\.linkType) == [113, 1, 101])
    #expect(reading.packets.map(\.octets) == [[1], [2], [3]])
    #expect(reading.packets.map(\.frame) == [1, 2, 3])
  }
  @Test func simpleAndObsoletePacketBlocks() {
    var builder = PCAPNGBuilder()
    builder.interface(snapLength: 4)
    builder.simplePacket([1, 2, 3])
    builder.simplePacket([1, 2, 3, 4], original: 60)
    builder.obsoletePacket([5, 6], units: 3)
    builder.block(5, [1, 2, 3, 4])
    builder.block(0x4000_0001, [])
    let reading = readFile(builder.capture)
    #expect(reading.error == nil)
    #expect(reading.packets.map(\.octets) == [[1, 2, 3], [1, 2, 3, 4], [5, 6]])
    #expect(reading.packets.map(\.original) == [3, 60, 2])
    #expect(reading.packets.map(\.nanoseconds) == [0, 0, 3_000])
  }

  /// Who does not wait any longer is not told that what has come so far is no capture.
  @Test(arguments: [[], [0x0A, 0x0D, 0x0D], [UInt8](repeating: 65, count: 30)] as [[UInt8]])
  func anInterruptedBeginningIsNoDamage(_ beginning: [UInt8]) throws {
    let (reading, writing) = openPipe()
    writeAll(beginning, to: writing)
    defer {
      close(reading)
      close(writing)
    }
    var reader = CaptureReader(fileDescriptor: reading)
    reader.isInterrupted = { true }
    var collector = PacketCollector()
    try reader.read(into: &collector)
    #expect(collector.packets.isEmpty)
  }
  @Test func aPipeMayBeWrittenByteByByte() {
    for capture in [pcap().capture, pcapng().capture] {
      let (reading, writing) = openPipe()
      Thread.detachNewThread {
        for octet in capture { writeAll([octet], to: writing) }
        close(writing)
      }
      let result = read(reading)
      close(reading)
      #expect(result.error == nil)
      #expect(result.packets.count == 4)
      #expect(result.packets.map(\.octets) == Self.packets)
    }
  }
  @Test func aPacketLargerThanTheWindowIsDelivered() {
    var builder = PCAPBuilder()
    let large = [UInt8](repeating: 1, count: PacketLimits.capturedByteCount)
    for _ in 0..<3 { builder.append(large) }
    let reading = readFile(builder.capture)
    #expect(reading.error == nil)
    #expect(reading.packets.map(\.octets.count) == [large.count, large.count, large.count])
    var newer = PCAPNGBuilder()
    newer.interface()
    newer.block(10, [UInt8](repeating: 0, count: 2 * PacketLimits.ringByteCount))
    newer.packet(large)
    #expect(readFile(newer.capture).packets.map(\.octets.count) == [large.count])
  }
  @Test(arguments: [UInt32(0), 1, 3, 4, 5]) func stopsAtTheLimit(_ limit: UInt32) {
    #expect(readFile(pcap().capture, limit: limit).packets.count == min(4, Int(limit)))
    #expect(readFile(pcapng().capture, limit: limit).packets.count == min(4, Int(limit)))
    #expect(readFile(pcap().capture, limit: limit).error == nil)
  }

  @Test(arguments: [false, true]) func pcapMayEndAnywhere(isBigEndian: Bool) {
    let builder = pcap(isBigEndian: isBigEndian)
    for end in 0...builder.capture.count {
      let reading = readPipe(Array(builder.capture.prefix(end)))
      let whole = builder.boundaries.count { $0 <= end }
      #expect(reading.packets.count == max(0, whole - 1), "cut at \(end)")
      #expect(reading.packets == Array(expected(Self.moment / 1_000 * 1_000).prefix(max(0, whole - 1))))
      #expect(reading.frame == UInt32(max(0, whole - 1)), "cut at \(end)")
      switch reading.error {
      case nil: #expect(builder.boundaries.contains(end))
      case .empty: #expect(end == 0)
      case .notACapture: #expect((1..<4).contains(end))
      case .truncated(let offset, let needed, let had):
        let record = builder.boundaries.last { $0 <= end } ?? 0
        #expect(offset == UInt64(record), "cut at \(end)")
        #expect(had == end - record && needed > had, "cut at \(end)")
      case let other: Issue.record("cut at \(end): \(String(describing: other))")
      }
    }
  }
  @Test(arguments: [false, true]) func pcapngMayEndAnywhere(isBigEndian: Bool) {
    let builder = pcapng(isBigEndian: isBigEndian)
    for end in 0...builder.capture.count {
      let reading = readPipe(Array(builder.capture.prefix(end)))
      let blocks = builder.boundaries.count { $0 <= end } - 1
      #expect(reading.packets.count == max(0, blocks - 2), "cut at \(end)")
      switch reading.error {
      case nil: #expect(builder.boundaries.contains(end))
      case .empty: #expect(end == 0)
      case .notACapture: #expect((1..<4).contains(end))
      case .truncated(let offset, let needed, let had):
        let record = builder.boundaries.last { $0 <= end } ?? 0
        #expect(offset == UInt64(record), "cut at \(end)")
        #expect(had == end - record && needed > had, "cut at \(end)")
      case let other: Issue.record("cut at \(end): \(String(describing: other))")
      }
    }
  }
  @Test func oneOctetWrongAnywhereNeverTraps() {
    for capture in [pcap().capture, pcapng().capture] {
      for offset in capture.indices {
        for value in [0, 0x7F, 0x80, 0xFF, capture[offset] ^ 1] as [UInt8] {
          var damaged = capture
          damaged[offset] = value
          _ = readPipe(damaged)
        }
      }
    }
  }

  @Test(arguments: [UInt32(0), 4, 11, 13, 14, 0xFFFF_FFFC, 0x8000_0000, 0x0100_0004])
  func wrongBlockLengthsAreNamed(_ length: UInt32) {
    var builder = pcapng()
    let place = UInt64(builder.boundaries.last ?? 0)
    builder.block(5, [1, 2, 3, 4], length: length)
    let reading = readFile(builder.capture)
    #expect(reading.packets.count == 4)
    #expect(reading.frame == 4)
    #expect(reading.error == .damaged(offset: place, reason: "a block claims a length of \(length) bytes"))
  }
  /// Secrets and names may take more than is held; no packet needs them.
  @Test(arguments: [UInt32(4), 10, 0x0BAD]) func blocksTooLargeToBeHeldArePassedOver(_ type: UInt32) {
    var builder = pcapng()
    let place = builder.boundaries.last ?? 0
    builder.block(type, [UInt8](repeating: 65, count: PacketLimits.blockByteCount))
    for packet in Self.packets { builder.packet(packet, units: UInt64(Self.moment)) }
    let capture = builder.capture
    #expect(readFile(capture).error == nil)
    #expect(readFile(capture).packets.count == 8)
    let length = PacketLimits.blockByteCount + 12
    for end in [place + 12, place + 300_000, place + length - 1] {
      let cut = readFile(Array(capture.prefix(end)))
      #expect(cut.packets.count == 4)
      #expect(cut.error == .truncated(offset: UInt64(end), needed: max(12, place + length - end), had: 0))
    }
  }
  @Test(arguments: [UInt32(6), 1, 5]) func blocksThatPacketsNeedAreNot(_ type: UInt32) {
    var builder = pcapng()
    let place = UInt64(builder.boundaries.last ?? 0)
    builder.block(type, [UInt8](repeating: 0, count: PacketLimits.blockByteCount))
    let length = PacketLimits.blockByteCount + 12
    #expect(
      readFile(builder.capture).error == .damaged(offset: place, reason: "a block claims a length of \(length) bytes"))
  }
  @Test func lengthsThatDifferAreNamed() {
    var builder = pcapng()
    let place = UInt64(builder.boundaries.last ?? 0)
    builder.block(5, [1, 2, 3, 4], trailingLength: 20)
    let reading = readFile(builder.capture)
    #expect(reading.packets.count == 4)
    #expect(reading.error == .damaged(offset: place, reason: "the two lengths of a block differ (16 and 20)"))
  }
  @Test(arguments: [UInt32(262_145), 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF])
  func capturedLengthsThatLieAreNamed(_ captured: UInt32) {
    var builder = pcap()
    let place = UInt64(builder.boundaries.last ?? 0)
    builder.append([1, 2, 3], captured: captured)
    let reading = readFile(builder.capture)
    #expect(reading.packets.count == 4)
    #expect(reading.frame == 4)
    guard case .damaged(place, _) = reading.error else {
      Issue.record("\(String(describing: reading.error))")
      return
    }
    var newer = pcapng()
    let newerPlace = UInt64(newer.boundaries.last ?? 0)
    newer.packet([1, 2, 3], captured: captured)
    let newerReading = readFile(newer.capture)
    #expect(newerReading.packets.count == 4)
    guard case .damaged(newerPlace, _) = newerReading.error else {
      Issue.record("\(String(describing: newerReading.error))")
      return
    }
  }
  @Test(arguments: [UInt32(1), 2, 0xFFFF_FFFF]) func anInterfaceNeverDescribedIsNamed(_ interface: UInt32) {
    var builder = pcapng()
    let place = UInt64(builder.boundaries.last ?? 0)
    builder.packet([1], interface: interface)
    let reading = readFile(builder.capture)
    #expect(reading.packets.count == 4)
    #expect(
      reading.error
        == .damaged(offset: place, reason: "a packet of interface \(interface), which was never described"))
  }
  @Test func packetsBeforeAnyInterfaceAreNamed() {
    var builder = PCAPNGBuilder()
    builder.simplePacket([1])
    #expect(
      readFile(builder.capture).error == .damaged(offset: 28, reason: "a simple packet block without an interface"))
  }
  @Test func aSectionWithAnotherMagicIsNamed() {
    var capture = pcapng().capture
    capture.replaceSubrange(8..<12, with: [1, 2, 3, 4])
    guard case .damaged(0, _) = readFile(capture).error else {
      Issue.record("not refused")
      return
    }
  }

  @Test func noOctetsAreAnEmptyFile() {
    #expect(readFile([]).error == .empty)
    #expect(readPipe([]).error == .empty)
  }
  @Test(arguments: [
    ("Dear students, this is no capture.\n", "a text file"), ("x", "a text file"), ("<html><body>", "a text document"),
    ("PK\u{3}\u{4}", "a zip archive; unpack it first"),
    ("snoop\0\0\0\0\0\0\u{2}", "a Solaris snoop capture of an unknown version or link"),
    ("GMBU....", "a Microsoft Network Monitor capture"), ("TRSNIFF data    \u{1a}", "a Sniffer capture"),
    ("\0\0\0\0\0", nil), ("\u{7f}ELF", nil),
  ])
  func otherFilesAreRecognised(_ content: String, _ hint: String?) {
    #expect(readFile(Array(content.utf8)).error == .notACapture(hint: hint))
  }
  @Test func aFolderCannotBeRead() {
    let folder = unsafe open("/tmp", O_RDONLY)
    defer { close(folder) }
    #expect(read(folder).error == .unreadable(code: EISDIR))
  }
}
