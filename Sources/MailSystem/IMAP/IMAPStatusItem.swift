internal import MailProtocols

/// What STATUS tells of a folder (RFC 9051 §6.3.11; RECENT: RFC 3501 §6.3.10; HIGHESTMODSEQ: RFC 7162 §3.1.7).
///
///     S: * STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)
enum IMAPStatusItem: String {
  case messages = "MESSAGES"
  case uidNext = "UIDNEXT"
  case uidValidity = "UIDVALIDITY"
  case unseen = "UNSEEN"
  case deleted = "DELETED"
  case size = "SIZE"
  case recent = "RECENT"
  case highestModificationSequence = "HIGHESTMODSEQ"
  case appendLimit = "APPENDLIMIT"

  /// status-att-list, in parentheses.
  static func parseList(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> [IMAPStatusItem] {
    var items: [IMAPStatusItem] = []
    try arguments.list(atLeast: 1) { (arguments) throws(IMAPSyntaxError) in
      let failure = arguments.failure("an item of STATUS")
      guard let item = IMAPStatusItem(rawValue: arguments.keyword()) else { throw failure }
      if !items.contains(item) { items.append(item) }
    }
    return items
  }
  func value(_ folder: MailFolder, _ messages: [StoredMessage], appendLimit: Int) -> String {
    let value =
      switch self {
      case .messages: "\(messages.count)"
      case .uidNext: "\(folder.uidNext)"
      case .uidValidity: "\(folder.uidValidity)"
      case .unseen: "\(messages.count { !$0.flags.contains("\\Seen") })"
      case .deleted: "\(messages.count { $0.flags.contains("\\Deleted") })"
      case .size: "\(messages.reduce(0) { $0 + $1.byteCount })"
      case .recent: "0"
      case .highestModificationSequence: "\(folder.highestModificationSequence)"
      case .appendLimit: "\(appendLimit)"
      }
    return "\(rawValue) \(value)"
  }
}
