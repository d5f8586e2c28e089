internal import Lessons
internal import MailSystem

/// Who has which message in the end: every mailbox and every device against every message.
struct HoldingsTable {
  private let play: PlayedScenario

  init(_ play: PlayedScenario) { self.play = play }

  /// Every message that is anywhere, in the order in which it was met.
  private var messages: [MessageSummary] {
    var found: [MessageSummary] = []
    func add(_ message: MessageSummary) {
      if !found.contains(where: { $0.messageID == message.messageID }) { found.append(message) }
    }
    for agent in play.scenario.cast.agents {
      for holding in play.record.holdings[agent.name] ?? [] { add(holding.message) }
    }
    for mailbox in play.record.mailboxes {
      for folder in mailbox.folders { for message in folder.messages { add(message.summary) } }
    }
    return found
  }
  /// Agents that took part.
  private var agents: [ScenarioCast.Agent] {
    play.scenario.cast.agents.filter { agent in play.record.steps.contains { $0.step.agent == agent.name } }
  }
  /// nil where there is no message anywhere.
  var text: String? {
    let messages = self.messages
    if messages.isEmpty { return nil }
    let mailboxes = play.record.mailboxes
    var table = PageTable(
      ["message"] + mailboxes.map { "\($0.user)'s mailbox" } + agents.map(\.title))
    for message in messages {
      table.append(
        [Printable.line(message.subject)] + mailboxes.map { place(of: message, in: $0) }
          + agents.map { state(of: message, at: $0.name) })
    }
    return table.text
  }
  private func place(of message: MessageSummary, in mailbox: MailboxSnapshot) -> String {
    let places = mailbox.folders.flatMap { folder in
      folder.messages.filter { $0.summary.messageID == message.messageID }.map { held in
        held.flags.isEmpty ? folder.name : "\(folder.name) (\(held.flags.joined(separator: " ")))"
      }
    }
    return places.isEmpty ? "–" : Printable.line(places.joined(separator: ", "))
  }
  private func state(of message: MessageSummary, at agent: String) -> String {
    let ways = (play.record.holdings[agent] ?? []).filter { $0.message.messageID == message.messageID }.map(\.way)
    if ways.contains(.downloaded) { return "downloaded" }
    if ways.contains(.written) { return "written here" }
    return ways.contains(.seen) ? "seen online" : "–"
  }
  /// What follows for the readers.
  var remarks: [String] {
    var lines: [String] = []
    for agent in agents {
      let holdings = play.record.holdings[agent.name] ?? []
      let kept = holdings.filter { $0.way == .downloaded }
      let seen = holdings.filter { $0.way == .seen }
      if !kept.isEmpty {
        let alone = kept.filter { isOnlyAt(agent, $0.message) }.map { "“\($0.message.subject)”" }
        let danger =
          alone.isEmpty
          ? "" : "; of \(alone.joined(separator: ", ")) \(agent.user) has no other copy, at the server or elsewhere"
        lines.append("\(agent.title) reads \(count(kept.count)) without a connection\(danger).")
      }
      if !seen.isEmpty {
        lines.append(
          "\(agent.title) has seen \(count(seen.count)) by IMAP, and needs the server to read \(seen.count == 1 ? "it" : "them") again."
        )
      }
    }
    for mailbox in play.record.mailboxes {
      let stored = mailbox.folders.reduce(0) { $0 + $1.messages.count }
      lines.append(
        "The server keeps \(count(stored)) for \(mailbox.user)"
          + (stored == 0
            ? "."
            : " (\(mailbox.byteCount) octets): any device with a connection can read \(stored == 1 ? "it" : "them")."))
    }
    return lines
  }
  /// Whether the agent's user has the message nowhere else.
  private func isOnlyAt(_ agent: ScenarioCast.Agent, _ message: MessageSummary) -> Bool {
    let isStored = play.record.mailboxes.contains { $0.user == agent.user && place(of: message, in: $0) != "–" }
    let isElsewhere = play.scenario.cast.agents.contains { other in
      other.user == agent.user && other.name != agent.name
        && ["downloaded", "written here"].contains(state(of: message, at: other.name))
    }
    return !isStored && !isElsewhere
  }
  private func count(_ count: Int) -> String { count == 1 ? "1 message" : "\(count) messages" }
}
