package import Packets

/// Makes the packets of a TCP connection out of what was heard on sockets: right numbers, no real ones.
///
///     var connection = SynthesisedConnection(client: client, server: server, clientISN: 1_000, serverISN: 9_000)
///     connection.synchronize(); connection.synchronizeAcknowledge(); connection.acknowledge(by: .client)
///     connection.say(octets, from: .server); connection.acknowledge(by: .client); connection.finish(from: .server)
///
/// Every method returns IP packets, in order.
package struct SynthesisedConnection {
  package enum Side: Int, CaseIterable {
    case client, server
    package var other: Side { self == .client ? .server : .client }
  }
  /// Octets of one segment: an IPv4 packet holds no more with its headers.
  static let segmentByteCount = 65_495

  private let hosts: [Host]
  /// The number of each side's next octet.
  private var next: [UInt32]
  /// What each side has acknowledged of the other.
  private var acknowledged: [UInt32]

  /// Addresses of two families become those of IPv6 (RFC 4291 §2.5.5.2): one packet cannot hold both.
  package init(client: Host, server: Host, clientISN: UInt32, serverISN: UInt32) {
    let isMixed = client.address.isIPv6 != server.address.isIPv6
    hosts = isMixed ? [Self.mapped(client), Self.mapped(server)] : [client, server]
    next = [clientISN, serverISN]
    acknowledged = [0, 0]
  }
  private static func mapped(_ host: Host) -> Host {
    guard !host.address.isIPv6 else { return host }
    let octets = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + host.address.octets
    return IPAddress(octets: octets).map { Host($0, host.port) } ?? host
  }

  package mutating func synchronize() -> [UInt8] {
    defer { next[0] &+= 1 }
    return packet(from: .client, .syn)
  }
  package mutating func synchronizeAcknowledge() -> [UInt8] {
    acknowledged[1] = next[0]
    defer { next[1] &+= 1 }
    return packet(from: .server, [.syn, .ack])
  }
  /// `side` confirms all that the other has said.
  package mutating func acknowledge(by side: Side) -> [UInt8] {
    acknowledged[side.rawValue] = next[side.other.rawValue]
    return packet(from: side, .ack)
  }
  /// Octets that `side` has sent, in as many segments as they need.
  package mutating func say(_ octets: [UInt8], from side: Side) -> [[UInt8]] {
    var packets: [[UInt8]] = []
    for start in stride(from: 0, to: octets.count, by: Self.segmentByteCount) {
      let piece = Array(octets[start..<min(start + Self.segmentByteCount, octets.count)])
      packets.append(packet(from: side, [.psh, .ack], piece))
      next[side.rawValue] &+= UInt32(piece.count)
    }
    return packets
  }
  /// `side` will send nothing more.
  package mutating func finish(from side: Side) -> [UInt8] {
    defer { next[side.rawValue] &+= 1 }
    return packet(from: side, [.fin, .ack])
  }
  /// `side` breaks off.
  package mutating func reset(from side: Side) -> [UInt8] {
    acknowledged[side.rawValue] = next[side.other.rawValue]
    return packet(from: side, [.rst, .ack])
  }
  private func packet(from side: Side, _ flags: TCPFlags, _ payload: [UInt8] = []) -> [UInt8] {
    let (source, destination) = (hosts[side.rawValue], hosts[side.other.rawValue])
    return PacketBuilder.ip(
      from: source, to: destination,
      PacketBuilder.tcp(
        from: source, to: destination, sequenceNumber: next[side.rawValue],
        acknowledgementNumber: flags.contains(.ack) ? acknowledged[side.rawValue] : 0, flags: flags, payload: payload))
  }
}
