import ArgumentParser
import Console
import Foundation
import MailLab
import MailSystem
import Scenarios

/// `mailwire lab up`: Alice's and Bob's mail servers, until somebody stops them.
struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Run Alice's and Bob's mail servers until Ctrl-C.",
    discussion: """
      Alice's server listens on 127.0.0.2 and Bob's on 127.0.0.3, each with SMTP for other servers and for its own
      users, POP3 and IMAP, in clear, with STARTTLS, and with TLS from the first octet on. Users, passwords, mailboxes
      and what waits are kept for the next start.

      EXAMPLES:
        mailwire lab up                     what happens is told until Ctrl-C
        mailwire lab up --ephemeral         nothing is kept
        mailwire lab up --detach            in the background; 'mailwire lab down' ends it
        mailwire lab up --fault 'at: bob, service: relay, command: RCPT, times: 1, reply: "450 4.2.0 Not now"'
        mailwire lab up --time-scale 0.001  mail that waits is tried again after milliseconds, not minutes
      """)

  enum RelayTLS: String, ExpressibleByArgument, CaseIterable {
    case never
    case ifOffered = "if-offered"
    case required

    var protection: SMTPClientSession.Protection {
      switch self {
      case .never: .never
      case .ifOffered: .ifOffered
      case .required: .required
      }
    }
  }

  @OptionGroup var homeOptions: HomeOptions
  @Option(
    help: ArgumentHelp(
      "The first of seven ports: SMTP relay, submission, POP3, IMAP, and the last three with TLS; 0 takes any.",
      valueName: "port")) var basePort: Int?
  @Flag(help: "Listen on 25, 587, 110, 143, 465, 995, 993.") var wellKnown = false
  @Flag(help: "Keep nothing.") var ephemeral = false
  @Flag(help: "Go on in the background.") var detach = false
  @Option(help: ArgumentHelp("What a second becomes for mail that waits.", valueName: "factor")) var timeScale = 1.0
  @Option(name: .customLong("relay-tls"), help: "Whether one server goes to the other with STARTTLS.")
  var relayTLS = RelayTLS.never
  @Option(
    help: ArgumentHelp(
      "Where the secrets of TLS connections are written, for Wireshark; tls-keys.log in the lab's folder, if mail is kept.",
      valueName: "file")) var keyLog: String?
  @Option(
    help: ArgumentHelp("Where mail for another domain goes; may be given again.", valueName: "domain=host:port"),
    transform: { text in
      guard let route = LabOptions.Route(text) else { throw ValidationError("'\(text)' is not DOMAIN=HOST:PORT") }
      return route
    }) var route: [LabOptions.Route] = []
  @Flag(help: "Look other domains up in DNS (MX).") var dns = false
  @Option(
    help: ArgumentHelp(
      "What a server does wrong on purpose, as a scenario writes it (Documentation/scenarios.md); may be given again.",
      valueName: "fault")) var fault: [String] = []
  @Flag(help: "Let nobody log in before TLS.") var requireTLS = false
  @Flag(help: "Tell what is there as one line of JSON, for programs.") var json = false
  @Flag(name: .shortAndLong, help: "Do not tell what happens.") var quiet = false

  func validate() throws {
    guard !wellKnown || basePort == nil else {
      throw ValidationError("--well-known and --base-port exclude each other")
    }
    guard (0...65_529).contains(basePort ?? 0) else { throw ValidationError("--base-port takes 0 to 65529") }
    guard timeScale > 0, timeScale.isFinite else { throw ValidationError("--time-scale takes a number above 0") }
  }
  func run() async throws {
    if detach { try await Background.start(self) } else { try await runHere() }
  }
  private func runHere() async throws {
    let home = homeOptions.home
    let lock = try home.lock()
    var configuration = try ephemeral ? .standard() : home.configuration() ?? .standard()
    if !ephemeral { try home.save(configuration) }
    configuration.setPorts(wellKnown ? .wellKnown : basePort.map { .from($0) } ?? .usual)
    var options = LabOptions(
      storage: ephemeral ? .memory : .disk(home.path), timeScale: timeScale, relayProtection: relayTLS.protection,
      requiresTLSForLogin: requireTLS, keyLogPath: keyLog ?? (ephemeral ? nil : home.keyLogPath))
    options.routes = route
    options.faults = try faults(configuration)
    options.usesDNS = dns
    let (events, happening) = AsyncStream.makeStream(of: LabEvent.self)
    let tell: @Sendable (LabEvent) -> Void = { happening.yield($0) }
    let lab = try await Lab.start(configuration, options, tell: quiet ? nil : tell)
    let (ending, goDown) = AsyncStream.makeStream(of: Void.self)
    let isEphemeral = ephemeral
    let control = try await LabControl.serve(at: home.controlPath) { request in
      switch request {
      case .retry: try await lab.retry()
      case .add(let name, let password):
        if try await lab.add(MailAccount(name: name, password: password)), !isEphemeral {
          try home.save(lab.configuration)
        }
      case .status, .down: break
      }
      let answer = LabControl.Answer(
        processID: ProcessInfo.processInfo.processIdentifier, isEphemeral: isEphemeral,
        authority: lab.authorityCertificate, machines: lab.description.machines, hosts: try await lab.status())
      if request == .down { goDown.yield() }
      return answer
    }
    Terminal.print(json ? lab.description.json : greeting(lab, home))
    let telling = Task { for await event in events { Terminal.print(event.line) } }
    await Interruption.first(or: ending)
    await control.close()
    await lab.shutDown()
    happening.finish()
    await telling.value
    withExtendedLifetime(lock) {}
  }
  /// By host names; a machine is also known by its domain and by its users.
  private func faults(_ configuration: LabConfiguration) throws -> [String: [MailService: FaultPlan]] {
    var faults: [String: [MailService: [Fault]]] = [:]
    for text in fault {
      let parsed: Scenario.MachineFault
      do { parsed = try ScenarioFile.decodeFault(text) } catch { throw ValidationError("--fault '\(text)': \(error)") }
      let machine = configuration.machines.first { machine in
        [machine.hostName, machine.domain].contains(parsed.machine)
          || machine.accounts.contains { $0.name == parsed.machine || $0.name.hasPrefix("\(parsed.machine)@") }
      }
      guard let machine else { throw ValidationError("--fault '\(text)': there is no machine \(parsed.machine)") }
      faults[machine.hostName, default: [:]][parsed.service, default: []].append(parsed.fault)
    }
    return faults.mapValues { $0.mapValues { FaultPlan($0) } }
  }
  private func greeting(_ lab: Lab, _ home: LabHome) -> String {
    let kept = ephemeral ? "Ctrl-C ends it, and nothing is kept." : "Ctrl-C ends it; mail is kept in \(home.path)."
    return "\(lab.description.text)\n\(lab.description.hints)\n\(kept) What happens:\n"
  }
}
