/// A lesson's play as data: who is there, what is said, and in which order (`Documentation/scenarios.md`).
///
///     name: hello
///     title: A message to Bob
///     messages:
///       hello: { from: alice, to: [bob], subject: Hello, text: How are you? }
///     steps:
///       - { title: Alice sends it, agent: alice-laptop, send: { message: hello } }
package struct Scenario: Equatable, Sendable {
  /// Of files that are written: letters, digits and hyphens.
  package var name: String
  package var title: String
  /// A few sentences over the page.
  package var about = ""
  /// The slides of the lesson that it serves: `L3`.
  package var teaches: [String] = []
  package var cast = ScenarioCast.standard
  /// What `--with` may choose among; steps say with `when` to which they belong.
  package var choices: [String] = []
  package var messages: [String: ScenarioMessage] = [:]
  /// For the virtual wire; real sockets have the conditions that they have.
  package var wire = WireConditions()
  /// Whether the virtual wire is one of IPv6.
  package var isIPv6 = false
  package var faults: [MachineFault] = []
  package var steps: [ScenarioStep]

  /// A fault of one service of one machine.
  package struct MachineFault: Equatable, Sendable {
    package var machine: String
    package var service: MailService
    package var fault: Fault
  }
  /// What it is chosen to be without a choice: the first.
  package var usualChoice: String? { choices.first }
  /// The faults of a machine's service.
  package func faultPlan(_ machine: String, _ service: MailService) -> FaultPlan {
    FaultPlan(faults.filter { $0.machine == machine && $0.service == service }.map(\.fault))
  }
}

extension Scenario: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case name, title, about, teaches, cast, choices = "with", messages, wire, faults, steps
  }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    name = try map.decode(String.self, forKey: .name)
    title = try map.decode(String.self, forKey: .title)
    about = try map.value(.about, or: "")
    teaches = try map.value(.teaches, or: [])
    cast = try map.value(.cast, or: .standard)
    choices = try map.value(.choices, or: [])
    messages = try map.value(.messages, or: [:])
    let wire = try map.value(.wire, or: ScenarioWire())
    (self.wire, isIPv6) = (wire.conditions, wire.isIPv6)
    faults = try map.value(.faults, or: [])
    steps = try map.decode([ScenarioStep].self, forKey: .steps)
  }
}

extension Scenario.MachineFault: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case at, service }
  package init(from decoder: any Decoder) throws {
    _ = try decoder.map(FaultKey.self)
    let map = try decoder.container(keyedBy: Key.self)
    machine = try map.decode(String.self, forKey: .at)
    service = try map.decode(MailService.self, forKey: .service)
    fault = try Fault(from: decoder)
  }
}

/// `wire: { delay: 20, lost: 10 }`: milliseconds, and packets of a thousand.
struct ScenarioWire: Decodable {
  var conditions = WireConditions()
  var isIPv6 = false
  private enum Key: String, CodingKey, CaseIterable { case delay, jitter, lost, reordered, duplicated, segment, ipv6 }

  init() {}
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    func nanoseconds(_ key: Key, _ usual: Int64) throws -> Int64 {
      guard let milliseconds = try map.decodeIfPresent(Double.self, forKey: key) else { return usual }
      guard milliseconds >= 0, milliseconds <= 60_000 else { throw decoder.failure("0 to 60000 ms are possible") }
      return Int64(milliseconds * 1_000_000)
    }
    func share(_ key: Key) throws -> Int {
      let share = try map.value(key, or: 0)
      guard (0...900).contains(share) else { throw decoder.failure("0 to 900 packets of a thousand are possible") }
      return share
    }
    conditions.delay = try nanoseconds(.delay, conditions.delay)
    conditions.jitter = try nanoseconds(.jitter, conditions.jitter)
    conditions.lostPerMille = try share(.lost)
    conditions.reorderedPerMille = try share(.reordered)
    conditions.duplicatedPerMille = try share(.duplicated)
    conditions.maximumSegmentSize = try map.value(.segment, or: conditions.maximumSegmentSize)
    guard (64...8_960).contains(conditions.maximumSegmentSize) else {
      throw decoder.failure("a segment has 64 to 8960 octets")
    }
    isIPv6 = try map.value(.ipv6, or: false)
  }
}
