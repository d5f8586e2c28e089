/// One step of a scenario: in the slide's words, who acts, and what is done.
package struct ScenarioStep: Equatable, Sendable {
  /// The slide's number; steps without one are counted on.
  package var number: Int?
  package var title: String
  /// What a reader of the page should notice.
  package var note: String?
  /// The step belongs only to this choice of `with`.
  package var when: String?
  /// The agent that acts.
  package var agent: String?
  package var action: ScenarioAction
  /// The part of the last delivery from server to server that is this step.
  package var shows: RelayPart?

  /// A part of an SMTP connection between two servers (RFC 5321 §3).
  package enum RelayPart: String, CaseIterable, Sendable, Codable {
    /// The three packets that open the TCP connection.
    case opening
    /// From the greeting to the end of the message.
    case message
    /// The reply that takes the message over, and the end of the connection.
    case acceptance
  }
}

/// What is done in a step.
package enum ScenarioAction: Equatable, Sendable {
  /// Nothing: the step is words.
  case nothing
  /// The agent writes a message, and nobody hears of it yet.
  case compose(String)
  case send(SendAction)
  case pop3(POP3Action)
  /// On the agent's open connection, or on a new one.
  case imap([IMAPAction])
  /// Lines said by somebody who knows them by heart.
  case say(SayAction)
  /// The machine's programs are stopped: connections are refused.
  case down(String)
  /// The machine or the device is off: nobody answers.
  case vanish(String)
  case up(String)
  case wait(WaitAction)
  /// The agent's open connections break off.
  case lose
  /// Several agents act at the same time, each on a connection of its own.
  case together([ScenarioPart])
}

extension ScenarioStep {
  /// Everybody who acts.
  package var agents: [String] {
    if case .together(let parts) = action { return parts.map(\.agent) }
    return agent.map { [$0] } ?? []
  }
  /// Everything that is done.
  var actions: [ScenarioAction] {
    if case .together(let parts) = action { return parts.map(\.action) }
    return [action]
  }
}

extension ScenarioStep: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case number, title, note, when, agent, shows
    case compose, send, pop3, imap, say, down, vanish, up, wait, lose, together
  }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    number = try map.decodeIfPresent(Int.self, forKey: .number)
    title = try map.decode(String.self, forKey: .title)
    note = try map.decodeIfPresent(String.self, forKey: .note)
    when = try map.decodeIfPresent(String.self, forKey: .when)
    agent = try map.decodeIfPresent(String.self, forKey: .agent)
    shows = try map.decodeIfPresent(RelayPart.self, forKey: .shows)
    let actions: [Key] = [.compose, .send, .pop3, .imap, .say, .down, .vanish, .up, .wait, .lose, .together]
    let named = actions.filter { map.contains($0) }
    guard named.count <= 1 else {
      throw decoder.failure("a step does one thing, not \(named.map(\.stringValue).joined(separator: " and "))")
    }
    action =
      switch named.first {
      case .compose: .compose(try map.decode(String.self, forKey: .compose))
      case .send: .send(try map.decode(SendAction.self, forKey: .send))
      case .pop3: .pop3(try map.decode(POP3Action.self, forKey: .pop3))
      case .imap: .imap(try map.decode([IMAPAction].self, forKey: .imap))
      case .say: .say(try map.decode(SayAction.self, forKey: .say))
      case .down: .down(try map.decode(String.self, forKey: .down))
      case .vanish: .vanish(try map.decode(String.self, forKey: .vanish))
      case .up: .up(try map.decode(String.self, forKey: .up))
      case .wait: .wait(try map.decode(WaitAction.self, forKey: .wait))
      case .lose: .lose
      case .together: .together(try map.decode([ScenarioPart].self, forKey: .together))
      case .number, .title, .note, .when, .agent, .shows, nil: .nothing
      }
  }
}
