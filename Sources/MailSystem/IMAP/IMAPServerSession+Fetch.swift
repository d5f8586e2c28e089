internal import Bytes
internal import MailProtocols

/// FETCH (RFC 9051 §6.4.5, §7.5.2).
extension IMAPServerSession {
  ///     C: A654 FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])
  ///     S: * 2 FETCH …
  ///     S: A654 OK FETCH completed
  mutating func fetch(
    _ arguments: inout IMAPArguments, _ command: IMAPCommand, _ tag: String, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion? {
    try arguments.space()
    let set = try IMAPSequenceSet.parse(&arguments)
    try arguments.space()
    var items = try IMAPFetchItem.parseList(&arguments)
    var changedSince: UInt64?
    if arguments.skip(ASCII.space) {
      try arguments.list(atLeast: 1) { (arguments) throws(IMAPSyntaxError) in
        let failure = arguments.failure("CHANGEDSINCE")
        guard changedSince == nil, arguments.keyword() == "CHANGEDSINCE" else { throw failure }
        try arguments.space()
        changedSince = try arguments.number()
      }
    }
    try arguments.end()
    guard let selection else { return .bad("no mailbox is selected") }
    guard var indices = selection.indices(set, isUID: command.isUID) else { return .bad("no such message number") }
    if changedSince != nil || items.contains(.modificationSequence) { extensions.isConditionalStore = true }
    if let changedSince {
      indices = indices.filter { selection.messages[$0].modificationSequence > changedSince }
      if !items.contains(.modificationSequence) { items.append(.modificationSequence) }
    }
    if command.isUID {
      items.removeAll { $0 == .uid }
      items.insert(.uid, at: 0)
    }
    fetchJob = IMAPFetchJob(tag: tag, command: command, items: items, indices: indices)
    return nil
  }
  /// Answers for messages until enough octets are there to be sent, or all is said.
  mutating func continueFetch(_ store: inout some MailStore) {
    guard var job = fetchJob, selection != nil else { return fetchJob = nil }
    while job.messageCount < job.indices.count {
      let isWhole = answer(&job, &store)
      if !isWhole || output.octets.count >= IMAPServerLimits.outputByteCount {
        fetchJob = job
        return
      }
    }
    fetchJob = nil
    let completion: IMAPCompletion =
      job.hasUnknownEncoding
      ? .no("[UNKNOWN-CTE] a part has an unknown encoding")
      : job.isMissing && !job.command.isUID
        ? .no("[EXPUNGEISSUED] some of the messages are gone") : .ok("FETCH completed")
    finish(job.tag, job.command, completion, &store)
  }
  /// Answers for the next message; false when there is enough to send before the rest of it.
  private mutating func answer(_ job: inout IMAPFetchJob, _ store: inout some MailStore) -> Bool {
    let index = job.indices[job.messageCount]
    guard let folder = selection?.folder, let message = selection?.messages[index] else { return true }
    // Octets are read where an item needs them, and then once.
    var reader = FetchItemReader()
    if job.itemCount == 0 {
      if job.items.contains(where: { FetchItemReader.needsOctets($0) }) {
        guard reader.load(message, folder, store) else {
          job.isMissing = true
          job.messageCount += 1
          return true
        }
      }
      job.tellsFlags = job.items.contains(where: \.setsSeen) && setSeen(index, &store)
      output.append("* \(index + 1) FETCH (".utf8)
    }
    while job.itemCount < job.items.count {
      if job.itemCount > 0 { output.append(" ".utf8) }
      write(job.items[job.itemCount], index, &reader, &job, store)
      job.itemCount += 1
      if output.octets.count >= IMAPServerLimits.outputByteCount, job.itemCount < job.items.count { return false }
    }
    if job.tellsFlags, !job.items.contains(.flags), let selection = self.selection {
      let message = selection.messages[index]
      output.append(" FLAGS (\(flagNames(message, selection)))".utf8)
      if extensions.isConditionalStore, !job.items.contains(.modificationSequence) {
        output.append(" MODSEQ (\(message.modificationSequence))".utf8)
      }
    }
    output.append(")\r\n".utf8)
    job.itemCount = 0
    job.messageCount += 1
    return true
  }
  /// Whether the message was unseen, and now is seen.
  private mutating func setSeen(_ index: Int, _ store: inout some MailStore) -> Bool {
    guard let folder = selection?.folder, selection?.isReadOnly == false, let uid = selection?.messages[index].uid
    else { return false }
    // Another session may have changed its flags meanwhile.
    guard let message = store.message(uid, in: folder), !message.flags.contains("\\Seen") else { return false }
    let flags = message.flags.union(MessageFlags(["\\Seen"]))
    guard let sequence = store.setFlags(flags, of: uid, in: folder) else { return false }
    selection?.setTold(flags, sequence, at: index)
    return true
  }
  private mutating func write(
    _ item: IMAPFetchItem, _ index: Int, _ reader: inout FetchItemReader, _ job: inout IMAPFetchJob,
    _ store: some MailStore
  ) {
    guard let selection else { return }
    let message = selection.messages[index]
    switch item {
    case .flags: output.append("FLAGS (\(flagNames(message, selection)))".utf8)
    case .uid: output.append("UID \(message.uid)".utf8)
    case .internalDate: output.append("INTERNALDATE \"\(IMAPDate.encode(message.internalDate))\"".utf8)
    case .byteCount: output.append("RFC822.SIZE \(message.byteCount)".utf8)
    case .modificationSequence: output.append("MODSEQ (\(message.modificationSequence))".utf8)
    case .envelope, .body, .bodyStructure, .message, .messageHeader, .messageText, .section, .binary, .binarySize:
      output.append("\(item.encode()) ".utf8)
      _ = reader.load(message, selection.folder, store)
      output.write { writer in
        if !reader.write(item, into: &writer) { job.hasUnknownEncoding = true }
      }
    }
  }
}
