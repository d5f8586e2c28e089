package import Packets

/// Who plays: mail server machines with their users, and the devices on which the users' agents run.
package struct ScenarioCast: Equatable, Sendable {
  /// A mail server machine.
  package struct Machine: Equatable, Sendable {
    package var name: String
    package var title: String
    package var hostName: String
    package var domain: String
    /// Local parts: `alice`.
    package var users: [String]
    /// On the virtual wire; nil for one of the documentation addresses.
    package var address: IPAddress?
  }
  /// A device with a user agent.
  package struct Agent: Equatable, Sendable {
    package var name: String
    package var title: String
    package var user: String
    /// On the virtual wire; nil for one of the documentation addresses.
    package var address: IPAddress?
  }
  package var machines: [Machine]
  package var agents: [Agent]

  /// The lesson's: Alice's laptop, Bob's office and home, and a mail server for each of the two.
  package static let standard = ScenarioCast(
    machines: [
      Machine(
        name: "alice-server", title: "Alice's mail server", hostName: "mail.example.org", domain: "example.org",
        users: ["alice"]),
      Machine(
        name: "bob-server", title: "Bob's mail server", hostName: "mail.someschool.edu", domain: "someschool.edu",
        users: ["bob"]),
    ],
    agents: [
      Agent(name: "alice-laptop", title: "Alice's laptop", user: "alice"),
      Agent(name: "bob-office", title: "Bob's office", user: "bob"),
      Agent(name: "bob-home", title: "Bob's home", user: "bob"),
    ])

  package func machine(_ name: String) -> Machine? { machines.first { $0.name == name } }
  package func agent(_ name: String) -> Agent? { agents.first { $0.name == name } }
  /// The machine where a user has the mailbox.
  package func home(of user: String) -> Machine? { machines.first { $0.users.contains(user) } }
  /// `alice` → `alice@example.org`; what is an address already stays.
  package func address(of user: String) -> String {
    user.contains("@") ? user : home(of: user).map { "\(user)@\($0.domain)" } ?? user
  }
}

extension ScenarioCast: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case machines, agents }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    machines = try map.value(.machines, or: Self.standard.machines)
    agents = try map.value(.agents, or: Self.standard.agents)
  }
  fileprivate static func address(_ text: String?, _ decoder: any Decoder) throws -> IPAddress? {
    guard let text else { return nil }
    guard let address = IPAddress(text) else { throw decoder.failure("'\(text)' is no IP address") }
    return address
  }
}
extension ScenarioCast.Machine: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case name, title, host, domain, users, address }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    name = try map.decode(String.self, forKey: .name)
    domain = try map.decode(String.self, forKey: .domain)
    hostName = try map.value(.host, or: "mail.\(domain)")
    title = try map.value(.title, or: hostName)
    users = try map.value(.users, or: [])
    address = try ScenarioCast.address(map.decodeIfPresent(String.self, forKey: .address), decoder)
  }
}
extension ScenarioCast.Agent: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case name, title, user, address }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    name = try map.decode(String.self, forKey: .name)
    title = try map.value(.title, or: name)
    user = try map.decode(String.self, forKey: .user)
    address = try ScenarioCast.address(map.decodeIfPresent(String.self, forKey: .address), decoder)
  }
}
