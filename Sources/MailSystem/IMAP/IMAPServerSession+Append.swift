internal import Bytes
internal import MailProtocols

/// APPEND, COPY and MOVE (RFC 9051 §6.3.12, §6.4.7, §6.4.8).
extension IMAPServerSession {
  ///     C: A003 APPEND saved-messages (\Seen) {326}
  ///     S: + ready for the literal
  ///     C: Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)…
  ///     S: A003 OK [APPENDUID 38505 3955] APPEND completed
  ///
  ///     append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP (literal / literal8 / "UTF8" SP "(" literal8 ")")
  mutating func append(
    _ arguments: inout IMAPArguments, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    let octets = try arguments.astring()
    let name = folderName(octets)
    try arguments.space()
    var flags = MessageFlags()
    if arguments.next == UInt8(ascii: "(") {
      flags = try Self.flagList(&arguments, mayBeBare: false)
      try arguments.space()
    }
    var date = MessageDate(secondsSinceEpoch: now.nanoseconds / 1_000_000_000)
    if arguments.next == UInt8(ascii: "\"") {
      date = try IMAPDate.parseDateTime(&arguments)
      try arguments.space()
    }
    let message = try messageLiteral(&arguments)
    try arguments.end()
    guard let user, let name else { return IMAPCompletion(.badName) }
    guard let folder = store.folder(named: name, of: user) else { return .no("[TRYCREATE] no such mailbox") }
    guard flags.count <= MessageFlags.keywordLimit + MessageFlags.system.count else {
      return .no("[LIMIT] too many keywords")
    }
    do throws(MailStoreError) {
      let uid = try store.append(message, flags: flags, date: date, to: folder.id)
      tellName(octets, name)
      return .ok("[APPENDUID \(folder.uidValidity) \(uid)] APPEND completed")
    } catch {
      return IMAPCompletion(error)
    }
  }
  private func messageLiteral(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> [UInt8] {
    guard arguments.next == UInt8(ascii: "U") || arguments.next == UInt8(ascii: "u") else {
      let failure = arguments.failure("a message")
      let message = try arguments.literalOrLiteral8()
      if message.isEmpty { throw failure }
      return message
    }
    let failure = arguments.failure("UTF8")
    guard arguments.keyword() == "UTF8", extensions.isUTF8 || extensions.isRevision2 else { throw failure }
    try arguments.space()
    try arguments.expect(UInt8(ascii: "("))
    let message = try arguments.literalOrLiteral8()
    try arguments.expect(UInt8(ascii: ")"))
    return message
  }

  ///     C: A003 MOVE 2:4 Archive
  ///     S: * OK [COPYUID 432432 42:44 1202:1204] moved
  ///     S: * 2 EXPUNGE …
  ///     S: A003 OK MOVE completed
  mutating func copy(
    _ arguments: inout IMAPArguments, _ command: IMAPCommand, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    let set = try IMAPSequenceSet.parse(&arguments)
    try arguments.space()
    let name = try mailbox(&arguments)
    try arguments.end()
    let isMove = command.name == .move
    guard let selection, let user else { return .bad("no mailbox is selected") }
    guard let indices = selection.indices(set, isUID: command.isUID) else { return .bad("no such message number") }
    if isMove, selection.isReadOnly { return .no("[CANNOT] the mailbox was opened by EXAMINE") }
    guard let name else { return IMAPCompletion(.badName) }
    guard let target = store.folder(named: name, of: user) else { return .no("[TRYCREATE] no such mailbox") }
    let existing = Set(store.messages(in: selection.folder).map(\.uid))
    let wanted = indices.map { selection.messages[$0].uid }
    let uids = wanted.filter { existing.contains($0) }
    guard command.isUID || uids.count == wanted.count else {
      return .no("[EXPUNGEISSUED] some of the messages are gone")
    }
    guard !uids.isEmpty else { return .ok("nothing to be done") }
    do throws(MailStoreError) {
      let copies = try store.copy(uids, from: selection.folder, to: target.id)
      let code =
        "[COPYUID \(target.uidValidity) \(IMAPSequenceSet.encode(uids)) \(IMAPSequenceSet.encode(copies))]"
      guard isMove else { return .ok("\(code) COPY completed") }
      untagged("OK \(code) moved")
      store.remove(uids, from: selection.folder)
      return .ok("MOVE completed")
    } catch {
      return IMAPCompletion(error)
    }
  }
}
