internal import MailSystem

/// The inboxes as POP3 sees them.
extension LabHost: Mailboxes {
  func openMaildrop(of user: String) -> Maildrop? {
    guard openMaildrops.insert(user).inserted else { return nil }
    change { store.open(account: user) }
    return Maildrop(
      inbox(of: user).map {
        Maildrop.Message(uniqueID: "\($0.validity).\($0.message.uid)", byteCount: $0.message.byteCount)
      })
  }
  func releaseMaildrop(of user: String) { openMaildrops.remove(user) }
  func message(_ uniqueID: String, of user: String) -> [UInt8]? {
    guard let folder = store.folder(named: FolderName.inbox, of: user), let uid = uid(uniqueID) else { return nil }
    return store.octets(of: uid, in: folder.id)
  }
  func remove(_ uniqueIDs: [String], of user: String) -> Bool {
    guard let folder = store.folder(named: FolderName.inbox, of: user) else { return false }
    let uids = uniqueIDs.compactMap(uid)
    change { store.remove(uids, from: folder.id) }
    return uids.allSatisfy { store.message($0, in: folder.id) == nil }
  }
  private func inbox(of user: String) -> [(validity: UInt32, message: StoredMessage)] {
    guard let folder = store.folder(named: FolderName.inbox, of: user) else { return [] }
    return store.messages(in: folder.id).map { (folder.uidValidity, $0) }
  }
  private func uid(_ uniqueID: String) -> UInt32? { uniqueID.split(separator: ".").last.flatMap { UInt32($0) } }
}
