import Bytes
import Packets
import TestSupport
import Testing

@testable import Streams

@Suite struct ReassemblerTests {
  private func only(_ dialogue: Dialogue) throws -> Connection {
    let connections = reassemble(dialogue.frames).connections
    #expect(connections.count == 1)
    let connection = try #require(connections.first)
    #expect(connection.broken == [])
    #expect(connection.finished != nil)
    return connection
  }

  @Test func aWholeConnection() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 hi\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.server("221 bye\r\n")
    dialogue.close()
    let connection = try only(dialogue)
    #expect(connection.server == [octets("220 hi\r\n221 bye\r\n")])
    #expect(connection.client == [octets("QUIT\r\n")])
    let summary = try #require(connection.finished)
    #expect(summary.ending == .finished)
    #expect(summary.roleEvidence == .synchronize)
    #expect(summary.packetCount == 9)
    #expect(summary.firstFrame == 1 && summary.lastFrame == 9)
    #expect(connection.clientSide?.synchronizeFrame == 1)
    #expect(connection.serverSide?.finishFrame == 7)
    #expect(connection.clientSide?.finishFrame == 8)
  }
  /// Packets of the two directions may be exchanged in a capture: what acknowledges more than has come waits for it.
  @Test func aCommandMayStandBeforeTheGreetingThatItAcknowledges() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 hi\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.server("221 bye\r\n")
    dialogue.close()
    for distance in [1, 2] {
      var exchanged = dialogue
      let greeting = exchanged.packets.remove(at: 3)
      exchanged.packets.insert(greeting, at: 3 + distance)
      let connection = try only(exchanged)
      // The second packet behind it lies behind the hole, and tells that it is one.
      let isKept = distance == 1
      #expect(connection.server == (isKept ? [octets("220 hi\r\n221 bye\r\n")] : [.gap(8), octets("221 bye\r\n")]))
      #expect(connection.client == [octets("QUIT\r\n")])
      #expect(connection.serverSide?.gapByteCount == (isKept ? 0 : 8))
    }
    // What never comes is a gap, also where nothing follows.
    var lost = dialogue
    lost.packets.remove(at: 3)
    lost.packets.removeLast(4)
    let connection = try only(lost)
    #expect(connection.server == [.gap(8)] && connection.client == [octets("QUIT\r\n")])
  }
  @Test func sequenceNumbersWrap() throws {
    var dialogue = Dialogue(clientISN: 0xFFFF_FFFE, serverISN: 0xFFFF_FFFF)
    dialogue.open()
    for index in 0..<5 {
      dialogue.server("\(index)23456789")
      dialogue.client("abc")
    }
    dialogue.close()
    let connection = try only(dialogue)
    #expect(connection.server == [octets((0..<5).map { "\($0)23456789" }.joined())])
    #expect(connection.client == [octets("abcabcabcabcabc")])
  }

  @Test func octetsInASynchronizeCountOnceAcknowledged() throws {
    var dialogue = Dialogue()
    dialogue.send(fromClient: true, .syn, Array("EHLO a\r\n".utf8))
    dialogue.send(fromClient: false, [.syn, .ack])
    dialogue.client("NOOP\r\n")
    dialogue.server("220 hi\r\n")
    #expect(try only(dialogue).client == [octets("EHLO a\r\nNOOP\r\n")])
  }
  @Test func octetsInASynchronizeMayBeSentAgain() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.packets[0].payload = Array("EHLO a\r\n".utf8)
    dialogue.client("EHLO a\r\n")
    dialogue.server("250 a\r\n")
    #expect(try only(dialogue).client == [octets("EHLO a\r\n")])
  }
  @Test func keepAlivesAreNoOctets() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    var probe = dialogue.packets[3]
    probe.sequenceNumber &+= 5
    probe.payload = [0]
    dialogue.packets.append(probe)
    probe.payload = []
    dialogue.packets.append(probe)
    dialogue.client("QUIT\r\n")
    #expect(try only(dialogue).client == [octets("NOOP\r\nQUIT\r\n")])
  }
  @Test func aFinishMayBeCapturedBeforeTheLastWord() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("QUIT\r\n")
    dialogue.server("221 bye\r\n")
    dialogue.close()
    dialogue.packets.swapAt(4, 5)
    let connection = try only(dialogue)
    #expect(connection.server == [octets("221 bye\r\n")])
    #expect(connection.finished?.ending == .finished)
    #expect(connection.serverSide?.gapByteCount == 0)
    #expect(connection.serverSide?.lateByteCount == 0)
  }
  @Test func whatFollowsAFinishIsLeftOutAndCounted() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("221 bye\r\n")
    dialogue.send(fromClient: false, [.fin, .ack])
    dialogue.server("more")
    dialogue.client("QUIT\r\n")
    let connection = try only(dialogue)
    #expect(connection.server == [octets("221 bye\r\n")])
    #expect(connection.serverSide?.lateByteCount == 4)
    #expect(connection.client == [octets("QUIT\r\n")])
  }
  @Test(arguments: [-1_000, -7, 1 << 27])
  func aFinishOutsideTheWindowIsNoEnd(_ distance: Int) throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    var stray = dialogue.packets[3]
    stray.flags = [.fin, .ack]
    stray.payload = []
    stray.sequenceNumber &+= UInt32(truncatingIfNeeded: 6 + distance)
    dialogue.packets.append(stray)
    dialogue.client("QUIT\r\n")
    dialogue.close()
    let connection = try only(dialogue)
    #expect(connection.client == [octets("NOOP\r\nQUIT\r\n")])
    #expect(connection.clientSide?.lateByteCount == 0)
    #expect(connection.clientSide?.finishFrame == 8)
    #expect(connection.finished?.ending == .finished)
    #expect(connection.remarks.contains { $0.irregularity == .outOfWindow && $0.frames == [5] })
  }
  /// Octets ahead of their turn that a FIN turns out to precede: some of one segment, or all of it.
  @Test(arguments: [2, 12])
  func whatWasHeldBehindAFinishIsLeftOutAndCounted(_ missing: Int) throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    var ahead = dialogue.packets[3]
    ahead.sequenceNumber &+= UInt32(6 + missing)
    ahead.payload = Array("late".utf8)
    dialogue.packets.append(ahead)
    dialogue.client("BYE")
    dialogue.close()
    dialogue.packets.swapAt(5, 7)
    let connection = try only(dialogue)
    #expect(connection.client == [octets(missing == 2 ? "NOOP\r\nBYl" : "NOOP\r\nBYE")])
    #expect(connection.clientSide?.gapByteCount == 0)
    #expect(connection.clientSide?.lateByteCount == (missing == 2 ? 3 : 4))
    #expect(connection.finished?.ending == .finished)
  }
  @Test func whatWasNotCapturedBehindAFinishIsNoGap() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.send(fromClient: true, [.fin, .ack])
    var long = dialogue.packets[3]
    long.payload += Array("and more".utf8)
    dialogue.packets.append(long)
    var frames = dialogue.frames
    frames[5].removeLast(8)
    let connection = try #require(reassemble(frames).connections.first)
    #expect(connection.client == [octets("NOOP\r\n")])
    #expect(connection.clientSide?.gapByteCount == 0)
  }
  @Test func whatFollowsAResetIsLeftOutAndCounted() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.send(fromClient: false, [.rst, .ack])
    dialogue.client("QUIT\r\n")
    let connection = try only(dialogue)
    #expect(connection.client == [octets("NOOP\r\n")])
    #expect(connection.clientSide?.lateByteCount == 6)
    #expect(connection.finished?.ending == .reset)
    #expect(connection.serverSide?.resetFrame == 5)
  }
  @Test func aResetFarOutsideTheWindowIsNoEnd() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.send(fromClient: false, [.rst, .ack])
    dialogue.packets[3].sequenceNumber &+= 1 << 30
    dialogue.client("QUIT\r\n")
    #expect(try only(dialogue).client == [octets("QUIT\r\n")])
  }
  @Test func aResetAfterBothFinishesIsNoted() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("QUIT\r\n")
    dialogue.close()
    dialogue.send(fromClient: true, .rst)
    let connection = try only(dialogue)
    #expect(connection.finished?.ending == .finished)
    #expect(connection.clientSide?.resetFrame == UInt32(dialogue.packets.count))
  }
  @Test func whatIsHeldBehindAHoleIsToldWhenTheConnectionIsReset() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("one ")
    dialogue.server("two ")
    dialogue.server("three")
    dialogue.send(fromClient: true, .rst)
    dialogue.packets.remove(at: 4)
    #expect(try only(dialogue).server == [octets("one "), .gap(4), octets("three")])
  }
  @Test func aHoleBeforeAFinishIsAGap() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("one ")
    dialogue.server("two")
    dialogue.close()
    dialogue.packets.remove(at: 4)
    let connection = try only(dialogue)
    #expect(connection.server == [octets("one "), .gap(3)])
    #expect(connection.serverSide?.gapByteCount == 3)
  }

  @Test func aHoleThatThePeerAnsweredIsAGapAtOnce() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 hi\r\n")
    dialogue.client("EHLO a\r\n")
    dialogue.server("250 a\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.packets.remove(at: 4)
    let connection = try only(dialogue)
    #expect(connection.client == [.gap(8), octets("QUIT\r\n")])
    #expect(connection.clientSide?.gapByteCount == 8)
  }
  @Test func aBareAcknowledgementMayOvertake() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 hi\r\n")
    dialogue.send(fromClient: true, .ack)
    dialogue.packets.swapAt(3, 4)
    #expect(try only(dialogue).server == [octets("220 hi\r\n")])
  }
  @Test func theFirstOfTwoVersionsCounts() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("abcdef")
    dialogue.client("ghijkl")
    var other = dialogue.packets[3]
    other.payload = Array("ABCDEFGHIJKLMNOP".utf8)
    dialogue.packets.append(other)
    #expect(try only(dialogue).client == [octets("abcdefghijklMNOP")])
    // The same, held out of order: the middle came first.
    dialogue.packets = Array(dialogue.packets[0..<3]) + [dialogue.packets[4], other]
    #expect(try only(dialogue).client == [octets("ABCDEFghijklMNOP")])
  }
  @Test func whatWasNotCapturedIsAGap() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("0123456789")
    dialogue.client("abc")
    var decoder = FrameDecoder(sink: Reassembler(sink: StreamLog()))
    for (index, frame) in dialogue.frames.enumerated() {
      let cut = index == 3 ? Array(frame.dropLast(4)) : frame
      decoder.receive(
        cut.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: .ethernet, timestamp: Timestamp(nanoseconds: 0),
          originalByteCount: UInt32(frame.count)))
    }
    decoder.sink.finish()
    #expect(decoder.sink.sink.connections.first?.client == [octets("012345"), .gap(4), octets("abc")])
  }
  @Test func holesAreGivenUpBeforeMemoryRunsOut() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("lost")
    for _ in 0..<2_000 { dialogue.client("0123456789") }
    dialogue.packets.remove(at: 3)
    let connection = try only(dialogue)
    #expect(connection.client == [.gap(4), octets(String(repeating: "0123456789", count: 2_000))])
    #expect((connection.clientSide?.outOfOrderCount ?? 0) <= UInt32(StreamLimits.heldPieceCount) + 1)
  }

  @Test func theSamePortsBeginANewConnection() throws {
    var frames: [[UInt8]] = []
    for index in 0..<3 {
      var dialogue = Dialogue(clientISN: UInt32(index) * 100_000, serverISN: 7)
      dialogue.open()
      dialogue.client("\(index)")
      if index == 1 { dialogue.close() }
      frames += dialogue.frames
    }
    let (connections, flowCount) = reassemble(frames)
    #expect(connections.map(\.client) == [[octets("0")], [octets("1")], [octets("2")]])
    #expect(connections.map { $0.finished?.ending } == [.reused, .finished, .captureEnded])
    #expect(connections.map { $0.finished?.streamNumber } == [0, 1, 2])
    #expect(flowCount == 3)
  }
  @Test func aRepeatedSynchronizeBeginsNothing() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.packets.insert(dialogue.packets[0], at: 1)
    dialogue.packets.insert(dialogue.packets[2], at: 3)
    dialogue.client("QUIT\r\n")
    #expect(try only(dialogue).client == [octets("QUIT\r\n")])
  }
  @Test func aConnectionFromTheMiddle() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.server("250 ok\r\n")
    dialogue.packets.removeFirst(3)
    let connection = try only(dialogue)
    #expect(connection.client == [octets("NOOP\r\n")])
    #expect(connection.server == [octets("250 ok\r\n")])
    #expect(connection.finished?.roleEvidence == .port)
  }
  @Test func aDirectionFromTheMiddleMayBeginAtNumberZero() throws {
    var dialogue = Dialogue(clientISN: UInt32.max)
    dialogue.open()
    dialogue.server("220 hi\r\n")
    dialogue.client("NOOP\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.packets.append(dialogue.packets[4])
    dialogue.packets.removeFirst(3)
    #expect(try only(dialogue).client == [octets("NOOP\r\nQUIT\r\n")])
  }
  @Test(arguments: [false, true]) func oneDirectionOnly(isClient: Bool) throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.server("250 ok\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.server("221 bye\r\n")
    dialogue.close()
    dialogue.packets.removeAll { $0.isFromClient != isClient }
    let connection = try only(dialogue)
    #expect(connection.client == (isClient ? [octets("NOOP\r\nQUIT\r\n")] : []))
    #expect(connection.server == (isClient ? [] : [octets("250 ok\r\n221 bye\r\n")]))
    #expect(connection.finished?.roleEvidence == (isClient ? .synchronize : .synchronizeAcknowledge))
  }
  @Test func streamsAreNumberedByTheirFirstPacket() {
    var frames: [[UInt8]] = []
    let dialogues = (0..<20).map { index in
      var dialogue = Dialogue(client: Host("192.0.2.2", UInt16(50_000 - index)))
      dialogue.open()
      dialogue.client("\(index)")
      return dialogue
    }
    for step in 0..<4 {
      // The last to speak has opened first.
      for index in step == 3 ? Array((0..<20).reversed()) : Array(0..<20) {
        frames.append(PacketBuilder.ethernet(dialogues[index].ip(dialogues[index].packets[step])))
      }
    }
    let (connections, flowCount) = reassemble(frames)
    #expect(flowCount == 20)
    for connection in connections {
      #expect(connection.client == [octets("\(connection.finished?.streamNumber ?? 99)")])
    }
  }
  @Test func connectionsWithoutOctetsAreCountedAndNotTold() {
    var frames: [[UInt8]] = []
    for index in 0..<5_000 {
      var dialogue = Dialogue(client: Host("192.0.2.\(index % 200)", UInt16(1_024 + index)))
      dialogue.send(fromClient: true, .syn)
      frames += dialogue.frames
    }
    let (connections, flowCount) = reassemble(frames)
    #expect(connections.isEmpty)
    #expect(flowCount == 5_000)
  }
  @Test func theEndIsToldAfterThePauseForLatePackets() {
    var first = Dialogue()
    first.open()
    first.client("QUIT\r\n")
    first.close()
    var second = Dialogue(client: Host("192.0.2.3", 1_234))
    second.open()
    var decoder = FrameDecoder(sink: Reassembler(sink: StreamLog()))
    func feed(_ frames: [[UInt8]], at nanoseconds: Int64) {
      for frame in frames {
        decoder.receive(
          frame.span,
          PacketHeader(
            frame: 1, linkType: .ethernet, timestamp: Timestamp(nanoseconds: nanoseconds),
            originalByteCount: UInt32(frame.count)))
      }
    }
    feed(first.frames, at: 0)
    feed([second.frames[0]], at: StreamLimits.lingerNanoseconds - 1)
    #expect(decoder.sink.sink.connections.first?.finished == nil)
    feed([second.frames[1]], at: StreamLimits.lingerNanoseconds)
    #expect(decoder.sink.sink.connections.first?.finished?.ending == .finished)
    // A stray packet of the first is remembered and begins nothing.
    feed([first.frames[3]], at: StreamLimits.lingerNanoseconds * 2)
    decoder.sink.finish()
    #expect(decoder.sink.sink.connections.count == 1)
    #expect(decoder.sink.flowCount == 2)
  }
  /// Where others' packets leave no silence, an ended connection is reported all the same.
  @Test(arguments: [nil, OnlyTCP()])
  func timeGoesOnWithPacketsThatAreNoSegments(_ predicate: OnlyTCP?) {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("QUIT\r\n")
    dialogue.close()
    var gate = PacketGate(predicate, sink: FrameDecoder(sink: Reassembler(sink: StreamLog())))
    func feed(_ frame: [UInt8], at nanoseconds: Int64) {
      gate.receive(
        frame.span,
        PacketHeader(
          frame: 1, linkType: .ethernet, timestamp: Timestamp(nanoseconds: nanoseconds),
          originalByteCount: UInt32(frame.count)))
    }
    let other = PacketBuilder.ethernet(PacketBuilder.datagram(17, PacketBuilder.udp(to: 443, [1, 2, 3])))
    for frame in dialogue.frames { feed(frame, at: 0) }
    feed(other, at: StreamLimits.lingerNanoseconds - 1)
    #expect(gate.sink.sink.sink.connections.first?.finished == nil)
    feed(other, at: StreamLimits.lingerNanoseconds)
    #expect(gate.sink.sink.sink.connections.first?.finished?.ending == .finished)
  }
  /// Refuses every datagram of UDP.
  final class OnlyTCP: PacketPredicate, Sendable {
    func passes(_ packet: Span<UInt8>, _ header: PacketHeader) -> Bool { packet[23] != 17 }
  }
  @Test func whoSpeaksBeyondTheLimitMakesTheLongestSilentGiveWay() {
    var frames: [[UInt8]] = []
    for number in 0..<StreamLimits.speakingFlowCount + 3 {
      var dialogue = Dialogue(client: Host("192.0.2.\(2 + number / 20_000)", UInt16(20_000 + number % 20_000)))
      dialogue.client("a")
      frames += dialogue.frames
    }
    let connections = reassemble(frames).connections
    #expect(connections.count == StreamLimits.speakingFlowCount + 3)
    #expect(connections.allSatisfy { $0.broken.isEmpty && $0.finished != nil })
    #expect(connections.filter { $0.finished?.ending == .evicted }.count == 3)
  }
}
