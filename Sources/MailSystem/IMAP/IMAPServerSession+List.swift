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
    var names = folders.map(\.name)
    if request.selectsSubscribed { names = Set(names).union(subscriptions).sorted() }
    let byName = Dictionary(folders.map { ($0.name, $0) }) { first, _ in first }
    for name in names {
      let wire = transcribed(name)
      guard patterns.contains(where: { $0.matches(wire) }) else { continue }
      let folder = byName[name]
      let isSelected =
        (!request.selectsSubscribed || subscriptions.contains(name))
        && (!request.selectsSpecialUse || folder?.specialUse != nil)
      let hasSelectedInferior =
        request.isRecursive
        && names.contains {
          $0.hasPrefix(name + "/") && (!request.selectsSubscribed || subscriptions.contains($0))
            && (!request.selectsSpecialUse || byName[$0]?.specialUse != nil)
        }
      guard isSelected || hasSelectedInferior else { continue }
      var attributes = attributes(folder, name, names)
      if request.selectsSubscribed || request.returnsSubscribed, subscriptions.contains(name) {
        attributes.append("\\Subscribed")
      }
      let more =
        hasSelectedInferior && request.selectsSubscribed ? " (\"CHILDINFO\" (\"SUBSCRIBED\"))" : ""
      untagged("LIST (\(attributes.joined(separator: " "))) \"/\" \(wireName(name))\(more)")
      if let folder, !request.status.isEmpty { tellStatus(folder, request.status, store) }
    }
    return .ok("LIST completed")
  }
  private func attributes(_ folder: MailFolder?, _ name: String, _ names: [String]) -> [String] {
    let hasChildren = names.contains { $0.hasPrefix(name + "/") }
    guard let folder else { return ["\\NonExistent"] }
    return [hasChildren ? "\\HasChildren" : "\\HasNoChildren"] + (folder.specialUse.map { [$0.rawValue] } ?? [])
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
