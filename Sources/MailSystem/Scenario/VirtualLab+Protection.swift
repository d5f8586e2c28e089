internal import TransportSecurity

/// TLS between the wire and who speaks on it.
extension VirtualLab {
  mutating func protectAgent(_ socket: VirtualWire.Socket, toward machine: String) {
    let hostName = scenario.cast.machine(machine)?.hostName ?? machine
    protect(socket) { security throws(TLSError) in try security.client(of: hostName) }
  }
  mutating func protectServer(_ socket: VirtualWire.Socket) {
    guard let index = servers[socket]?.machine else { return }
    let hostName = machines[index].cast.hostName
    protect(socket) { security throws(TLSError) in try security.server(hostName) }
  }
  private mutating func protect(
    _ socket: VirtualWire.Socket, _ begin: (VirtualSecurity) throws(TLSError) -> TLSConnection
  ) {
    guard let security else { return close(socket) }
    do {
      let protection = try begin(security)
      protections[socket] = protection
      sendRecords(socket, protection)
    } catch {
      close(socket)
      lose(socket, because: error)
    }
  }
  /// Sends what somebody says, in clear or inside TLS.
  mutating func send(_ octets: [UInt8], _ socket: VirtualWire.Socket) {
    guard let protection = protections[socket] else { return transmit(octets, socket) }
    protection.send(octets)
    sendRecords(socket, protection)
  }
  /// Hangs up, in TLS with its word for that (RFC 8446 §6.1).
  mutating func close(_ socket: VirtualWire.Socket) {
    if let protection = protections[socket] {
      protection.close()
      sendRecords(socket, protection)
    }
    wire.close(socket)
  }
  mutating func receiveProtected(_ socket: VirtualWire.Socket, _ octets: [UInt8]) {
    guard let protection = protections[socket] else { return }
    let wasOpen = protection.state == .open
    protection.receive(octets)
    sendRecords(socket, protection)
    if case .failed(let error) = protection.state {
      protections[socket] = nil
      wire.close(socket)
      return lose(socket, because: error)
    }
    if !wasOpen, protection.state == .open { beginProtected(socket) }
    let plaintext = protection.takePlaintext()
    if !plaintext.isEmpty { hear(socket, plaintext) }
  }
  /// Sends what TLS itself has to say, and what it has made of what was said.
  private mutating func sendRecords(_ socket: VirtualWire.Socket, _ protection: TLSConnection) {
    let records = protection.takeOutput()
    if !records.isEmpty { transmit(records, socket) }
  }
  private mutating func beginProtected(_ socket: VirtualWire.Socket) {
    if let id = agents[socket] {
      player.beginProtected(id)
      speak(socket)
    } else if servers[socket] != nil {
      withServer(socket) { $0.beginProtected(&$1, at: $2) }
    }
  }
  /// TLS has failed: who waited for it is told why.
  private mutating func lose(_ socket: VirtualWire.Socket, because error: TLSError) {
    if let id = agents.removeValue(forKey: socket) {
      player.ended(id, reason: "TLS failed: \(error)", at: wire.time)
    } else if let entry = servers[socket] {
      end(socket, entry.machine)
    }
  }
}
