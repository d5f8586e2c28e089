internal import Bytes
internal import Packets
internal import Scenarios

/// The capture of a trial, taken apart: its connections in the order in which they began, and names that were asked of
/// the name service.
package struct WireCapture: Sendable {
  package private(set) var connections: [WireConnection] = []
  /// Names asked for in DNS, with the frame of each (RFC 1035 §4.1.2).
  package private(set) var askedNames: [(name: String, frame: Int)] = []
  package private(set) var frameCount = 0

  /// Of a capture file without packets.
  private static let headerByteCount = 24

  /// Reads a capture file. nil when it is none.
  package init?(_ file: [UInt8]) {
    // A capture in which nothing was said is one, too.
    if file.count == Self.headerByteCount { return }
    guard let facts = try? SubmittedCapture.packets(octets: file) else { return nil }
    var decoder = FrameDecoder(sink: Recorder())
    for (index, packet) in facts.packets.enumerated() {
      decoder.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: facts.linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
      if let name = DNSQuestion.name(in: packet.frame) { askedNames.append((name, index + 1)) }
    }
    frameCount = facts.packets.count
    connections = decoder.sink.connections.map(\.connection)
    for index in connections.indices { connections[index].divide() }
  }
  /// The connections to where the server of the case listens, on which something could be said.
  package func connections(to host: String, _ port: UInt16) -> [WireConnection] {
    connections.filter { $0.isOpen && $0.server.port == port }
  }

  /// Puts each direction's octets in order: on one machine nothing is lost, but what was sent twice counts once.
  private struct Recorder: SegmentSink {
    struct Open {
      var connection: WireConnection
      var next: [UInt32?] = [nil, nil]
      /// What came before its turn, by its number.
      var early: [[UInt32: (octets: [UInt8], frame: Int, offset: Int, time: Int64)]] = [[:], [:]]
    }
    var connections: [Open] = []
    private var indices: [String: Int] = [:]

    mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
      let from = place(segment, Int(segment.direction))
      let to = place(segment, Int(segment.direction) ^ 1)
      let forward = "\(from.text) \(to.text)"
      let index: Int
      if segment.isSynchronize, !segment.isAcknowledgement {
        if let known = indices[forward], connections[known].next[0] == segment.sequenceNumber &+ 1 { return }
        index = connections.count
        connections.append(
          Open(
            connection: WireConnection(
              client: from, server: to, firstFrame: Int(segment.frame), beginning: segment.timestamp.nanoseconds)))
        indices[forward] = index
        indices["\(to.text) \(from.text)"] = index
      } else {
        guard let known = indices[forward] else { return }
        index = known
      }
      let side = connections[index].connection.client == from ? 0 : 1
      let frame = Int(segment.frame)
      if segment.isSynchronize {
        connections[index].next[side] = segment.sequenceNumber &+ 1
        if side == 1 { connections[index].connection.isOpen = true }
      }
      if payload.count > 0 {
        connections[index].early[side][segment.sequenceNumber] = (
          payload.copied(), frame, Int(segment.frameOffset), segment.timestamp.nanoseconds
        )
        deliver(&connections[index], side)
      }
      if segment.isFinish, connections[index].connection.finishFrames[side] == nil {
        connections[index].connection.finishFrames[side] = frame
      }
      if segment.isReset, connections[index].connection.resetFrames[side] == nil {
        connections[index].connection.resetFrames[side] = frame
      }
    }
    private func deliver(_ open: inout Open, _ side: Int) {
      while let next = open.next[side] {
        guard let (number, piece) = open.early[side].first(where: { Int32(bitPattern: $0.key &- next) <= 0 }) else {
          return
        }
        open.early[side][number] = nil
        let known = Int(next &- number)
        guard known < piece.octets.count else { continue }
        open.connection.said[side].append(
          Array(piece.octets[known...]), frame: piece.frame, frameOffset: piece.offset + known,
          nanoseconds: piece.time)
        open.next[side] = number &+ UInt32(piece.octets.count)
      }
    }
    private func place(_ segment: borrowing TCPSegment, _ side: Int) -> WireConnection.Place {
      let endpoint = segment.key.endpoint(side)
      return WireConnection.Place(address: endpoint.addressText, port: endpoint.port)
    }
    mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {}
    mutating func receive(_ path: TunnelPath, number: UInt32) {}
    mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {}
    mutating func idle() {}
  }
}

/// The name in a question to the name service (RFC 1035 §4.1.2), in a plain UDP packet over IPv4 on Ethernet.
enum DNSQuestion {
  static func name(in frame: [UInt8]) -> String? {
    guard frame.count > 14 + 20 + 8 + 12, frame[12] == 8, frame[13] == 0, frame[23] == 17 else { return nil }
    let udp = 14 + Int(frame[14] & 15) * 4
    guard frame.count > udp + 20, frame[udp + 2] == 0, frame[udp + 3] == 53 else { return nil }
    var labels: [String] = []
    var place = udp + 20
    while place < frame.count, frame[place] > 0, frame[place] < 64, labels.count < 20 {
      let length = Int(frame[place])
      guard place + 1 + length < frame.count else { return nil }
      labels.append(String(decoding: frame[(place + 1)..<(place + 1 + length)], as: UTF8.self))
      place += 1 + length
    }
    return labels.isEmpty ? nil : labels.joined(separator: ".")
  }
}
