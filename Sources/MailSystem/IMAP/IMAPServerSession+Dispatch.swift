internal import Bytes
internal import MailProtocols

/// Which command, in which state (RFC 9051 §3, §6).
extension IMAPServerSession {
  /// The states in which a command is allowed.
  private enum Place { case anywhere, notAuthenticated, authenticated, unselected, selected }

  mutating func execute(_ octets: [UInt8], _ store: inout some MailStore) {
    guard !octets.isEmpty, let command = IMAPCommand.parse(octets.span) else {
      return refuseLine("a tag and a command are expected")
    }
    let tag = Array(octets[command.tag.lower..<command.tag.upper])
    _ = dialogue.heard(command.name, tag: tag.span)
    let tagText = tag.span.text()
    guard let completion = carryOut(command, octets, tagText, &store) else { return }
    finish(tagText, command, completion, &store)
  }
  /// Tells what else has changed, and then how the command ended.
  mutating func finish(
    _ tag: String, _ command: IMAPCommand, _ completion: IMAPCompletion, _ store: inout some MailStore
  ) {
    // Message numbers must not change while a command is answered that uses them (RFC 9051 §7.5.1).
    let usesNumbers = [.fetch, .store, .search].contains(command.name) && !command.isUID
    if completion.status != .bad { tellNews(&store, mayExpunge: !usesNumbers) }
    if waiting == .end { return }
    complete(tag, completion)
  }
  private mutating func carryOut(
    _ command: IMAPCommand, _ octets: [UInt8], _ tag: String, _ store: inout some MailStore
  ) -> IMAPCompletion? {
    guard octets[..<command.nameRange.upper].allSatisfy({ $0 != ASCII.tab }),
      command.nameRange.lower == command.tag.upper + 1
    else { return .bad("one space is expected behind the tag") }
    let place = place(of: command.name)
    guard command.name != .unknown, place != nil || command.name == .unknown else { return .bad("unknown command") }
    if command.isUID, ![.fetch, .store, .search, .copy, .move, .expunge].contains(command.name) {
      return .bad("unknown command behind UID")
    }
    if let place, let refusal = refusal(of: place) { return refusal }
    var arguments = IMAPArguments(octets, from: command.nameRange.upper)
    do throws(IMAPSyntaxError) {
      return try carryOut(command, &arguments, tag, &store)
    } catch {
      return .bad("expected \(error.expected) at octet \(error.offset + 1)")
    }
  }
  private func place(of name: IMAPCommand.Name) -> Place? {
    switch name {
    case .capability, .noOperation, .logout, .id: .anywhere
    case .startTLS, .authenticate, .login: .notAuthenticated
    case .enable: .unselected
    case .select, .examine, .create, .delete, .rename, .subscribe, .unsubscribe, .list, .lsub, .namespace, .status,
      .append, .idle:
      .authenticated
    case .close, .unselect, .expunge, .search, .fetch, .store, .copy, .move, .check: .selected
    case .unknown, .compress: nil
    }
  }
  private func refusal(of place: Place) -> IMAPCompletion? {
    switch place {
    case .anywhere: nil
    case .notAuthenticated: user == nil ? nil : .bad("you have logged in")
    case .authenticated: user != nil ? nil : .bad("not before you have logged in")
    case .unselected:
      user == nil
        ? .bad("not before you have logged in") : selection == nil ? nil : .bad("not while a mailbox is selected")
    case .selected:
      user == nil
        ? .bad("not before you have logged in") : selection != nil ? nil : .bad("no mailbox is selected")
    }
  }
  /// nil when the command goes on.
  private mutating func carryOut(
    _ command: IMAPCommand, _ arguments: inout IMAPArguments, _ tag: String, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion? {
    switch command.name {
    case .capability: return try tellCapabilities(arguments)
    case .noOperation, .check:
      try arguments.end()
      if let selection { store.refresh(selection.folder) }
      return .ok("done")
    case .logout: return try logOut(arguments, tag)
    case .id: return try identify(&arguments)
    case .startTLS: return try startTLS(arguments, tag)
    case .authenticate: return try authenticate(&arguments, tag, &store)
    case .login: return try logIn(&arguments, tag, &store)
    case .enable: return try enable(&arguments)
    case .select, .examine: return try select(&arguments, isReadOnly: command.name == .examine, &store)
    case .create: return try create(&arguments, &store)
    case .delete: return try delete(&arguments, &store)
    case .rename: return try rename(&arguments, &store)
    case .subscribe, .unsubscribe: return try subscribe(&arguments, command.name == .subscribe, &store)
    case .list: return try list(&arguments, store)
    case .lsub: return try listSubscribed(&arguments, store)
    case .namespace:
      try arguments.end()
      untagged("NAMESPACE ((\"\" \"/\")) NIL NIL")
      return .ok("NAMESPACE completed")
    case .status: return try status(&arguments, store)
    case .append: return try append(&arguments, &store)
    case .idle: return try idle(arguments, tag, &store)
    case .close, .unselect: return try close(arguments, expunges: command.name == .close, &store)
    case .expunge: return try expunge(&arguments, isUID: command.isUID, &store)
    case .search: return try search(&arguments, tag, isUID: command.isUID, store)
    case .fetch: return try fetch(&arguments, command, tag, &store)
    case .store: return try storeFlags(&arguments, isUID: command.isUID, &store)
    case .copy, .move: return try copy(&arguments, command, &store)
    case .unknown, .compress: return .bad("unknown command")
    }
  }
}
