import Bytes
import TestSupport

@testable import Packets

/// A capture of any shape that the writers can give it, with what reading it must deliver.
struct RandomCapture {
  private(set) var octets: [UInt8] = []
  private(set) var packets: [Delivered] = []
  /// Where the record of each packet ends.
  private(set) var packetEnds: [Int] = []
  /// Where a record or block ends, and the next may begin.
  private(set) var boundaries: Set<Int> = []
  /// The link types that its interfaces have.
  private let linkTypes: ClosedRange<UInt32>

  init(linkTypes: ClosedRange<UInt32> = 0...300, using random: inout SeededRandom) {
    self.linkTypes = linkTypes
    if Bool.random(using: &random) { makePCAP(&random) } else { makePCAPNG(&random) }
  }
  private static func octets(_ random: inout SeededRandom) -> [UInt8] {
    random.octets(Int.random(in: 0...90, using: &random))
  }
  private static func time(_ random: inout SeededRandom) -> Timestamp {
    Timestamp(nanoseconds: Int64.random(in: 0...4_000_000_000_000_000_000, using: &random))
  }
  private mutating func add(_ record: [UInt8]) {
    octets += record
    boundaries.insert(octets.count)
  }
  private mutating func add(_ record: [UInt8], packet: [UInt8], linkType: LinkType, nanoseconds: Int64, original: Int) {
    add(record)
    packets.append(
      Delivered(
        octets: packet, frame: UInt32(packets.count + 1), linkType: linkType.rawValue, nanoseconds: nanoseconds,
        original: UInt32(original)))
    packetEnds.append(octets.count)
  }

  private mutating func makePCAP(_ random: inout SeededRandom) {
    let writer = PCAPWriter(
      linkType: LinkType(rawValue: UInt32.random(in: linkTypes, using: &random)),
      timeUnit: Bool.random(using: &random) ? .nanoseconds : .microseconds,
      byteOrder: Bool.random(using: &random) ? .bigEndian : .littleEndian,
      snapByteCount: Int.random(in: 1...100, using: &random))
    add(written { writer.appendHeader(to: &$0) })
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let packet = Self.octets(&random)
      let time = Self.time(&random)
      let original = Bool.random(using: &random) ? packet.count : packet.count + 500
      add(
        written { writer.append(packet.span, at: time, originalByteCount: UInt32(original), to: &$0) },
        packet: Array(packet.prefix(writer.snapByteCount)), linkType: writer.linkType,
        nanoseconds: time.nanoseconds / writer.timeUnit.nanoseconds * writer.timeUnit.nanoseconds, original: original)
    }
  }
  private mutating func makePCAPNG(_ random: inout SeededRandom) {
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var writer = PCAPNGWriter(byteOrder: Bool.random(using: &random) ? .bigEndian : .littleEndian)
      let comments = (0..<Int.random(in: 0...2, using: &random)).map { "comment \($0)" }
      add(written { writer.append(PCAPNGWriter.Section(application: "a", comments: comments), to: &$0) })
      addInterface(&writer, &random)
      for _ in 0..<Int.random(in: 0...10, using: &random) { addBlock(&writer, &random) }
    }
  }
  private mutating func addInterface(_ writer: inout PCAPNGWriter, _ random: inout SeededRandom) {
    let interface = PCAPNGWriter.Interface(
      linkType: LinkType(rawValue: UInt32.random(in: linkTypes, using: &random)),
      snapLength: UInt32([0, 0, 1, 40, 262_144].randomElement(using: &random) ?? 0),
      timeUnit: Bool.random(using: &random) ? .nanoseconds : .microseconds, name: "eth0")
    add(written { writer.append(interface, to: &$0) })
  }
  private mutating func addBlock(_ writer: inout PCAPNGWriter, _ random: inout SeededRandom) {
    let packet = Self.octets(&random)
    let time = Self.time(&random)
    let number = Int.random(in: writer.interfaces.indices, using: &random)
    let interface = writer.interfaces[number]
    switch Int.random(in: 0...9, using: &random) {
    case 0: addInterface(&writer, &random)
    case 1:
      let first = writer.interfaces[0]
      add(
        written { writer.append(untimed: packet.span, to: &$0) },
        packet: Array(packet.prefix(first.captured(packet.count))), linkType: first.linkType, nanoseconds: 0,
        original: packet.count)
    case 2: add(written { writer.append(secrets: packet.span, to: &$0) })
    case 3: add(written { writer.append(names: [("192.0.2.1", ["a", "b"]), ("::1", ["c"])], to: &$0) })
    case 4:
      let statistics = PCAPNGWriter.Statistics(
        interface: UInt32(number), timestamp: time, start: time, receivedCount: 7)
      add(written { writer.append(statistics, to: &$0) })
    default:
      let comments = (0..<Int.random(in: 0...2, using: &random)).map { String(repeating: "x", count: $0 * 3) }
      let unit = interface.timeUnit.nanoseconds
      add(
        written {
          writer.append(
            packet.span, interface: UInt32(number), at: time, comments: comments,
            droppedCount: comments.isEmpty ? nil : 3, to: &$0)
        }, packet: Array(packet.prefix(interface.captured(packet.count))), linkType: interface.linkType,
        nanoseconds: time.nanoseconds / unit * unit, original: packet.count)
    }
  }
}
