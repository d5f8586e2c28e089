internal import Bytes
internal import MailProtocols

/// SELECT, EXAMINE, CLOSE, UNSELECT, EXPUNGE (RFC 9051 §6.3.2, §6.3.3, §6.4.1 to §6.4.3).
extension IMAPServerSession {
  ///     C: A142 SELECT INBOX
  ///     S: * 172 EXISTS
  ///     S: * OK [UIDVALIDITY 3857529045] UIDs valid
  ///     S: * OK [UIDNEXT 4392] Predicted next UID
  ///     S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
  ///     S: * OK [PERMANENTFLAGS (\Deleted \Seen \*)] Limited
  ///     S: * LIST () "/" INBOX
  ///     S: A142 OK [READ-WRITE] SELECT completed
  mutating func select(
    _ arguments: inout IMAPArguments, isReadOnly: Bool, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    let given = try arguments.astring()
    let name = folderName(given)
    if arguments.skip(ASCII.space) {
      try arguments.list(atLeast: 1) { (arguments) throws(IMAPSyntaxError) in
        let failure = arguments.failure("CONDSTORE")
        guard arguments.keyword() == "CONDSTORE" else { throw failure }
      }
      try arguments.end()
      extensions.isConditionalStore = true
    }
    try arguments.end()
    // Even where the new one cannot be selected, the old one is no more (RFC 9051 §6.3.2).
    if selection != nil { untagged("OK [CLOSED] the mailbox that was selected") }
    selection = nil
    guard let user, let name, let id = store.folder(named: name, of: user)?.id else {
      return IMAPCompletion(.noSuchFolder)
    }
    store.refresh(id)
    guard let folder = store.folder(id) else { return IMAPCompletion(.noSuchFolder) }
    var selection = IMAPSelection(folder, store.messages(in: folder.id), isReadOnly: isReadOnly)
    takeRecent(&selection, &store)
    tellFolder(folder, selection, oldName(given, of: folder.name))
    self.selection = selection
    return .ok(isReadOnly ? "[READ-ONLY] EXAMINE completed" : "[READ-WRITE] SELECT completed")
  }
  private mutating func tellFolder(_ folder: MailFolder, _ selection: IMAPSelection, _ oldName: String) {
    let keywords = selection.messages.reduce(into: MessageFlags(MessageFlags.system)) { all, message in
      for name in message.flags.names where all.count < 200 { all.insert(name) }
    }
    untagged("\(selection.messages.count) EXISTS")
    if !extensions.isRevision2 {
      untagged("\(selection.recent.count) RECENT")
      if let unseen = selection.messages.firstIndex(where: { !$0.flags.contains("\\Seen") }) {
        untagged("OK [UNSEEN \(unseen + 1)] first unseen message")
      }
    }
    untagged("OK [UIDVALIDITY \(folder.uidValidity)] UIDs valid")
    untagged("OK [UIDNEXT \(folder.uidNext)] predicted next UID")
    untagged("FLAGS (\(keywords.names.joined(separator: " ")))")
    let permanent = selection.isReadOnly ? [] : keywords.names + ["\\*"]
    untagged("OK [PERMANENTFLAGS (\(permanent.joined(separator: " ")))] flags that stay")
    untagged("OK [HIGHESTMODSEQ \(folder.highestModificationSequence)] highest")
    if extensions.isRevision2 {
      untagged("LIST (\(folder.specialUse?.rawValue ?? "")) \"/\" \(wireName(folder.name))\(oldName)")
    }
  }
  mutating func close(
    _ arguments: IMAPArguments, expunges: Bool, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.end()
    if expunges, let selection, !selection.isReadOnly {
      store.remove(deletedUIDs(selection, store) { _ in true }, from: selection.folder)
    }
    // Nothing is told of what was removed (RFC 9051 §6.4.1).
    selection = nil
    return .ok(expunges ? "CLOSE completed" : "UNSELECT completed")
  }
  mutating func expunge(
    _ arguments: inout IMAPArguments, isUID: Bool, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    var wanted: Set<UInt32>?
    guard let selection else { return .bad("no mailbox is selected") }
    if isUID {
      try arguments.space()
      let set = try IMAPSequenceSet.parse(&arguments)
      wanted = Set((selection.indices(set, isUID: true) ?? []).map { selection.messages[$0].uid })
    }
    try arguments.end()
    guard !selection.isReadOnly else { return .no("[CANNOT] the mailbox was opened by EXAMINE") }
    store.remove(deletedUIDs(selection, store) { wanted?.contains($0) ?? true }, from: selection.folder)
    return .ok("EXPUNGE completed")
  }
  private func deletedUIDs(
    _ selection: IMAPSelection, _ store: some MailStore, _ isWanted: (UInt32) -> Bool
  ) -> [UInt32] {
    store.messages(in: selection.folder).filter { $0.flags.contains("\\Deleted") && isWanted($0.uid) }.map(\.uid)
  }
}
