internal import Bytes
internal import MailProtocols

/// Making, removing, renaming and subscribing (RFC 9051 §6.3.4 to §6.3.8).
extension IMAPServerSession {
  mutating func create(
    _ arguments: inout IMAPArguments, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    var octets = try arguments.astring()
    // A separator at the end only says that inferior names will follow (RFC 9051 §6.3.4).
    if octets.count > 1, octets.last == UInt8(ascii: "/") { octets.removeLast() }
    let name = folderName(octets)
    try arguments.end()
    let completion = change("CREATE", name) { (name, user) throws(MailStoreError) in
      try store.createFolder(name, of: user)
    }
    if completion.status == .ok, let name { tellName(octets, name) }
    return completion
  }
  mutating func delete(
    _ arguments: inout IMAPArguments, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    let octets = try arguments.astring()
    let name = folderName(octets)
    try arguments.end()
    if let selection, let name, let user, store.folder(named: name, of: user)?.id == selection.folder,
      name != FolderName.inbox
    {
      return .no("[INUSE] the mailbox is selected")
    }
    let completion = change("DELETE", name) { (name, user) throws(MailStoreError) in
      try store.deleteFolder(name, of: user)
    }
    if completion.status == .ok, let name { tellName(octets, name, attributes: "\\NonExistent") }
    return completion
  }
  mutating func rename(
    _ arguments: inout IMAPArguments, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    let name = try mailbox(&arguments)
    try arguments.space()
    let newOctets = try arguments.astring()
    let newName = folderName(newOctets)
    try arguments.end()
    let completion = change("RENAME", name) { (name, user) throws(MailStoreError) in
      guard let newName else { throw .badName }
      try store.renameFolder(name, to: newName, of: user)
    }
    if completion.status == .ok, let newName { tellName(newOctets, newName) }
    return completion
  }
  mutating func subscribe(
    _ arguments: inout IMAPArguments, _ isSubscribed: Bool, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    let name = try mailbox(&arguments)
    try arguments.end()
    return change(isSubscribed ? "SUBSCRIBE" : "UNSUBSCRIBE", name) { (name, user) throws(MailStoreError) in
      if isSubscribed, store.folder(named: name, of: user) == nil { throw .noSuchFolder }
      try store.setSubscribed(isSubscribed, name, of: user)
    }
  }
  private func change(
    _ verb: String, _ name: String?, _ body: (String, String) throws(MailStoreError) -> Void
  ) -> IMAPCompletion {
    guard let name, let user else { return IMAPCompletion(.badName) }
    do throws(MailStoreError) {
      try body(name, user)
      return .ok("\(verb) completed")
    } catch {
      return IMAPCompletion(error)
    }
  }
}
