import Bytes
import Capture
import MailLab
import Packets
import Scenarios

/// Packets of what was recorded at sockets.
enum SocketPackets {
  static func make(_ events: [RecordedEvent]) -> [PlayedPacket] {
    var connections: [Int: SynthesisedConnection] = [:]
    var packets: [PlayedPacket] = []
    for event in events {
      func add(_ frame: [UInt8]) { packets.append(PlayedPacket(timestamp: event.timestamp, frame: frame)) }
      if case .opened(let client, let server) = event.kind {
        guard let clientHost = host(client), let serverHost = host(server) else { continue }
        let number = UInt32(truncatingIfNeeded: event.connection + 1)
        var connection = SynthesisedConnection(
          client: clientHost, server: serverHost, clientISN: number &* 100_000, serverISN: number &* 200_000)
        add(connection.synchronize())
        add(connection.synchronizeAcknowledge())
        add(connection.acknowledge(by: .client))
        connections[event.connection] = connection
        continue
      }
      guard var connection = connections[event.connection] else { continue }
      switch event.kind {
      case .opened: break
      case .said(let octets, let byClient):
        for frame in connection.say(octets, from: byClient ? .client : .server) { add(frame) }
        add(connection.acknowledge(by: byClient ? .server : .client))
      case .finished(let byClient):
        add(connection.finish(from: byClient ? .client : .server))
        add(connection.acknowledge(by: byClient ? .server : .client))
      case .reset(let byClient): add(connection.reset(from: byClient ? .client : .server))
      }
      connections[event.connection] = connection
    }
    return packets
  }
  private static func host(_ place: (String, Int)) -> Host? {
    guard let address = IPAddress(place.0), let port = UInt16(exactly: place.1) else { return nil }
    return Host(address, port)
  }
}
