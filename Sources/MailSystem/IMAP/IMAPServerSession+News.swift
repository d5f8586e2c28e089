internal import Bytes
internal import MailProtocols

/// What others did to the selected folder, and IDLE (RFC 9051 §5.2, §6.3.13, §7.5.1).
extension IMAPServerSession {
  /// Tells what has changed; EXPUNGE only where it may be told.
  ///
  ///     S: * 2 EXPUNGE
  ///     S: * 23 EXISTS
  ///     S: * 14 FETCH (FLAGS (\Seen \Deleted))
  mutating func tellNews(_ store: inout some MailStore, mayExpunge: Bool) {
    guard var selection else { return }
    guard let folder = store.folder(selection.folder) else {
      // RFC 2180 §3.3: there is nothing left that could be talked about.
      return sayGoodbye("[UNAVAILABLE] the selected mailbox was deleted")
    }
    guard selection.isBehind(folder, mayExpunge: mayExpunge) else { return }
    let news = selection.update(folder, store.messages(in: folder.id), mayExpunge: mayExpunge)
    for number in news.expunged { untagged("\(number) EXPUNGE") }
    if let count = news.exists {
      untagged("\(count) EXISTS")
      takeRecent(&selection, &store)
      if !extensions.isRevision2 { untagged("\(selection.recent.count) RECENT") }
    }
    self.selection = selection
    for index in news.changed { tellFlags(index, withUID: extensions.isRevision2) }
  }
  /// The messages that no session was told of before are recent to this one; who only looks leaves them so
  /// (RFC 3501 §6.3.2).
  func takeRecent(_ selection: inout IMAPSelection, _ store: inout some MailStore) {
    let first =
      selection.isReadOnly
      ? store.firstRecentUID(in: selection.folder) : store.claimRecent(in: selection.folder)
    for message in selection.messages.reversed() {
      guard message.uid >= first else { break }
      selection.recent.insert(message.uid)
    }
  }
  mutating func tellFlags(_ index: Int, withUID: Bool) {
    guard let selection, index < selection.messages.count else { return }
    let message = selection.messages[index]
    var items = ["FLAGS (\(flagNames(message, selection)))"]
    if withUID { items.insert("UID \(message.uid)", at: 0) }
    if extensions.isConditionalStore { items.append("MODSEQ (\(message.modificationSequence))") }
    untagged("\(index + 1) FETCH (\(items.joined(separator: " ")))")
  }
  /// The flags of a message, \Recent among them for those who know it (RFC 3501 §2.3.2).
  func flagNames(_ message: StoredMessage, _ selection: IMAPSelection) -> String {
    let recent = !extensions.isRevision2 && selection.recent.contains(message.uid) ? ["\\Recent"] : []
    return (message.flags.names + recent).joined(separator: " ")
  }

  mutating func idle(
    _ arguments: IMAPArguments, _ tag: String, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion? {
    try arguments.end()
    openTag = tag
    output.append("+ idling\r\n".utf8)
    _ = dialogue.heardContinuationRequest()
    tellNews(&store, mayExpunge: true)
    return nil
  }
  /// The client said DONE, or something else, which is wrong.
  mutating func endIdle(_ line: [UInt8], _ store: inout some MailStore) {
    dialogue.heardContinuation()
    tellNews(&store, mayExpunge: true)
    if waiting == .end { return }
    complete(openTag, line.span.equalsIgnoringCase("done") ? .ok("IDLE terminated") : .bad("expected DONE"))
  }
}
