internal import MailProtocols

/// What is done behind the login (RFC 9051 §6.3, §6.4).
extension IMAPClientSession {
  /// Begins the next operation, if nothing is under way.
  mutating func goOn() {
    while !operations.isEmpty {
      if step == .idling {
        if isEndingIdle { return }
        if operations.first == .awaitNews {
          guard hasNewsSinceIdle else { return }
          operations.removeFirst()
        }
        return endIdle()
      }
      guard step == .ready else { return }
      begin(operations.removeFirst())
    }
  }
  private mutating func begin(_ operation: IMAPOperation) {
    // Without IDLE there is nothing to wait in.
    if operation == .awaitNews { return }
    current = IMAPOutcome(operation)
    guard let arguments = arguments(operation) else {
      current = nil
      var outcome = IMAPOutcome(operation)
      outcome.status = .bad
      outcome.text = "this cannot be said in IMAP, and was not sent"
      outcomes.append(outcome)
      return
    }
    say(operation.name, .operation, arguments)
    if case .append(let message, _, _) = operation { heldLiteral = message }
  }
  /// nil for what the grammar cannot say.
  private func arguments(_ operation: IMAPOperation) -> String? {
    switch operation {
    case .list(let pattern):
      pattern == "*" || pattern == "%" ? "\"\" \(pattern)" : mailbox(pattern).map { "\"\" \($0)" }
    case .create(let name), .delete(let name), .select(let name, _): mailbox(name)
    case .rename(let name, let newName): pair(name, newName)
    case .status(let name): mailbox(name).map { "\($0) (MESSAGES UIDNEXT UNSEEN)" }
    case .search(let keys): isWithinLine(keys) ? keys : nil
    case .fetch(let set, let items):
      isSet(set) && !items.isEmpty
        ? "\(set) \(items.count == 1 ? items[0].text : "(\(items.map(\.text).joined(separator: " ")))")" : nil
    case .store(let set, let change, let flags):
      isSet(set) && flags.allSatisfy(isFlag) ? "\(set) \(change.text) (\(flags.joined(separator: " ")))" : nil
    case .append(let message, let name, let flags):
      flags.allSatisfy(isFlag)
        ? mailbox(name).map {
          "\($0) \(flags.isEmpty ? "" : "(\(flags.joined(separator: " "))) "){\(message.count)}"
        } : nil
    case .copy(let set, let name), .move(let set, let name): isSet(set) ? mailbox(name).map { "\(set) \($0)" } : nil
    case .expunge, .close, .unselect, .noOperation, .idle, .awaitNews, .logout: ""
    }
  }
  private func mailbox(_ name: String) -> String? { IMAPQuoted.mailbox(name, isRevision2: isRevision2) }
  private func pair(_ name: String, _ other: String) -> String? {
    guard let first = mailbox(name), let second = mailbox(other) else { return nil }
    return "\(first) \(second)"
  }
  private func isSet(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 48 && $0 <= 58 || $0 == 42 || $0 == 44 || $0 == 36 }
  }
  /// flag = "\" atom / atom
  private func isFlag(_ text: String) -> Bool {
    let word = text.hasPrefix("\\") ? text.dropFirst() : Substring(text)
    return !word.isEmpty && word.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"(){%*\"\\]".utf8.contains($0) }
  }
  private func isWithinLine(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
  }

  mutating func operationAnswered(_ status: IMAPOutcome.Status, _ text: String) {
    heldLiteral = nil
    isEndingIdle = false
    let isGoodbye = current?.operation == .logout
    if var outcome = current {
      outcome.status = status
      outcome.text = text
      if case .select(let name, _) = outcome.operation { selected = status == .ok ? name : nil }
      if [.close, .unselect].contains(outcome.operation), status == .ok { selected = nil }
      outcomes.append(outcome)
    }
    current = nil
    if isGoodbye { return end() }
    rest()
  }

  // MARK: IDLE

  mutating func beginIdle() {
    step = .idling
    hasNewsSinceIdle = false
    goOn()
  }
  private mutating func endIdle() {
    output.append("DONE\r\n".utf8)
    dialogue.heardContinuation()
    isEndingIdle = true
  }
  /// The server has told something unasked.
  mutating func note(_ item: IMAPNews) {
    if news.count < IMAPClientLimits.newsCount { news.append(item) }
    if step == .idling {
      hasNewsSinceIdle = true
      goOn()
    }
  }
}
