internal import Lessons
internal import MailSystem
internal import Packets

/// The one page of a play, in Markdown: the steps with their frames, what waits, and who can still read what.
package struct ScenarioPage {
  private let play: PlayedScenario
  private let log: PacketLog
  private let frames: StepFrames
  private static let width = 96

  package init(_ play: PlayedScenario) {
    self.play = play
    log = PacketLog(play.packets, play.linkType)
    frames = StepFrames(play, log)
  }
  /// `captureName` is the file beside the page.
  package func text(captureName: String) -> String {
    var page = "# \(Printable.line(play.scenario.title))\n\n"
    let with = play.choice.map { ", with \($0)" } ?? ""
    page += wrapped(
      "`\(play.scenario.name)`\(with) · \(play.manner) · \(counted(log.packetCount, "packet")) in `\(captureName)`")
    if !play.record.isAsExpected {
      page += "\n" + wrapped("**Not all went as the scenario expects: see the steps marked with ✗.**")
    }
    if !play.scenario.about.isEmpty { page += "\n" + wrapped(play.scenario.about) }
    page += "\n## Who is there\n\n" + castTable
    page += "\n## What happened\n"
    for (index, step) in play.record.steps.enumerated() { page += "\n" + self.step(step, frames.runs[index]) }
    page += "\n## What waits in the queues\n\n" + queues
    page += "\n## Who can still read what\n\n"
    let holdings = HoldingsTable(play)
    guard let table = holdings.text else { return page + "There is no message anywhere.\n" }
    return page + table + "\n" + holdings.remarks.map(item).joined()
  }

  // MARK: Who is there

  private var castTable: String {
    var table = PageTable(["who", "address", "what"])
    for (name, address) in play.addresses.places {
      if let machine = play.scenario.cast.machine(name) {
        let ports = MailService.allCases.compactMap { service in
          play.addresses.ports[name]?[service].map { "\(service.rawValue) \($0)" }
        }
        table.append([machine.title, address.description, "\(machine.hostName): \(ports.joined(separator: ", "))"])
      } else if let agent = play.scenario.cast.agent(name), isActing(name) {
        table.append([agent.title, address.description, "agent of \(play.scenario.cast.address(of: agent.user))"])
      }
    }
    return table.text
  }
  private func isActing(_ agent: String) -> Bool { play.record.steps.contains { $0.step.agents.contains(agent) } }

  // MARK: Steps

  private func step(_ step: ScenarioRecord.Step, _ runs: [StepFrames.Run]) -> String {
    let mark = step.isAsExpected ? "" : "✗ "
    var page = "### \(step.number). \(mark)\(Printable.line(step.step.title))\n\n"
    for run in runs { page += item(connection(run)) }
    if runs.isEmpty, isOnTheWire(step.step) { page += item("no packet") }
    for line in step.lines { page += item(line) }
    if !step.hidden.isEmpty { page += "\n" + hidden(step.hidden) }
    if let note = step.step.note { page += "\n" + wrapped("> \(note)", indent: "> ") }
    return page
  }
  /// What TLS hides, which the capture does not show.
  private func hidden(_ parts: [ScenarioRecord.Hidden]) -> String {
    var page = "Inside TLS, from the lab's own record and not from the capture:\n\n"
    for part in parts {
      for line in part.octets.split(separator: 10, omittingEmptySubsequences: false) where !line.isEmpty {
        let text = String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        page += "    \(part.byClient ? "C" : "S"): \(Printable.line(text))\n"
      }
    }
    return page
  }
  private func isOnTheWire(_ step: ScenarioStep) -> Bool {
    switch step.action {
    case .nothing: step.shows != nil
    case .compose, .send, .pop3, .imap, .say, .lose, .together: true
    case .down, .vanish, .up, .wait: false
    }
  }
  private func connection(_ run: StepFrames.Run) -> String {
    let server = play.addresses.name(of: run.stream.server.addressText)
    let client = play.addresses.name(of: run.stream.client.addressText)
    let service = server.flatMap { play.addresses.service($0, port: run.stream.server.port) }
    let names = "\(client.map(play.title) ?? "?") → \(server.map(play.title) ?? "?")"
    let refused = run.stream.isRefused ? ", refused" : run.stream.hasSpeech ? "" : ", nothing was said"
    return
      "**\(StepFrames.text(run.frames))** (`tcp.stream eq \(run.stream.number)`): \(names), "
      + "\(service?.title ?? "TCP") on port \(run.stream.server.port)\(refused)"
  }

  // MARK: Queues

  private var queues: String {
    var page = ""
    for queue in play.record.queues {
      for entry in queue.entries {
        let last = entry.lastReply.map { "; the last answer was: \($0)" } ?? ""
        page += item(
          "\(play.title(queue.machine)): a message for \(entry.recipients.joined(separator: ", ")), "
            + "tried \(counted(entry.attemptCount, "time"))\(last)")
      }
    }
    return page.isEmpty ? "Nothing: every message was brought to its destination or back.\n" : page
  }

  // MARK: Text

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
  private func item(_ text: String) -> String { wrapped("- \(Printable.line(text))", indent: "  ") }
  /// Broken at blanks; what comes from the wire is escaped before.
  private func wrapped(_ text: String, indent: String = "") -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, line.count + 1 + word.count > Self.width {
        lines.append(line)
        line = indent + word
      } else {
        line += line.isEmpty ? String(word) : " \(word)"
      }
    }
    return (lines + [line]).joined(separator: "\n") + "\n"
  }
}
