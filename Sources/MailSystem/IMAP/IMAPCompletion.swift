internal import MailProtocols

/// How a command ended: what its tagged response says (RFC 9051 §7.1).
struct IMAPCompletion: Equatable {
  var status: IMAPResponse.Status
  /// With its response code, if any: `[TRYCREATE] no such mailbox`.
  var text: String

  static func ok(_ text: String) -> IMAPCompletion { IMAPCompletion(status: .ok, text: text) }
  static func no(_ text: String) -> IMAPCompletion { IMAPCompletion(status: .no, text: text) }
  static func bad(_ text: String) -> IMAPCompletion { IMAPCompletion(status: .bad, text: text) }

  /// What a store did not do, with the response codes of RFC 9051 §7.1.
  init(_ error: MailStoreError) {
    status = .no
    text =
      switch error {
      case .noSuchFolder: "[NONEXISTENT] no such mailbox"
      case .alreadyExists: "[ALREADYEXISTS] there is such a mailbox"
      case .hasChildren: "[HASCHILDREN] the mailbox has inferior ones"
      case .isINBOX: "[CANNOT] not with INBOX"
      case .badName: "[CANNOT] no mailbox may have that name"
      case .full: "[OVERQUOTA] no more room"
      case .unavailable: "[UNAVAILABLE] the store cannot do that now"
      }
  }
  init(status: IMAPResponse.Status, text: String) {
    self.status = status
    self.text = text
  }
}
