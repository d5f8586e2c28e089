import ArgumentParser
import Bytes
import Console
import Glibc
import MailLab
import MailSystem
import Scenarios

/// `mailwire lab run`: a scenario, played and captured, and its page.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Play a scenario: mail servers, agents, a capture, and a page that explains it.",
    discussion: """
      Starts a private lab on real sockets, beside any other that runs, captures on loopback what passes, and ends it.
      Without the permission to capture, what passes is recorded at the lab's own sockets. Writes NAME.pcapng,
      NAME.ladder.txt and NAME.md, and prints the page.

      EXAMPLES:
        mailwire lab run --list
        mailwire lab run alice-to-bob
        mailwire lab run alice-to-bob --virtual
        mailwire lab run alice-to-bob --with imap --virtual --seed 7 --out bob
        mailwire lab run my-scenario.yaml --virtual --loss 20
      """)

  @Argument(help: ArgumentHelp("The name of a scenario, or a file.", valueName: "scenario")) var scenario: String?
  @Flag(help: "List the scenarios.") var list = false
  @Flag(help: "Print the scenario's own YAML, to begin another with.") var show = false
  @Option(help: ArgumentHelp("The folder for the files.", valueName: "folder")) var out = "."
  @Option(help: ArgumentHelp("One of the scenario's choices: pop3, imap.", valueName: "choice")) var with: String?
  @Flag(help: "Play on a virtual wire, in simulated time, without sockets.") var virtual = false
  @Flag(help: "Do not capture packets; record at the lab's own sockets what passes, as is done without permission.")
  var atSockets = false
  @Option(help: "The seed of the virtual wire.") var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Packets of a thousand that the virtual wire loses.", valueName: "permille")) var loss:
    Int?
  @Option(help: ArgumentHelp("Packets of a thousand that are overtaken.", valueName: "permille")) var reorder: Int?
  @Option(help: ArgumentHelp("Milliseconds that a packet travels.", valueName: "ms")) var delay: Int?
  @Flag(help: "Write over files that are there.") var force = false
  @Flag(name: .shortAndLong, help: "Do not print the page.") var quiet = false

  /// The beginning of simulated time: 2026-09-01 08:00 UTC, a Tuesday.
  private static let beginning = Timestamp(nanoseconds: 1_788_249_600_000_000_000)

  func run() async throws {
    if list { return try printList() }
    guard let name = scenario else { throw ValidationError("which scenario? --list tells what there is") }
    if show { return try printText(name) }
    var scenario = try load(name)
    let choice = try choice(of: scenario)
    try change(&scenario.wire)
    let files = RunFiles(folder: out, name: scenario.name)
    if !force { try files.refuseExisting() }
    if virtual {
      var lab = VirtualLab(scenario, choice: choice, seed: seed, beginning: Self.beginning)
      let run = lab.play()
      if !run.keyLog.isEmpty { try files.write(keyLog: run.keyLog) }
      try conclude(PlayedScenario(run), capture: run.capture(application: Release.generator), files)
    } else {
      try refuse(scenario.needsVirtualWire, "add --virtual")
      try files.makeFolder()
      let run = SocketRun(scenario, choice: choice, recordsSockets: atSockets, files: files)
      let interruption = await Interruption.stream()
      let (play, capture) = try await run.play(until: interruption.signals)
      interruption.stop()
      try conclude(play, capture: capture, files, isInterrupted: interruption.hasCome.isSet)
    }
  }
  private func refuse(_ reason: String?, _ remedy: String) throws {
    guard let reason else { return }
    Terminal.complain("\(reason): \(remedy)")
    throw ExitCode(2)
  }
  private func conclude(_ play: PlayedScenario, capture: [UInt8], _ files: RunFiles, isInterrupted: Bool = false) throws
  {
    let page = ScenarioPage(play).text(captureName: "\(play.scenario.name).pcapng")
    try files.write(capture: capture, ladder: play.ladder, page: page)
    if !quiet { Terminal.print(PageStyle.forTerminal(page) + "\n" + files.summary) }
    if isInterrupted {
      Terminal.complain("interrupted: what was played until then is shown, and is in the capture")
      throw ExitCode(130)
    }
    if !play.record.isAsExpected { throw ExitCode(1) }
  }

  // MARK: The scenario

  private func printList() throws {
    for (name, text) in BuiltInScenarios.texts {
      let scenario = try ScenarioFile.decode(text)
      let choices = scenario.choices.isEmpty ? "" : "  --with \(scenario.choices.joined(separator: "|"))"
      let room = String(repeating: " ", count: max(2, 18 - name.count))
      Terminal.print("\(name)\(room)\(scenario.title)\(choices)")
    }
  }
  private func printText(_ name: String) throws {
    guard let text = BuiltInScenarios.texts.first(where: { $0.name == name })?.text else {
      throw ValidationError("there is no scenario '\(name)'; --list tells what there is")
    }
    Terminal.print(text)
  }
  private func load(_ name: String) throws -> Scenario {
    do {
      if let scenario = try BuiltInScenarios.scenario(name) { return scenario }
      guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.contains("/") else {
        throw ScenarioError("there is no scenario '\(name)'; --list tells what there is, and a file ends in .yaml")
      }
      guard let text = RunFiles.read(name, limit: ScenarioFile.byteLimit) else {
        throw ScenarioError(unsafe String(cString: strerror(errno)))
      }
      return try ScenarioFile.decode(text)
    } catch let error as ScenarioError {
      Terminal.complain("\(name): \(error.description)")
      throw ExitCode(2)
    }
  }
  private func choice(of scenario: Scenario) throws -> String? {
    guard let with else { return scenario.usualChoice }
    guard scenario.choices.contains(with) else {
      let offers = scenario.choices.isEmpty ? "nothing" : scenario.choices.joined(separator: ", ")
      throw ValidationError("--with: \(scenario.name) offers \(offers), not '\(with)'")
    }
    return with
  }
  private func change(_ wire: inout WireConditions) throws {
    for share in [loss, reorder].compactMap(\.self) where !(0...900).contains(share) {
      throw ValidationError("0 to 900 packets of a thousand can be lost or overtaken")
    }
    if let delay, !(0...60_000).contains(delay) { throw ValidationError("--delay: 0 to 60000 ms") }
    if !virtual, loss != nil || reorder != nil || delay != nil {
      throw ValidationError("--loss, --reorder and --delay are the virtual wire's: add --virtual")
    }
    if let loss { wire.lostPerMille = loss }
    if let reorder { wire.reorderedPerMille = reorder }
    if let delay { wire.delay = Int64(delay) * 1_000_000 }
  }
}
