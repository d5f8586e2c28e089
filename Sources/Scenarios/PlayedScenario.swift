package import Bytes
package import MailSystem
package import Packets

/// A packet of a play.
package struct PlayedPacket: Equatable, Sendable {
  package var timestamp: Timestamp
  package var frame: [UInt8]

  package init(timestamp: Timestamp, frame: [UInt8]) {
    self.timestamp = timestamp
    self.frame = frame
  }
}

/// A play that is over, on whatever wire: what was recorded of it, and its packets.
package struct PlayedScenario: Sendable {
  package var scenario: Scenario
  package var choice: String?
  package var record: ScenarioRecord
  package var addresses: ScenarioAddresses
  package var packets: [PlayedPacket]
  package var linkType: LinkType
  /// How it was played and captured: `on a virtual wire, seed 1`.
  package var manner: String

  package init(
    scenario: Scenario, choice: String?, record: ScenarioRecord, addresses: ScenarioAddresses,
    packets: [PlayedPacket], linkType: LinkType, manner: String
  ) {
    self.scenario = scenario
    self.choice = choice
    self.record = record
    self.addresses = addresses
    self.packets = packets
    self.linkType = linkType
    self.manner = manner
  }
  package init(_ run: VirtualRun) {
    self.init(
      scenario: run.scenario, choice: run.choice, record: run.record, addresses: run.addresses,
      packets: run.packets.map { PlayedPacket(timestamp: $0.timestamp, frame: $0.frame) },
      linkType: run.link.linkType, manner: "played on a virtual wire, seed \(run.seed)")
  }
  /// What somebody of the cast is called on the page.
  package func title(_ name: String) -> String {
    scenario.cast.machine(name)?.title ?? scenario.cast.agent(name)?.title ?? name
  }
}
