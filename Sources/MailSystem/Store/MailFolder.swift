/// A folder's number in its store, the same whatever its name, never given twice.
package struct MailFolderID: Hashable, Sendable {
  package var number: UInt32
  package init(_ number: UInt32) { self.number = number }
}

/// A folder: what a store tells of it without its messages (RFC 9051 §2.3.1, §6.3.2).
package struct MailFolder: Equatable, Sendable {
  /// What a folder is for (RFC 6154 §2).
  package enum SpecialUse: String, CaseIterable, Sendable {
    case drafts = "\\Drafts"
    case junk = "\\Junk"
    case sent = "\\Sent"
    case trash = "\\Trash"
  }
  package let id: MailFolderID
  /// In Unicode, hierarchies parted by `/`.
  package var name: String
  /// Whoever knows UIDs of another UIDVALIDITY must forget them.
  package var uidValidity: UInt32
  package var uidNext: UInt32 = 1
  /// Grows with every change: messages, flags, removals (RFC 7162 §3.1.2.1).
  package var highestModificationSequence: UInt64 = 1
  package var specialUse: SpecialUse?

  package init(id: MailFolderID, name: String, uidValidity: UInt32, specialUse: SpecialUse? = nil) {
    self.id = id
    self.name = name
    self.uidValidity = uidValidity
    self.specialUse = specialUse
  }
}
