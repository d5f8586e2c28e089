import Bytes
import Foundation
import TestSupport
import Testing

@testable import Packets

/// What is written is read again, by us and by others, to the nanosecond.
@Suite struct CaptureWriterTests {
  private static let moment = Timestamp(nanoseconds: 1_700_000_000_123_456_789)
  private static let packets: [[UInt8]] = {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 mail.example.org\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.close()
    return dialogue.frames
  }()
  private static func time(_ index: Int) -> Timestamp {
    Timestamp(nanoseconds: moment.nanoseconds + Int64(index) * 1_000_000_001)
  }

  private static func pcap(_ writer: PCAPWriter) -> [UInt8] {
    written { output in
      writer.appendHeader(to: &output)
      for (index, packet) in packets.enumerated() { writer.append(packet.span, at: time(index), to: &output) }
    }
  }
  /// Two interfaces of differing link types, and every block that the writer knows.
  private static func pcapng(_ byteOrder: ByteOrder, isOneLinkType: Bool = false) -> [UInt8] {
    written { output in
      var writer = PCAPNGWriter(byteOrder: byteOrder)
      writer.append(
        PCAPNGWriter.Section(
          hardware: "a laptop", operatingSystem: "Debian", application: "mailwire",
          comments: ["the class's capture", "second comment: ä €"]), to: &output)
      let link: Link = isOneLinkType ? .ethernet() : .linuxSLL
      writer.append(
        PCAPNGWriter.Interface(
          linkType: .ethernet, snapLength: 262_144, name: "eth0", description: "the desk's", filter: "tcp port 25",
          comments: ["wired"]), to: &output)
      let second = writer.append(
        PCAPNGWriter.Interface(
          linkType: link.linkType, snapLength: 262_144, timeUnit: .microseconds, name: "any"), to: &output)
      writer.append(
        names: [("192.0.2.1", ["mail.example.org", "mail"]), ("2001:db8::1", ["six.example.org"])], to: &output)
      writer.append(secrets: Array("CLIENT_RANDOM 00 11\n".utf8).span, to: &output)
      for (index, packet) in packets.enumerated() {
        writer.append(
          packet.span, at: time(index), comments: index == 3 ? ["the greeting", "and more"] : [],
          direction: index == 4 ? .outbound : nil, droppedCount: index == 5 ? 7 : nil, to: &output)
      }
      writer.append(
        link.frame(Array(packets[0].dropFirst(14))).span, interface: second, at: moment, comments: [""], to: &output)
      writer.append(
        PCAPNGWriter.Statistics(
          timestamp: time(9), start: moment, end: time(9), receivedCount: 12, interfaceDropCount: 0,
          systemDropCount: 1), to: &output)
    }
  }
  private static let orders: [ByteOrder] = [.littleEndian, .bigEndian]

  @Test(arguments: orders, CaptureTimeUnit.allCases)
  func pcapReadsBack(_ byteOrder: ByteOrder, _ timeUnit: CaptureTimeUnit) {
    let reading = readFile(Self.pcap(PCAPWriter(linkType: .ethernet, timeUnit: timeUnit, byteOrder: byteOrder)))
    #expect(reading.error == nil)
    #expect(reading.packets.map(\.octets) == Self.packets)
    let unit = timeUnit.nanoseconds
    #expect(reading.packets.map(\.nanoseconds) == Self.packets.indices.map { Self.time($0).nanoseconds / unit * unit })
    #expect(reading.packets.map(\.original) == Self.packets.map { UInt32($0.count) })
  }
  @Test(arguments: orders) func pcapngReadsBack(_ byteOrder: ByteOrder) {
    let reading = readFile(Self.pcapng(byteOrder))
    #expect(reading.error == nil)
    #expect(reading.packets.dropLast().map(\.octets) == Self.packets)
    #expect(reading.packets.dropLast().map(\.nanoseconds) == Self.packets.indices.map { Self.time($0).nanoseconds })
    #expect(reading.packets.last?.linkType == 113)
    #expect(reading.packets.last?.nanoseconds == Self.moment.nanoseconds / 1_000 * 1_000)
  }

