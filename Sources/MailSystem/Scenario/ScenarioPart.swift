/// What one agent does in a step in which several act at the same time.
///
///     together:
///       - { agent: alice-laptop, send: { message: hello } }
///       - { agent: bob-home, after: 20, pop3: { mode: keep } }
package struct ScenarioPart: Equatable, Sendable {
  package var agent: String
  /// Nanoseconds from the beginning of the step to the beginning of this part.
  package var delay: Int64 = 0
  /// `send`, `pop3`, `imap` or `say`.
  package var action: ScenarioAction
}

extension ScenarioPart: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case agent, after, send, pop3, imap, say }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    agent = try map.decode(String.self, forKey: .agent)
    let milliseconds = try map.value(.after, or: 0.0)
    guard (0...3_600_000).contains(milliseconds) else { throw decoder.failure("0 to 3600000 ms are possible") }
    delay = Int64(milliseconds * 1_000_000)
    let actions: [Key] = [.send, .pop3, .imap, .say]
    let named = actions.filter { map.contains($0) }
    guard named.count == 1 else { throw decoder.failure("a part is one of send, pop3, imap and say") }
    action =
      switch named[0] {
      case .pop3: .pop3(try map.decode(POP3Action.self, forKey: .pop3))
      case .imap: .imap(try map.decode([IMAPAction].self, forKey: .imap))
      case .say: .say(try map.decode(SayAction.self, forKey: .say))
      case .send, .agent, .after: .send(try map.decode(SendAction.self, forKey: .send))
      }
  }
}
