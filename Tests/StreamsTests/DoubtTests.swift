import Packets
import TestSupport
import Testing

@testable import Streams

/// RST and SYN that somebody else may have sent, in the midst of a connection (RFC 5961).
@Suite struct DoubtTests {
  /// A connection whose client says `NOOP`, and then what `more` adds; behind NOOP's answer stands a packet that `insert`
  /// makes.
  private func dialogue(_ insert: (inout Dialogue) -> Void, more: Bool = true) -> Dialogue {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.server("250 ok\r\n")
    // What is inserted does not count for the numbers of what follows.
    var forged = dialogue
    insert(&forged)
    let packets = forged.packets.dropFirst(dialogue.packets.count)
    if more {
      dialogue.client("QUIT\r\n")
      dialogue.server("221 bye\r\n")
      dialogue.close()
    }
    dialogue.packets.insert(contentsOf: packets, at: 5)
    return dialogue
  }
  private func reset(_ offset: Int, fromClient: Bool) -> (inout Dialogue) -> Void {
    { dialogue in
      dialogue.send(fromClient: fromClient, .rst)
      let last = dialogue.packets.count - 1
      dialogue.packets[last].sequenceNumber &+= UInt32(truncatingIfNeeded: offset)
    }
  }

  @Test(arguments: [-6, -1, 1, 3, 6, 500, 60_000], [true, false])
  func aResetAtAnotherNumberIsNoEndWhereItsHostGoesOn(_ offset: Int, fromClient: Bool) throws {
    let log = reassemble(dialogue(reset(offset, fromClient: fromClient)).frames)
    let connection = try #require(log.connections.first)
    #expect(log.connections.count == 1 && connection.broken == [])
    #expect(connection.client == [octets("NOOP\r\nQUIT\r\n")])
    #expect(connection.server == [octets("250 ok\r\n221 bye\r\n")])
    #expect(connection.finished?.ending == .finished)
    // Far ahead of all that is said, nothing tells that it does not count.
    let isPassed = offset <= 6
    let remarks = connection.remarks.filter { $0.irregularity == .resetOutOfWindow }
    #expect(remarks.map(\.frames) == (isPassed ? [[6]] : []))
    let side = try #require(fromClient ? connection.clientSide : connection.serverSide)
    #expect(side.resetFrame == (isPassed ? 0 : 6))
  }
  /// Octets before it may be lost: a RST behind which nothing comes is an end.
  @Test(arguments: [-6, 0, 500]) func aResetBehindWhichNothingComesIsAnEnd(_ offset: Int) throws {
    let log = reassemble(dialogue(reset(offset, fromClient: false), more: false).frames)
    let connection = try #require(log.connections.first)
    #expect(connection.finished?.ending == .reset)
    #expect(connection.serverSide?.resetFrame == 6)
    #expect(!connection.remarks.contains { $0.irregularity == .resetOutOfWindow })
  }
  @Test func aResetBehindWhichTheNextConnectionBeginsIsAnEnd() throws {
    var dialogue = dialogue(reset(500, fromClient: false), more: false)
    var next = Dialogue(clientISN: 9_000, serverISN: 4_000)
    next.open()
    next.client("QUIT\r\n")
    next.close()
    dialogue.packets += next.packets
    let connections = reassemble(dialogue.frames).connections
    #expect(connections.map(\.finished?.ending) == [.reset, .finished])
    #expect(connections.map(\.client) == [[octets("NOOP\r\n")], [octets("QUIT\r\n")]])
  }
  /// What came ahead of its turn was received, and so was what the peer acknowledged.
  @Test func aResetBehindAHoleIsAnEnd() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("one ")
    dialogue.client("two ")
    dialogue.send(fromClient: true, .rst)
    dialogue.client("three")
    dialogue.packets.remove(at: 3)
    let connection = try #require(reassemble(dialogue.frames).connections.first)
    #expect(connection.client == [.gap(4), octets("two ")])
    #expect(connection.finished?.ending == .reset && connection.clientSide?.lateByteCount == 5)
  }
  @Test(arguments: [true, false], [-3, 0, 5, 70_000, 1 << 30])
  func aSynchronizeThatIsNotTakenUpHidesNothing(fromClient: Bool, _ offset: Int) throws {
    let forged = dialogue { dialogue in
      dialogue.send(fromClient: fromClient, .syn)
      let last = dialogue.packets.count - 1
      dialogue.packets[last].sequenceNumber &+= UInt32(truncatingIfNeeded: offset)
    }
    let log = reassemble(forged.frames)
    // Wireshark numbers another connection there, too.
    #expect(log.connections.count == 2)
    let rest = try #require(log.connections.last)
    #expect(rest.client == [octets("QUIT\r\n")] && rest.server == [octets("221 bye\r\n")])
    #expect(rest.finished?.ending == .finished && rest.finished?.roleEvidence == .port)
    #expect(rest.remarks.contains { $0.irregularity == .outOfWindow && $0.frames == [6] })
  }
  /// The peer's answer, or the next octet of the SYN's host where that was not captured, tells that it counts.
  @Test(arguments: [0, 1, 2]) func aSynchronizeThatIsTakenUpBeginsAnotherConnection(lost: Int) throws {
    var dialogue = Dialogue(clientISN: 1_000, serverISN: 5_000)
    dialogue.open()
    dialogue.client("NOOP\r\n")
    var next = Dialogue(clientISN: 9_000, serverISN: 4_000)
    next.open()
    next.client("QUIT\r\n")
    next.server("221 bye\r\n")
    next.close()
    if lost > 0 { next.packets.remove(at: lost) }
    dialogue.packets += next.packets
    let log = reassemble(dialogue.frames)
    #expect(log.connections.map(\.client) == [[octets("NOOP\r\n")], [octets("QUIT\r\n")]])
    let second = try #require(log.connections.last)
    #expect(second.server == [octets("221 bye\r\n")] && second.finished?.roleEvidence == .synchronize)
    #expect(second.remarks.map(\.irregularity) == [.portReused])
  }
  /// A segment far outside of the window acknowledges nothing.
  @Test(arguments: [true, false]) func whatIsFarOutsideAcknowledgesNothing(hasPayload: Bool) throws {
    let forged = dialogue { dialogue in
      dialogue.send(fromClient: false, .ack, hasPayload ? [65] : [])
      let last = dialogue.packets.count - 1
      dialogue.packets[last].sequenceNumber &+= 1 << 30
      dialogue.packets[last].acknowledgementNumber &+= 1 << 24
    }
    let connection = try #require(reassemble(forged.frames).connections.first)
    #expect(connection.client == [octets("NOOP\r\nQUIT\r\n")])
    #expect(connection.server == [octets("250 ok\r\n221 bye\r\n")])
    #expect(connection.remarks.map(\.irregularity) == (hasPayload ? [.outOfWindow] : []))
  }
  /// Octets that came before, under a timestamp of the future, make nothing that follows one of the past.
  @Test func aRepetitionTellsNoTime() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.packets.insert(dialogue.packets[3], at: 4)
    let values: [UInt32] = [1, 1, 2, 3, 3 + 1 << 27, 4]
    let frames = zip(dialogue.packets, values).map { packet, value in
      let (from, to) = packet.isFromClient ? (dialogue.client, dialogue.server) : (dialogue.server, dialogue.client)
      return PacketBuilder.ethernet(
        PacketBuilder.ip(
          from: from, to: to,
          PacketBuilder.tcp(
            from: from, to: to, sequenceNumber: packet.sequenceNumber,
            acknowledgementNumber: packet.acknowledgementNumber, flags: packet.flags,
            options: [.timestamps(value: value, echo: 0)], payload: packet.payload)))
    }
    let connection = try #require(reassemble(frames).connections.first)
    #expect(connection.client == [octets("NOOP\r\nQUIT\r\n")])
    #expect(connection.remarks.map(\.irregularity) == [.retransmission])
  }
}
