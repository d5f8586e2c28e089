internal import Bytes
internal import MailProtocols

/// STORE (RFC 9051 §6.4.6), and on condition (RFC 7162 §3.1.3).
extension IMAPServerSession {
  private enum Change { case replace, add, remove }
  private struct StoreRequest {
    var set: IMAPSequenceSet
    var change: Change
    var isSilent: Bool
    var flags: MessageFlags
    var unchangedSince: UInt64?
  }

  ///     C: A003 STORE 2:4 +FLAGS (\Deleted)
  ///     S: * 2 FETCH (FLAGS (\Deleted \Seen))
  ///     S: …
  ///     S: A003 OK STORE completed
  mutating func storeFlags(
    _ arguments: inout IMAPArguments, isUID: Bool, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    let request = try parseStore(&arguments)
    guard var selection else { return .bad("no mailbox is selected") }
    if request.unchangedSince != nil { extensions.isConditionalStore = true }
    guard let indices = selection.indices(request.set, isUID: isUID) else { return .bad("no such message number") }
    guard !selection.isReadOnly else { return .no("[CANNOT] the mailbox was opened by EXAMINE") }
    var refused: [UInt32] = []
    var isMissing = false
    var told: [Int] = []
    var isUnwritten = false
    for index in indices {
      let known = selection.messages[index]
      guard let message = store.message(known.uid, in: selection.folder) else {
        isMissing = true
        continue
      }
      if let limit = request.unchangedSince, message.modificationSequence > limit {
        refused.append(isUID ? message.uid : UInt32(clamping: index + 1))
        continue
      }
      let flags = Self.flags(message.flags, request)
      guard flags.count <= MessageFlags.keywordLimit + MessageFlags.system.count else {
        return .no("[LIMIT] too many keywords")
      }
      guard let sequence = store.setFlags(flags, of: message.uid, in: selection.folder) else {
        isUnwritten = true
        continue
      }
      // What another session changed meanwhile is told even by a silent one (RFC 9051 §6.4.6).
      if !request.isSilent || message.modificationSequence == known.modificationSequence {
        selection.setTold(flags, sequence, at: index)
        told.append(index)
      }
    }
    self.selection = selection
    tell(told, request, isUID: isUID)
    if isUnwritten { return .no("[UNAVAILABLE] some flags could not be kept") }
    if !refused.isEmpty {
      return .ok("[MODIFIED \(IMAPSequenceSet.encode(refused))] conditional STORE failed")
    }
    // Of UIDs without a message nothing is said (RFC 9051 §6.4.9).
    return isMissing && !isUID ? .no("[EXPUNGEISSUED] some of the messages are gone") : .ok("STORE completed")
  }
  private mutating func tell(_ indices: [Int], _ request: StoreRequest, isUID: Bool) {
    for index in indices {
      if !request.isSilent {
        tellFlags(index, withUID: isUID)
      } else if extensions.isConditionalStore, let message = selection?.messages[index] {
        let uid = isUID ? "UID \(message.uid) " : ""
        untagged("\(index + 1) FETCH (\(uid)MODSEQ (\(message.modificationSequence)))")
      }
    }
  }
  private static func flags(_ before: MessageFlags, _ request: StoreRequest) -> MessageFlags {
    switch request.change {
    case .replace: request.flags
    case .add: before.union(request.flags)
    case .remove: before.subtracting(request.flags)
    }
  }
  /// store = "STORE" SP sequence-set [SP store-modifiers] SP store-att-flags
  private func parseStore(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> StoreRequest {
    try arguments.space()
    let set = try IMAPSequenceSet.parse(&arguments)
    try arguments.space()
    var unchangedSince: UInt64?
    if arguments.next == UInt8(ascii: "(") {
      try arguments.list(atLeast: 1) { (arguments) throws(IMAPSyntaxError) in
        let failure = arguments.failure("UNCHANGEDSINCE")
        guard unchangedSince == nil, arguments.keyword() == "UNCHANGEDSINCE" else { throw failure }
        try arguments.space()
        unchangedSince = try arguments.number()
      }
      try arguments.space()
    }
    let change: Change =
      arguments.skip(UInt8(ascii: "+")) ? .add : arguments.skip(UInt8(ascii: "-")) ? .remove : .replace
    let failure = arguments.failure("FLAGS or FLAGS.SILENT")
    let word = arguments.keyword()
    guard word == "FLAGS" || word == "FLAGS.SILENT" else { throw failure }
    try arguments.space()
    let flags = try Self.flagList(&arguments, mayBeBare: true)
    try arguments.end()
    return StoreRequest(
      set: set, change: change, isSilent: word == "FLAGS.SILENT", flags: flags, unchangedSince: unchangedSince)
  }
  /// flag-list = "(" [flag *(SP flag)] ")"; STORE also takes flags without parentheses.
  static func flagList(_ arguments: inout IMAPArguments, mayBeBare: Bool) throws(IMAPSyntaxError) -> MessageFlags {
    var flags = MessageFlags()
    if arguments.next == UInt8(ascii: "(") || !mayBeBare {
      try arguments.list { (arguments) throws(IMAPSyntaxError) in flags.insert(try flag(&arguments)) }
      return flags
    }
    repeat { flags.insert(try flag(&arguments)) } while arguments.skip(ASCII.space)
    return flags
  }
  /// flag = "\Answered" / "\Flagged" / "\Deleted" / "\Seen" / "\Draft" / flag-keyword
  private static func flag(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> String {
    let failure = arguments.failure("a flag")
    let isSystem = arguments.skip(UInt8(ascii: "\\"))
    let name = (isSystem ? "\\" : "") + (try arguments.atom())
    if isSystem {
      guard let known = MessageFlags.system.first(where: { $0.lowercased() == name.lowercased() }) else {
        throw failure
      }
      return known
    }
    guard name.utf8.count <= MessageFlags.keywordByteCount else { throw failure }
    return name
  }
}