  @Test func packetsAreCutToTheSnapLength() {
    let packet = [UInt8](repeating: 1, count: 100)
    let older = written { output in
      let writer = PCAPWriter(linkType: .raw, snapByteCount: 64)
      writer.appendHeader(to: &output)
      writer.append(packet.span, at: Self.moment, to: &output)
      writer.append([2].span, at: Self.moment, originalByteCount: 50, to: &output)
    }
    let newer = written { output in
      var writer = PCAPNGWriter()
      writer.append(PCAPNGWriter.Section(), to: &output)
      writer.append(PCAPNGWriter.Interface(linkType: .raw, snapLength: 64), to: &output)
      writer.append(packet.span, at: Self.moment, to: &output)
      writer.append([2].span, at: Self.moment, originalByteCount: 50, to: &output)
    }
    for capture in [older, newer] {
      let reading = readFile(capture)
      #expect(reading.packets.map(\.octets.count) == [64, 1])
      #expect(reading.packets.map(\.original) == [100, 50])
    }
  }
  @Test func simplePacketsFollowTheSnapLength() {
    let capture = written { output in
      var writer = PCAPNGWriter()
      writer.append(PCAPNGWriter.Section(), to: &output)
      writer.append(PCAPNGWriter.Interface(linkType: .raw, snapLength: 4), to: &output)
      writer.append(untimed: [1, 2, 3].span, to: &output)
      writer.append(untimed: [1, 2, 3, 4, 5].span, to: &output)
    }
    let reading = readFile(capture)
    #expect(reading.packets.map(\.octets) == [[1, 2, 3], [1, 2, 3, 4]])
    #expect(reading.packets.map(\.original) == [3, 5])
  }
  @Test func momentsBefore1970AreWrittenAs1970() {
    let capture = written { output in
      let writer = PCAPWriter(linkType: .raw)
      writer.appendHeader(to: &output)
      writer.append([1].span, at: Timestamp(nanoseconds: .min), to: &output)
    }
    #expect(readFile(capture).packets.map(\.nanoseconds) == [0])
  }
  @Test func aCommentThatIsTooLongEndsBeforeTheCharacterThatDoesNotFit() {
    let capture = written { output in
      var writer = PCAPNGWriter()
      writer.append(
        PCAPNGWriter.Section(comments: [String(repeating: "a", count: 65_534) + "€"]), to: &output)
      writer.append(PCAPNGWriter.Interface(linkType: .raw), to: &output)
      writer.append([1].span, at: Self.moment, to: &output)
    }
    #expect(capture[24..<28] == [1, 0, 0xFE, 0xFF])
    #expect(readFile(capture).packets.count == 1)
  }

  @Test(arguments: orders) func libpcapReadsBack(_ byteOrder: ByteOrder) throws {
    for capture in [
      Self.pcap(PCAPWriter(linkType: .ethernet, byteOrder: byteOrder)), Self.pcapng(byteOrder, isOneLinkType: true),
    ] {
      try Folder.temporary { folder in
        let file = folder.appending(path: "capture")
        try Foundation.Data(capture).write(to: file)
        let reading = try LibpcapReader.read(path: file.path)
        #expect(reading.complaint == nil)
        #expect(reading.linkType == 1)
        #expect(reading.packets.prefix(Self.packets.count).map(\.octets) == Self.packets)
        for (index, packet) in reading.packets.prefix(Self.packets.count).enumerated() {
          #expect(packet.nanoseconds == Self.time(index).nanoseconds)
        }
      }
    }
  }
  @Test(.enabled(if: Peer.tshark.isExpected, "tshark is not installed"), arguments: orders)
  func tsharkReadsBack(_ byteOrder: ByteOrder) throws {
    let fields = ["frame.time_epoch", "frame.len", "frame.comment", "frame.interface_name", "_ws.malformed"]
    let lines = try Peer.tshark.lines(
      ["-n", "-r", "{}", "-T", "fields"] + fields.flatMap { ["-e", $0] }, on: Self.pcapng(byteOrder))
    let expected = Self.packets.enumerated().map { index, packet in
      let (seconds, fraction) = Self.time(index).nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
      let digits = String(fraction)
      let comment = index == 3 ? "the greeting,and more" : ""
      return
        "\(seconds).\(String(repeating: "0", count: 9 - digits.count))\(digits)\t\(packet.count)\t\(comment)\teth0\t"
    }
    #expect(Array(lines.dropLast()) == expected)
    #expect(lines.last?.hasPrefix("1700000000.123456000\t") == true)
    #expect(lines.last?.hasSuffix("\tany\t") == true)
  }
  @Test(.enabled(if: Peer.tshark.isExpected, "tshark is not installed"), arguments: CaptureTimeUnit.allCases)
  func tsharkReadsBackTheOlderFormat(_ timeUnit: CaptureTimeUnit) throws {
    let capture = Self.pcap(PCAPWriter(linkType: .ethernet, timeUnit: timeUnit))
    let lines = try Peer.tshark.lines(["-n", "-r", "{}", "-T", "fields", "-e", "frame.time_epoch"], on: capture)
    #expect(lines.count == Self.packets.count)
    #expect(lines.first == (timeUnit == .nanoseconds ? "1700000000.123456789" : "1700000000.123456000"))
  }
  @Test(.enabled(if: Peer.capinfos.isExpected, "capinfos is not installed"), arguments: orders)
  func capinfosTellsWhatWasDescribed(_ byteOrder: ByteOrder) throws {
    let text = try Peer.capinfos.lines(["{}"], on: Self.pcapng(byteOrder)).joined(separator: "\n")
    for line in [
      "Number of packets:   9", "Capture hardware:    a laptop", "Capture oper-sys:    Debian",
      "Capture application: mailwire", "Capture comment:     the class's capture",
      "Capture comment:     second comment: ä €", "Number of interfaces in file: 2", "Name = eth0",
      "Description = the desk's", "Filter string = tcp port 25", "Number of stat entries = 1",
      "Number of decryption secrets in file: 1", "Number of resolved IPv4 addresses in file: 2",
      "Number of resolved IPv6 addresses in file: 1", "Time precision = nanoseconds (9)",
    ] { #expect(text.contains(line), "\(line)\n\(text)") }
  }
}
