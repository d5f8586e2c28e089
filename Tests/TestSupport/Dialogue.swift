package import Packets

/// Plays a TCP connection as its two hosts would send it: packets in order, with right numbers.
package struct Dialogue: Sendable {
  /// One packet, its numbers relative to nothing: ready for a frame.
  package struct Packet: Sendable {
    package var isFromClient: Bool
    package var sequenceNumber: UInt32
    package var acknowledgementNumber: UInt32
    package var flags: TCPFlags
    package var payload: [UInt8]
  }
  package let client: Host
  package let server: Host
  package var packets: [Packet] = []
  /// The number of the next octet, of the server and of the client.
  private var next: [UInt32]

  package init(
    client: Host = Host("192.0.2.2", 40_000), server: Host = Host("192.0.2.1", 25), clientISN: UInt32 = 1_000,
    serverISN: UInt32 = 5_000
  ) {
    self.client = client
    self.server = server
    next = [serverISN, clientISN]
  }
  /// Adds a packet of either side that carries what it has received so far.
  package mutating func send(fromClient: Bool, _ flags: TCPFlags, _ payload: [UInt8] = []) {
    let side = fromClient ? 1 : 0
    packets.append(
      Packet(
        isFromClient: fromClient, sequenceNumber: next[side],
        acknowledgementNumber: flags.contains(.ack) ? next[1 - side] : 0, flags: flags, payload: payload))
    next[side] &+= UInt32(payload.count) &+ (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
  }
  package mutating func open() {
    send(fromClient: true, .syn)
    send(fromClient: false, [.syn, .ack])
    send(fromClient: true, .ack)
  }
  package mutating func say(fromClient: Bool, _ payload: [UInt8]) {
    send(fromClient: fromClient, [.psh, .ack], payload)
  }
  package mutating func client(_ text: String) { say(fromClient: true, Array(text.utf8)) }
  package mutating func server(_ text: String) { say(fromClient: false, Array(text.utf8)) }
  /// The server closes, and the client after it.
  package mutating func close() {
    send(fromClient: false, [.fin, .ack])
    send(fromClient: true, [.fin, .ack])
    send(fromClient: false, .ack)
  }
  /// A packet as an IP packet.
  package func ip(_ packet: Packet) -> [UInt8] {
    let (from, to) = packet.isFromClient ? (client, server) : (server, client)
    return PacketBuilder.ip(
      from: from, to: to,
      PacketBuilder.tcp(
        from: from, to: to, sequenceNumber: packet.sequenceNumber,
        acknowledgementNumber: packet.acknowledgementNumber, flags: packet.flags, payload: packet.payload))
  }
  package var frames: [[UInt8]] { packets.map { PacketBuilder.ethernet(ip($0)) } }
}

/// A capture of Ethernet frames, a millisecond between each.
package func capture(_ frames: [[UInt8]]) -> [UInt8] {
  var builder = PCAPBuilder(isNanosecond: true)
  for (index, frame) in frames.enumerated() {
    builder.append(frame, nanoseconds: 1_700_000_000_000_000_000 + Int64(index) * 1_000_000)
  }
  return builder.capture
}
