import TestSupport
import Testing

@testable import Streams

/// Packets that were cut at a snap length.
@Suite struct CutPacketTests {
  /// Nothing but headers: all that was said is missing, and no acknowledgement alone.
  @Test func octetsOfWhichNoneWasCapturedAreGaps() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 hi\r\n")
    dialogue.client("NOOP\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.close()
    let connection = try #require(reassemble(dialogue.frames.map { Array($0.prefix(54)) }).connections.first)
    #expect(connection.server == [.gap(8)] && connection.client == [.gap(12)])
    #expect(connection.finished?.ending == .finished && connection.broken == [])
  }
  /// Of what was sent again nothing is missing, and ahead of its turn a header tells nothing.
  @Test(arguments: [-6, 6]) func headersElsewhereTellNothing(_ offset: Int) throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.packets.insert(dialogue.packets[4], at: 4)
    dialogue.packets[4].sequenceNumber &+= UInt32(truncatingIfNeeded: offset)
    var frames = dialogue.frames
    frames[4].removeLast(6)
    let connection = try #require(reassemble(frames).connections.first)
    #expect(connection.client == [octets("NOOP\r\nQUIT\r\n")])
  }
}
