/// The words in which a page tells what happened.
enum ScenarioWords {
  static func messages(_ count: Int) -> String { count == 1 ? "1 message" : "\(count) messages" }

  /// `1 message is in bob's INBOX, after 61.3 s`
  static func met(_ condition: WaitAction.Condition, seconds: Double, _ cast: ScenarioCast) -> String {
    let tenths = Int(max(0, seconds) * 10)
    func title(_ machine: String) -> String { cast.machine(machine)?.title ?? machine }
    let time = "after \(tenths / 10).\(tenths % 10) s"
    switch condition {
    case .queueIsEmpty(let machine): return "nothing waits at \(title(machine)) any more, \(time)"
    case .attempts(let count, let machine):
      return "\(title(machine)) has tried \(count == 1 ? "once" : "\(count) times"), \(time)"
    case .messages(let count, let user):
      return "\(messages(count)) \(count == 1 ? "is" : "are") in \(user)'s INBOX, \(time)"
    case .time: return "\(tenths / 10).\(tenths % 10) s have passed"
    }
  }
  /// The first line, and how many there are.
  static func reply(_ reply: SMTPClientSession.Reply) -> String {
    guard reply.lines.count > 1, let first = reply.lines.first else { return reply.text }
    return "\(reply.code) \(first) … (\(reply.lines.count) lines)"
  }
  static func outcome(_ outcome: IMAPOutcome) -> String {
    let answer = outcome.status == .ok ? nil : "\(outcome.status.rawValue) \(outcome.text)"
    return "\(name(outcome.operation)): \(answer ?? result(outcome))"
  }
  private static func name(_ operation: IMAPOperation) -> String {
    switch operation {
    case .create(let name), .delete(let name), .select(let name, _), .status(let name): "\(operation.name) \(name)"
    case .rename(let name, let newName): "RENAME \(name) \(newName)"
    case .list(let pattern): "LIST \(pattern)"
    case .search(let keys): "SEARCH \(keys)"
    case .fetch(let set, _): "FETCH \(set)"
    case .store(let set, let change, let flags): "STORE \(set) \(change.text) \(flags.joined(separator: " "))"
    case .append(_, let name, let flags): "APPEND \(([name] + flags).joined(separator: " "))"
    case .copy(let set, let name), .move(let set, let name): "\(operation.name) \(set) \(name)"
    case .expunge, .close, .unselect, .noOperation, .idle, .awaitNews, .logout: operation.name
    }
  }
  private static func result(_ outcome: IMAPOutcome) -> String {
    switch outcome.operation {
    case .list: outcome.folders.map(\.name).joined(separator: ", ")
    case .select: messages(outcome.messageCount ?? 0)
    case .status:
      outcome.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    case .search: outcome.found.isEmpty ? "none" : outcome.found.map(String.init).joined(separator: ", ")
    case .fetch, .store: outcome.messages.map(message).joined(separator: "; ")
    case .create, .delete, .rename, .append, .copy, .move, .expunge, .close, .unselect, .noOperation, .idle,
      .awaitNews, .logout:
      "done"
    }
  }
  private static func message(_ message: IMAPOutcome.Message) -> String {
    var parts: [String] = []
    if let octets = message.octets { parts.append("\(octets.count) octets") }
    for (name, octets) in message.sections.sorted(by: { $0.key < $1.key }) where name.hasPrefix("BODY[HEADER") {
      parts.append(MessageSummary(octets ?? []).subject)
    }
    if let byteCount = message.byteCount { parts.append("\(byteCount) octets large") }
    if let flags = message.flags { parts.append(flags.isEmpty ? "no flags" : flags.joined(separator: " ")) }
    return "\(message.number): \(parts.joined(separator: ", "))"
  }
  static func news(_ news: IMAPNews) -> String {
    switch news {
    case .exists(let count): "\(messages(Int(count))) now"
    case .expunged(let number): "message \(number) is gone"
    case .flags(let number, let flags):
      "message \(number) has \(flags.isEmpty ? "no flags" : flags.joined(separator: " "))"
    case .alert(let text): "alert: \(text)"
    case .goodbye(let text): "good-bye: \(text)"
    }
  }
}
