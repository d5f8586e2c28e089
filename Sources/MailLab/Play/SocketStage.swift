internal import Bytes
package import MailSystem
internal import NIOCore

/// Plays a scenario on real sockets: a private lab on loopback addresses and ports of its own, and agents that come from
/// addresses of their own. All of it lives on the lab's event loop.
///
///     let stage = try await SocketStage.start(scenario, choice: "pop3", options)
///     … capture stage.addresses' ports …
///     let outcome = try await stage.play()
///     await stage.close()
package final class SocketStage: Sendable {
  package struct Options: Sendable {
    /// What a second becomes for mail that waits: minutes are seconds here.
    package var timeScale = 1.0 / 60
    /// Whether what passes is kept at the sockets, for who may not capture.
    package var recordsSockets = false
    /// Where the secrets of TLS are written.
    package var keyLogPath: String?

    package init() {}
  }
  package struct Outcome: Sendable {
    package var record: ScenarioRecord
    package var events: [RecordedEvent]
  }
  package let scenario: Scenario
  package let choice: String?
  package let addresses: ScenarioAddresses
  private let lab: Lab
  private let passwords: [String: String]

  private init(
    _ scenario: Scenario, _ choice: String?, _ addresses: ScenarioAddresses, _ lab: Lab, _ passwords: [String: String]
  ) {
    self.scenario = scenario
    self.choice = choice
    self.addresses = addresses
    self.lab = lab
    self.passwords = passwords
  }
  /// Starts the machines; throws a `LabError` where that cannot be.
  package static func start(_ scenario: Scenario, choice: String?, _ options: Options) async throws -> SocketStage {
    var source = OctetSource.system
    var passwords: [String: String] = [:]
    var addresses = ScenarioAddresses.loopback(scenario)
    let machines = scenario.cast.machines.map { machine in
      let accounts = machine.users.map { user in
        let name = "\(user)@\(machine.domain)"
        let password = Passphrase.make(from: &source)
        passwords[name] = password
        return MailAccount(name: name, password: password)
      }
      return LabConfiguration.Machine(
        hostName: machine.hostName, domain: machine.domain, address: addresses.text(of: machine.name),
        accounts: accounts)
    }
    var configuration = LabConfiguration(machines: machines)
    configuration.setPorts(.from(0))
    var labOptions = LabOptions(timeScale: options.timeScale, keyLogPath: options.keyLogPath)
    labOptions.recordsSockets = options.recordsSockets
    for machine in scenario.cast.machines {
      labOptions.faults[machine.hostName] = Dictionary(
        uniqueKeysWithValues: MailService.allCases.map { ($0, scenario.faultPlan(machine.name, $0)) })
    }
    let lab = try await Lab.start(configuration, labOptions)
    for (machine, running) in zip(scenario.cast.machines, lab.configuration.machines) {
      for service in MailService.allCases {
        addresses.ports[machine.name, default: [:]][service] = LabConfiguration.Service(rawValue: service.rawValue)
          .flatMap { running.ports[$0] }.flatMap { UInt16(exactly: $0) }
      }
    }
    return SocketStage(scenario, choice, addresses, lab, passwords)
  }
  /// Plays all steps, or those until something comes through `interruption`.
  package func play(until interruption: AsyncStream<Void>) async throws -> Outcome {
    let player = ScenarioPlayer(scenario, choice: choice, passwords: passwords)
    let eventLoop = lab.eventLoop
    let over = eventLoop.makePromise(of: Void.self)
    let play = try await eventLoop.submit { [self] in
      let play = SocketPlay(player, scenario, addresses, lab, over)
      play.advanceSoon()
      return NIOLoopBound(play, eventLoop: eventLoop)
    }.get()
    let watch = Task {
      for await _ in interruption { eventLoop.execute { play.value.finish() } }
    }
    try await over.futureResult.get()
    watch.cancel()
    return try await eventLoop.submit { play.value.outcome }.get()
  }
  package func close() async { await lab.shutDown() }
}
