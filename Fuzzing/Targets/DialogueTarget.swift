import Bytes
import Dialogues
import Packets
import Streams

/// The input is a dialogue: an octet for the protocol and the options, then pieces of either side's stream, given to
/// the dissection as a reassembler would give them.
///
///     input  = options *piece
///     piece  = header *octet                  ; up to the next 0xFF
///            / header length-high length-low *octet
///
/// Bits of `options`: 0–2 the protocol (0 to 4 force one, else the words must tell), 3 masks passwords, 4 leaves the
/// exchanges out, 5 leaves digests out, 6 the roles are known by ports only. Bits of a header: 0 the server speaks,
/// 1 a gap as long as the octets say, 2 a length follows, 3 the other of two connections, 4 the connection ends here
/// and begins anew.
enum DialogueTarget {
  static func run(_ octets: [UInt8]) {
    guard let options = octets.first else { return }
    play(octets, options, pieceByteCount: Int.max).check()
  }

  static func play(_ octets: [UInt8], _ bits: UInt8, pieceByteCount: Int) -> Transcripts {
    var options = DissectionOptions()
    let forced = Int(bits & 7)
    if forced < DissectedProtocol.allCases.count {
      options.forced = [Connection.serverPort: DissectedProtocol.allCases[forced]]
    }
    options.masksPasswords = bits & 8 != 0
    options.exchanges = bits & 16 == 0
    options.hashes = bits & 32 == 0
    let transcripts = Transcripts()
    var players = [
      Connection(flow: 0, isGuessed: bits & 64 != 0), Connection(flow: 1, isGuessed: bits & 64 != 0),
    ]
    var dissection = Dissection(options, sink: transcripts)
    var position = 1
    while position < octets.count {
      let header = octets[position]
      position += 1
      var end = position
      if header & 4 != 0, position + 2 <= octets.count {
        let length = Int(octets[position]) << 8 | Int(octets[position + 1])
        position += 2
        end = min(octets.count, position + length)
      } else {
        while end < octets.count, octets[end] != 0xFF { end += 1 }
      }
      let player = header & 8 == 0 ? 0 : 1
      let direction = header & 1 == 0 ? players[player].clientDirection : players[player].clientDirection ^ 1
      if header & 2 != 0 {
        let length = octets[position..<end].reduce(1) { ($0 << 8 | Int($1)) & 0x3FF_FFFF }
        players[player].skip(max(1, length), direction, &dissection)
      } else {
        var start = position
        while start < end {
          let piece = min(pieceByteCount, end - start)
          players[player].say(octets.span.extracting(start..<start + piece), direction, &dissection)
          start += piece
        }
      }
      if header & 16 != 0 { players[player].finish(&dissection) }
      position = header & 4 != 0 ? end : end + 1
    }
    for player in players.indices { players[player].finish(&dissection) }
    return transcripts
  }
}

/// One connection's calls to the dissection, in the order that `StreamSink` demands.
struct Connection {
  static let serverPort: UInt16 = 25
  private let flow: Int
  private var summary: FlowSummary
  private var offsets: [UInt64] = [0, 0]
  private var frame: UInt32 = 0
  private var hasBegun = false

  var clientDirection: Int { Int(summary.clientDirection) }

  init(flow: Int, isGuessed: Bool) {
    self.flow = flow
    summary = Self.sample
    summary.roleEvidence = isGuessed ? .port : .synchronize
    summary.streamNumber = UInt32(flow)
  }
  mutating func say(_ octets: Span<UInt8>, _ direction: Int, _ dissection: inout Dissection) {
    if octets.count == 0 { return }
    begin(&dissection)
    dissection.receive(octets, at: position(direction))
    offsets[direction] += UInt64(octets.count)
  }
  mutating func skip(_ byteCount: Int, _ direction: Int, _ dissection: inout Dissection) {
    begin(&dissection)
    dissection.gap(byteCount: byteCount, at: position(direction))
    offsets[direction] += UInt64(byteCount)
  }
  mutating func finish(_ dissection: inout Dissection) {
    if hasBegun { dissection.finish(flow: flow, summary, remarks: RemarkBook()) }
    (hasBegun, offsets) = (false, [0, 0])
  }
  private mutating func begin(_ dissection: inout Dissection) {
    if !hasBegun { dissection.begin(flow: flow, summary) }
    hasBegun = true
  }
  /// Every piece is of the next frame, unless pieces are compared.
  private mutating func position(_ direction: Int) -> StreamPosition {
    frame += 1
    return StreamPosition(
      flow: flow, direction: direction, offset: offsets[direction], frame: frame, frameOffset: frame & 7 == 0 ? -1 : 54,
      timestamp: summary.firstTimestamp)
  }

  /// The summary of a connection to port 25, from real packets: only the reassembler makes them. It begins with a SYN,
  /// so that there is nothing to remark on: remarks would be in a book that is not the one that `finish` lends.
  private static let sample: FlowSummary = {
    let header: [UInt8] =
      [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]  // Ethernet
      + [0x45, 0, 0, 41, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]  // IPv4
      + [0x9C, 0x40, 0, 25, 0, 0, 0]  // TCP's ports and the beginning of the sequence number
    var packets = [
      header + [0, 0, 0, 0, 0, 0x50, 2, 255, 255, 0, 0, 0, 0],
      header + [1, 0, 0, 0, 0, 0x50, 0x18, 255, 255, 0, 0, 0, 0, 65],
    ]
    packets[0][17] = 40
    var decoder = FrameDecoder(sink: Reassembler(sink: SummarySink()))
    for packet in packets {
      decoder.receive(
        packet.span,
        PacketHeader(
          frame: 1, linkType: .ethernet, timestamp: Timestamp(nanoseconds: 1_700_000_000_000_000_000),
          originalByteCount: UInt32(packet.count)))
    }
    guard let summary = decoder.sink.sink.summary else { fatalError("the sample is no connection") }
    return summary
  }()
}

private struct SummarySink: StreamSink, ~Copyable {
  var summary: FlowSummary?
  mutating func begin(flow: Int, _ summary: FlowSummary) { self.summary = summary }
  mutating func receive(_ bytes: Span<UInt8>, at position: StreamPosition) {}
  mutating func gap(byteCount: Int, at position: StreamPosition) {}
  mutating func finish(flow: Int, _ summary: FlowSummary, remarks: borrowing RemarkBook) {}
  mutating func note(_ remark: StreamRemark) {}
  mutating func idle() {}
}
