package import Packets

/// Where everybody of a scenario's cast is, and by which ports the services are reached.
package struct ScenarioAddresses: Sendable {
  /// By name, in the order of the cast: machines first.
  package private(set) var places: [(name: String, address: IPAddress)] = []
  package var ports: [String: [MailService: UInt16]] = [:]

  /// Documentation addresses (RFC 5737, RFC 3849): each domain has its own network, and its users' devices are there
  /// except the second device of a user, which is elsewhere.
  package static func documentation(_ scenario: Scenario) -> ScenarioAddresses {
    var addresses = ScenarioAddresses()
    let networks =
      scenario.isIPv6 ? ["2001:db8:1::", "2001:db8:2::", "2001:db8:3::"] : ["192.0.2.", "198.51.100.", "203.0.113."]
    for (index, machine) in scenario.cast.machines.enumerated() {
      addresses.add(machine.name, machine.address?.description ?? "\(networks[min(index, 1)])\(25 + max(0, index - 1))")
      addresses.ports[machine.name] = Dictionary(
        uniqueKeysWithValues: MailService.allCases.map { ($0, $0.wellKnownPort) })
    }
    var seen: Set<String> = []
    for (index, agent) in scenario.cast.agents.enumerated() {
      let isFirst = seen.insert(agent.user).inserted
      let home = scenario.cast.machines.firstIndex { $0.users.contains(agent.user) } ?? 0
      addresses.add(
        agent.name, agent.address?.description ?? "\(networks[isFirst ? min(home, 1) : 2])\(101 + index)")
    }
    return addresses
  }
  /// Loopback addresses: machines from 127.0.0.2 on, devices from 127.0.0.11 on. Who binds the ports says which.
  package static func loopback(_ scenario: Scenario) -> ScenarioAddresses {
    var addresses = ScenarioAddresses()
    let first = scenario.cast.machines.count > 9 ? 101 : 11
    for (index, machine) in scenario.cast.machines.enumerated() { addresses.add(machine.name, "127.0.0.\(2 + index)") }
    for (index, agent) in scenario.cast.agents.enumerated() { addresses.add(agent.name, "127.0.0.\(first + index)") }
    return addresses
  }
  package init() {}

  package mutating func add(_ name: String, _ text: String) {
    if let address = IPAddress(text) { places.append((name, address)) }
  }
  package func of(_ name: String) -> IPAddress { places.first { $0.name == name }?.address ?? "192.0.2.254" }
  /// The address as text.
  package func text(of name: String) -> String { of(name).description }
  /// Who has an address.
  package func name(of address: String) -> String? { places.first { $0.address.description == address }?.name }
  /// What passes to and from the services, in libpcap's language: a port alone may be somebody else's at another address.
  package var captureFilter: String {
    let services = places.flatMap { place in
      (ports[place.name] ?? [:]).values.sorted().flatMap { port in
        ["src", "dst"].map { "\($0) host \(place.address) and \($0) port \(port)" }
      }
    }
    return "tcp and (\(services.map { "(\($0))" }.joined(separator: " or ")))"
  }
  package func service(_ machine: String, port: UInt16) -> MailService? {
    ports[machine]?.first { $0.value == port }?.key
  }
}
