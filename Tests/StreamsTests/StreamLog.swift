import Bytes
import Packets
import Streams
import TestSupport

/// What was told of one direction: octets and holes in stream order, neighbours joined.
enum Told: Equatable {
  case octets([UInt8])
  case gap(Int)
}
/// What is kept of something unusual until its connection is told to be over.
struct KeptRemark: Equatable {
  var irregularity: Irregularity
  var direction: Int
  var count: Int
  var frames: [UInt32]
  var earlierFrame: UInt32
  var offset: UInt64
  var earlier: String
  var later: String
}
/// What was told of one connection.
struct Connection {
  var directions: [[Told]] = [[], []]
  var offsets: [UInt64] = [0, 0]
  var begun: FlowSummary?
  var finished: FlowSummary?
  var remarks: [KeptRemark] = []
  /// Calls that broke the contract of `StreamSink`.
  var broken: [String] = []

  var client: [Told] { directions[Int(finished?.clientDirection ?? 0)] }
  var server: [Told] { directions[Int(finished?.clientDirection ?? 0) ^ 1] }
  var clientSide: FlowSummary.Side? { finished.map { $0.sides[Int($0.clientDirection)] } }
  var serverSide: FlowSummary.Side? { finished.map { $0.sides[Int($0.clientDirection) ^ 1] } }

  mutating func add(_ told: Told, direction: Int) {
    switch (directions[direction].last, told) {
    case (.octets(let before)?, .octets(let more)):
      directions[direction][directions[direction].count - 1] = .octets(before + more)
    case (.gap(let before)?, .gap(let more)):
      directions[direction][directions[direction].count - 1] = .gap(before + more)
    default: directions[direction].append(told)
    }
  }
}

/// Writes down what a reassembler tells, and watches over the order of calls.
struct StreamLog: StreamSink {
  var connections: [Connection] = []
  /// Everything unusual, in the order in which it was told.
  var remarks: [StreamRemark] = []
  private var current: [Int: Int] = [:]

  mutating func begin(flow: Int, _ summary: FlowSummary) {
    current[flow] = connections.count
    var connection = Connection()
    connection.begun = summary
    connections.append(connection)
  }
  private mutating func change(_ flow: Int, _ body: (inout Connection) -> Void) {
    guard let index = current[flow] else {
      connections.append(Connection(broken: ["flow \(flow) was never begun"]))
      return
    }
    body(&connections[index])
  }
  mutating func receive(_ bytes: Span<UInt8>, at position: StreamPosition) {
    let octets = bytes.copied()
    change(position.flow) {
      if $0.finished != nil { $0.broken.append("octets after finish") }
      if octets.isEmpty { $0.broken.append("no octets") }
      if $0.offsets[position.direction] != position.offset { $0.broken.append("octets at \(position.offset)") }
      $0.offsets[position.direction] = position.offset + UInt64(octets.count)
      $0.add(.octets(octets), direction: position.direction)
    }
  }
  mutating func gap(byteCount: Int, at position: StreamPosition) {
    change(position.flow) {
      if $0.finished != nil { $0.broken.append("a gap after finish") }
      if byteCount <= 0 { $0.broken.append("a gap of \(byteCount)") }
      if $0.offsets[position.direction] != position.offset { $0.broken.append("a gap at \(position.offset)") }
      $0.offsets[position.direction] = position.offset + UInt64(byteCount)
      $0.add(.gap(byteCount), direction: position.direction)
    }
  }
  mutating func note(_ remark: StreamRemark) { remarks.append(remark) }
  mutating func finish(flow: Int, _ summary: FlowSummary, remarks: borrowing RemarkBook) {
    var kept: [KeptRemark] = []
    remarks.forEach(of: summary) { entry, earlier, later in
      kept.append(
        KeptRemark(
          irregularity: entry.irregularity, direction: Int(entry.direction), count: Int(entry.count),
          frames: (0..<Int(entry.frameCount)).map { entry.frames[$0] }, earlierFrame: entry.earlierFrame,
          offset: entry.offset, earlier: String(decoding: earlier.copied(), as: UTF8.self),
          later: String(decoding: later.copied(), as: UTF8.self)))
    }
    change(flow) {
      $0.remarks = kept
      if $0.finished != nil { $0.broken.append("finish twice") }
      $0.finished = summary
    }
    current[flow] = nil
  }
  mutating func idle() {}
}

/// What is told of frames, one after the other, a millisecond between each.
func reassemble(_ frames: [[UInt8]]) -> (connections: [Connection], flowCount: Int) {
  var decoder = FrameDecoder(sink: Reassembler(sink: StreamLog()))
  for (index, frame) in frames.enumerated() {
    decoder.receive(
      frame.span,
      PacketHeader(
        frame: UInt32(index + 1), linkType: .ethernet, timestamp: Timestamp(nanoseconds: Int64(index) * 1_000_000),
        originalByteCount: UInt32(frame.count)))
  }
  decoder.sink.finish()
  return (decoder.sink.sink.connections, decoder.sink.flowCount)
}
func octets(_ text: String) -> Told { .octets(Array(text.utf8)) }
