internal import Bytes
internal import MailProtocols

/// LIST, LSUB and STATUS (RFC 9051 §6.3.9, §6.3.11; RFC 3501 §6.3.9).
extension IMAPServerSession {
  mutating func list(_ arguments: inout IMAPArguments, _ store: some MailStore) throws(IMAPSyntaxError)
    -> IMAPCompletion
  {
    let request = try IMAPListRequest.parse(&arguments)
    guard let user else { return .bad("not before you have logged in") }
    if !request.isExtended, request.patterns == [[]] {
      // An empty pattern asks for the separator.
      untagged("LIST (\\Noselect) \"/\" \"\"")
      return .ok("LIST completed")
    }
    let patterns = request.patterns.map { IMAPListPattern((request.reference + $0).span.text()) }
    let folders = store.folders(of: user)
    let subscriptions = store.subscriptions(of: user)
    let byName = Dictionary(folders.map { ($0.name, $0) }) { first, _ in first }
    var names = Set(byName.keys)
    let parents = Self.superiors(of: names)
    if request.selectsSubscribed { names.formUnion(subscriptions) }
    let selected: Set<String> = names.filter {
      (!request.selectsSubscribed || subscriptions.contains($0))
        && (!request.selectsSpecialUse || byName[$0]?.specialUse != nil)
    }
    // A name above a selected one is told even where nothing has it (RFC 9051 §6.3.9.6, table 3), if the client is not
    // told of all below it anyway (§6.3.9.3).
    let above = request.isRecursive ? Self.superiors(of: selected) : []
    let matching: Set<String> = names.union(above).filter { name in
      let wire = transcribed(name)
      return patterns.contains { $0.matches(wire) }
    }
    let needed = request.isRecursive ? Self.superiors(of: selected.subtracting(matching)) : []
    for name in matching.intersection(selected.union(needed)).sorted() {
      let folder = byName[name]
      var attributes = Self.attributes(folder, isParent: parents.contains(name))
      if request.selectsSubscribed || request.returnsSubscribed, subscriptions.contains(name) {
        attributes.append("\\Subscribed")
      }
      let more = above.contains(name) && request.selectsSubscribed ? " (\"CHILDINFO\" (\"SUBSCRIBED\"))" : ""
      untagged("LIST (\(attributes.joined(separator: " "))) \"/\" \(wireName(name))\(more)")
      // STATUS is for what was selected, not for the names above it (RFC 9051 §6.3.9.8, example 11).
      if let folder, selected.contains(name), !request.status.isEmpty { tellStatus(folder, request.status, store) }
    }
    return .ok("LIST completed")
  }
  private static func superiors(of names: Set<String>) -> Set<String> {
    Set(names.flatMap { FolderName.superiors(of: $0) })
  }
  /// A parent is who has folders below it: a subscribed name without one is no child (RFC 9051 §6.3.9.5).
  private static func attributes(_ folder: MailFolder?, isParent: Bool) -> [String] {
    guard let folder else { return ["\\NonExistent"] + (isParent ? ["\\HasChildren"] : []) }
    return [isParent ? "\\HasChildren" : "\\HasNoChildren"] + (folder.specialUse.map { [$0.rawValue] } ?? [])
  }
  /// RFC 3501 §6.3.9: the subscribed names; where `%` hides an inferior one, the name above it, which cannot be
  /// selected by this alone.
  mutating func listSubscribed(
    _ arguments: inout IMAPArguments, _ store: some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    let request = try IMAPListRequest.parse(&arguments)
    guard let user, !request.isExtended, let given = request.patterns.first else {
      return .bad("LSUB has no options")
    }
    let pattern = IMAPListPattern((request.reference + given).span.text())
    let subscriptions = store.subscriptions(of: user)
    let superiors = given.contains(UInt8(ascii: "%")) ? subscriptions.flatMap { FolderName.superiors(of: $0) } : []
    for name in subscriptions.union(superiors).sorted() where pattern.matches(transcribed(name)) {
      untagged("LSUB (\(subscriptions.contains(name) ? "" : "\\Noselect")) \"/\" \(wireName(name))")
    }
    return .ok("LSUB completed")
  }
  mutating func status(
    _ arguments: inout IMAPArguments, _ store: some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    let name = try mailbox(&arguments)
    try arguments.space()
    let items = try IMAPStatusItem.parseList(&arguments)
    try arguments.end()
    guard let user, let name, let folder = store.folder(named: name, of: user) else {
      return IMAPCompletion(.noSuchFolder)
    }
    if items.contains(.highestModificationSequence) { extensions.isConditionalStore = true }
    tellStatus(folder, items, store)
    return .ok("STATUS completed")
  }
  private mutating func tellStatus(_ folder: MailFolder, _ items: [IMAPStatusItem], _ store: some MailStore) {
    let messages = store.messages(in: folder.id)
    let values = items.map { $0.value(folder, messages, appendLimit: configuration.messageByteCount) }
    untagged("STATUS \(wireName(folder.name)) (\(values.joined(separator: " ")))")
  }
}
