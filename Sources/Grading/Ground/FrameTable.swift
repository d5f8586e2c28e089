internal import Bytes
internal import Lessons
internal import Packets
internal import Scenarios

/// The frames of a capture with the fields that a display filter may ask for, under tshark's names.
package struct FrameTable: Sendable {
  package struct Row: Sendable {
    package var frame: Int
    var fields: [String: [String]] = [:]
    /// What the segment carries.
    var payload: [UInt8] = []
    func values(of field: String) -> [String] { fields[field] ?? [] }
  }
  package static let fields: Set<String> = [
    "frame.number", "tcp", "tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.port", "tcp.flags.syn", "tcp.flags.ack",
    "tcp.flags.fin", "tcp.flags.reset", "ip.src", "ip.dst", "ip.addr", "ipv6.src", "ipv6.dst", "ipv6.addr",
    "smtp", "smtp.req", "smtp.req.command", "smtp.rsp", "smtp.response.code", "smtp.rsp.code", "pop",
    "pop.request.command", "pop.response.indicator", "imap", "imap.request", "imap.request.command",
    "imap.response.status",
  ]
  /// Of these fields that name a protocol, `contains` looks at what a packet carries.
  static let protocols: Set<String> = ["tcp", "smtp", "pop", "imap"]
  package private(set) var rows: [Row] = []

  package init(_ facts: CaptureFacts) {
    var decoder = FrameDecoder(sink: Collector())
    for (index, packet) in facts.packets.enumerated() {
      decoder.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: facts.linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
    }
    rows = decoder.sink.rows
    for conversation in facts.conversations { add(conversation) }
  }
  /// All frames between the two ends of a conversation, in either direction.
  func frames(ofConnection conversation: Fact) -> [Int] {
    let ends = ["client", "server"].map { side in
      [conversation[side]?["address"]?.string, conversation[side]?["port"]?.shown]
    }
    return rows.filter { row in
      let from = ["ip.src", "ipv6.src", "tcp.srcport"].flatMap { row.values(of: $0) }
      let to = ["ip.dst", "ipv6.dst", "tcp.dstport"].flatMap { row.values(of: $0) }
      return ends == [from, to] || ends == [to, from]
    }.map(\.frame)
  }
  /// What the dialogue says of frames.
  private mutating func add(_ conversation: Fact) {
    let spoken = conversation["protocol"]?.string ?? ""
    let name = spoken == "pop3" ? "pop" : spoken
    func frames(_ fact: Fact) -> [Int] { fact["frames"]?.elements.compactMap(\.integer) ?? [] }
    for exchange in conversation["exchanges"]?.elements ?? [] {
      if let request = exchange["request"] {
        let verb = request["verb"]?.string ?? ""
        for frame in frames(request).prefix(1) where !["*", "."].contains(verb) {
          set(frame, name, "1")
          switch name {
          case "smtp":
            set(frame, "smtp.req", "1")
            set(frame, "smtp.req.command", verb)
          case "imap":
            set(frame, "imap.request", request["line"]?.string ?? "")
            set(frame, "imap.request.command", verb)
          default: set(frame, "\(name).request.command", verb)
          }
        }
        for frame in frames(request) { set(frame, name, "1") }
      }
      for reply in exchange["replies"]?.elements ?? [] {
        for frame in frames(reply) {
          set(frame, name, "1")
          if name == "smtp" {
            set(frame, "smtp.rsp", "1")
            set(frame, "smtp.response.code", reply["code"]?.shown ?? "")
            set(frame, "smtp.rsp.code", reply["code"]?.shown ?? "")
          } else {
            set(frame, name == "pop" ? "pop.response.indicator" : "imap.response.status", reply["status"]?.shown ?? "")
          }
        }
      }
    }
  }
  private mutating func set(_ frame: Int, _ field: String, _ value: String) {
    // Rows stand in the order of their frames.
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].frame < frame { low = middle + 1 } else { high = middle }
    }
    if rows.indices.contains(low), rows[low].frame == frame { rows[low].fields[field, default: []].append(value) }
  }

  private struct Collector: SegmentSink {
    var rows: [Row] = []
    private var streams: [String: Int] = [:]

    mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
      let source = segment.key.endpoint(Int(segment.direction))
      let destination = segment.key.endpoint(Int(segment.direction) ^ 1)
      let (from, to) = (source.addressText, destination.addressText)
      let (low, high) = (segment.key.endpoint(0), segment.key.endpoint(1))
      let name = "\(low.addressText) \(low.port) \(high.addressText) \(high.port)"
      let stream = streams[name] ?? streams.count
      streams[name] = stream
      let version = from.contains(":") ? "ipv6" : "ip"
      let ports = [String(segment.sourcePort), String(segment.destinationPort)]
      rows.append(
        Row(
          frame: Int(segment.frame),
          fields: [
            "frame.number": [String(segment.frame)], "tcp": ["1"], "tcp.stream": [String(stream)],
            "tcp.srcport": [ports[0]], "tcp.dstport": [ports[1]], "tcp.port": ports,
            "tcp.flags.syn": [segment.isSynchronize ? "1" : "0"],
            "tcp.flags.ack": [segment.isAcknowledgement ? "1" : "0"],
            "tcp.flags.fin": [segment.isFinish ? "1" : "0"], "tcp.flags.reset": [segment.isReset ? "1" : "0"],
            "\(version).src": [from], "\(version).dst": [to], "\(version).addr": [from, to],
          ], payload: payload.copied()))
    }
    mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {}
    mutating func receive(_ path: TunnelPath, number: UInt32) {}
    mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {}
    mutating func idle() {}
  }
}
