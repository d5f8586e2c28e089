import Bytes
import TestSupport
import Testing

@testable import Packets

/// What a pcapng capture says besides its packets reaches the sink, in order, and costs nothing where it is not there.
@Suite struct CaptureNoteTests {
  private typealias Event = NoteCollector.Event
  private static let orders: [ByteOrder] = [.littleEndian, .bigEndian]
  private static let moment = Timestamp(nanoseconds: 1_700_000_000_123_456_789)

  private func packet(_ octets: [UInt8], frame: UInt32, nanoseconds: Int64 = moment.nanoseconds) -> Event {
    .packet(
      Delivered(
        octets: octets, frame: frame, linkType: 1, nanoseconds: nanoseconds, original: UInt32(octets.count)))
  }

  @Test(arguments: orders) func everythingThatTheWriterKnows(_ byteOrder: ByteOrder) throws {
    let capture = written { output in
      var writer = PCAPNGWriter(byteOrder: byteOrder)
      writer.append(
        PCAPNGWriter.Section(hardware: "a laptop", operatingSystem: "Debian", application: "x", comments: ["a", "b"]),
        to: &output)
      writer.append(
        PCAPNGWriter.Interface(
          linkType: .ethernet, snapLength: 4_000, name: "eth0", description: "wire", filter: "tcp"), to: &output)
      writer.append(names: [("192.0.2.1", ["mail", "smtp"]), ("2001:db8::1", ["six"])], to: &output)
      writer.append(secrets: [1, 2, 3].span, to: &output)
      writer.append([7].span, at: Self.moment, to: &output)
      writer.append(
        [8, 9].span, at: Self.moment, comments: ["look", ""], direction: .outbound, droppedCount: 1 << 40, to: &output)
      writer.append(untimed: [6].span, to: &output)
      writer.append(
        PCAPNGWriter.Statistics(
          timestamp: Self.moment, start: Timestamp(nanoseconds: 5), end: Self.moment, receivedCount: 4,
          interfaceDropCount: 3, systemDropCount: 2), to: &output)
    }
    let (events, error) = NoteCollector.read(capture)
    #expect(error == nil)
    let four = Host("192.0.2.1", 0).endpoint
    let expected: [Event] = [
      .note(.section, []), .text(.comment, .section, "a"), .text(.comment, .section, "b"),
      .text(.hardware, .section, "a laptop"), .text(.operatingSystem, .section, "Debian"),
      .text(.application, .section, "x"), .note(.interface(0, .ethernet, snapLength: 4_000), []),
      .text(.name, .interface(0), "eth0"), .text(.description, .interface(0), "wire"),
      .note(.option(code: 9, of: .interface(0)), [9]), .text(.filter, .interface(0), "tcp"), .note(.names, []),
      .note(.name(of: four), Array("mail".utf8)), .note(.name(of: four), Array("smtp".utf8)),
      .note(.name(of: Host("2001:db8::1", 0).endpoint), Array("six".utf8)),
      .note(.secrets(kind: 0x544C_534B), [1, 2, 3]), packet([7], frame: 1), .text(.comment, .packet(2), "look"),
      .text(.comment, .packet(2), ""), .note(.flags(2, frame: 2), []),
      .note(.count(.droppedBefore, 1 << 40, of: .packet(2)), []), packet([8, 9], frame: 2),
      .note(.untimed(frame: 3), []), packet([6], frame: 3, nanoseconds: 0),
      .note(.statistics(interface: 0, at: Self.moment), []),
      .note(.started(interface: 0, at: Timestamp(nanoseconds: 5)), []),
      .note(.ended(interface: 0, at: Self.moment), []), .note(.count(.received, 4, of: .statistics(interface: 0)), []),
      .note(.count(.droppedByInterface, 3, of: .statistics(interface: 0)), []),
      .note(.count(.droppedBySystem, 2, of: .statistics(interface: 0)), []),
    ]
    let shown = events.map { event -> Event in
      // Numbers keep the octets that they were read from; the note says them.
      if case .note(let note, _) = event {
        switch note {
        case .flags, .count, .started, .ended: return .note(note, [])
        default: return event
        }
      }
      return event
    }
    for (index, (found, wanted)) in zip(shown, expected).enumerated() { #expect(found == wanted, "event \(index)") }
    #expect(shown.count == expected.count)
  }

  @Test func sectionsOfBothByteOrdersNumberTheirOwnInterfaces() {
    let capture = written { output in
      for (index, order) in (Self.orders + Self.orders).enumerated() {
        var writer = PCAPNGWriter(byteOrder: order)
        writer.append(PCAPNGWriter.Section(comments: ["\(index)"]), to: &output)
        for _ in 0...index { writer.append(PCAPNGWriter.Interface(linkType: .ethernet), to: &output) }
        writer.append([1].span, interface: UInt32(index), at: Self.moment, comments: ["ä"], to: &output)
      }
    }
    let (events, error) = NoteCollector.read(capture)
    #expect(error == nil)
    #expect(events.count { if case .note(.interface, _) = $0 { true } else { false } } == 10)
    for index in 0..<4 {
      #expect(events.contains(.text(.comment, .section, "\(index)")))
      #expect(events.contains(.text(.comment, .packet(UInt32(index + 1)), "ä")))
      #expect(events.contains(packet([1], frame: UInt32(index + 1))))
    }
  }
  @Test func blocksThatAreNotReadAreHandedOn() {
    var builder = PCAPNGBuilder()
    builder.block(9, Array("MESSAGE=hello\n".utf8))
    builder.block(0x0BAD, octets(0x8000 as UInt32, isBigEndian: false) + [1, 2, 3, 4])
    builder.block(0x4000_0BAD, octets(7 as UInt32, isBigEndian: false))
    builder.block(0x7777, [])
    // Too short for what its type says.
    builder.block(10, [0, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3, 4])
    let (events, error) = NoteCollector.read(builder.capture)
    #expect(error == nil)
    #expect(
      events == [
        .note(.section, []), .note(.unread(type: 9), Array("MESSAGE=hello\n\0\0".utf8)),
        .note(.custom(enterprise: 0x8000, mayBeCopied: true), [1, 2, 3, 4]),
        .note(.custom(enterprise: 7, mayBeCopied: false), []), .note(.unread(type: 0x7777), []),
        .note(.unread(type: 10), [0, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3, 4]),
      ])
  }
  @Test func packetsDroppedBeforeAnObsoleteBlockAreTold() {
    for (dropped, isTold) in [(0 as UInt16, false), (3, true), (0xFFFF, false)] {
      var builder = PCAPNGBuilder()
      builder.interface()
      builder.obsoletePacket([1], droppedCount: dropped)
      let (events, _) = NoteCollector.read(builder.capture)
      #expect(events.contains(.note(.count(.droppedBefore, UInt64(dropped), of: .packet(1)), [])) == isTold)
    }
  }
  @Test func optionsThatReachBeyondTheirBlockAreNamedAndThePacketStands() {
    var builder = PCAPNGBuilder()
    builder.interface()
    builder.packet(
      [1, 2, 3, 4], options: [1, 0, 1, 0, 65, 0, 0, 0] + octets(0x0001_0001 as UInt32) + [66, 0, 0, 0])
    let (events, error) = NoteCollector.read(builder.capture)
    #expect(error == nil)
    #expect(
      Array(events.dropFirst(2)) == [
        .text(.comment, .packet(1), "A"), .note(.damagedOptions(of: .packet(1)), []),
        packet([1, 2, 3, 4], frame: 1, nanoseconds: 0),
      ])
  }
  @Test func aTextEndsBeforeItsNULs() {
    var builder = PCAPNGBuilder()
    builder.interface(options: [(2, [101, 0, 0]), (11, [0]), (11, [1, 2]), (11, [])])
    let (events, _) = NoteCollector.read(builder.capture)
    #expect(
      Array(events.dropFirst(2)) == [
        .text(.name, .interface(0), "e"), .text(.filter, .interface(0), ""),
        .note(.option(code: 11, of: .interface(0)), [1, 2]), .note(.option(code: 11, of: .interface(0)), []),
      ])
  }
  @Test func aSectionOfAnotherVersionIsNamed() {
    var builder = PCAPNGBuilder()
    builder.block(0x0A0D_0D0A, octets(0x1A2B_3C4D as UInt32, isBigEndian: false) + [2, 0, 1, 0] + octets(-1))
    guard case .damaged(28, "a section of version 2.1; 1.0 is known") = NoteCollector.read(builder.capture).error else {
      Issue.record("not refused")
      return
    }
  }
  @Test func notesPassTheGateAndTheDecoder() {
    struct Sink: SegmentSink {
      var notes = 0
      mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {}
      mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) { notes += 1 }
      mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {}
      mutating func idle() {}
    }
    var pipeline = PacketGate(nil, sink: FrameDecoder(sink: Sink()))
    let nothing: [UInt8] = []
    pipeline.receive(.section, nothing.span)
    #expect(pipeline.sink.sink.notes == 1)
  }
}
