import Bytes
import Dialogues
import MailSystem
import Packets
import TestSupport

@testable import Scenarios

/// Plays of the tests, on the virtual wire.
enum Plays {
  static let beginning = Timestamp(nanoseconds: 1_788_249_600_000_000_000)
  /// What is brought along, with each of its choices.
  static let all: [(name: String, choice: String?)] = BuiltInScenarios.texts.flatMap { name, text in
    guard let scenario = try? ScenarioFile.decode(text) else {
      return [] as [(name: String, choice: String?)]
    }
    return scenario.choices.isEmpty ? [(name, nil)] : scenario.choices.map { (name, $0) }
  }
  static func play(
    _ name: String, _ choice: String? = nil, seed: UInt64 = 1, _ change: (inout Scenario) -> Void = { _ in }
  ) throws -> VirtualRun {
    guard var scenario = try BuiltInScenarios.scenario(name) else { throw ScenarioError("no scenario \(name)") }
    change(&scenario)
    return play(scenario, choice ?? scenario.usualChoice, seed: seed)
  }
  static func play(_ scenario: Scenario, _ choice: String? = nil, seed: UInt64 = 1) -> VirtualRun {
    var lab = VirtualLab(scenario, choice: choice, seed: seed, beginning: beginning)
    return lab.play()
  }
  /// A scenario of these steps and faults, with a message `m` from Alice to Bob.
  static func scenario(steps: String, more: String = "") throws -> Scenario {
    try ScenarioFile.decode(
      """
      name: test
      title: A test
      messages:
        m: { from: alice, to: [bob], subject: Test, text: "How are you?\\n" }
      \(more)
      steps:
      \(steps)
      """)
  }
  static let send = "- { title: Send, agent: alice-laptop, send: { message: m } }\n"
  static let arrive = "- { title: Wait, wait: { mailbox: bob } }\n"
}
