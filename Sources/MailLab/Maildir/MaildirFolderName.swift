internal import Bytes
internal import MailProtocols
internal import MailSystem

/// A folder's name as a name on disk, as Dovecot's Maildir++ has it: a dot in front of each level, modified UTF-7
/// (RFC 3501 §5.1.3), and `\2e` for a dot within a level.
///
///     Projects/2026   →   .Projects.2026
///     Entwürfe/v1.2   →   .Entw&APw-rfe.v1\2e2
enum MaildirFolderName {
  /// Nil for INBOX, which is the account's own Maildir.
  static func encode(_ name: String) -> String? {
    if name == FolderName.inbox { return nil }
    return name.split(separator: FolderName.separator).map { level in
      "."
        + ModifiedUTF7.encode(String(level)).split(separator: ".", omittingEmptySubsequences: false)
        .joined(separator: "\\2e")
    }.joined()
  }
  /// The folder that a name on disk stands for; nil for what is no folder's.
  static func decode(_ name: String) -> String? {
    guard name.first == "." else { return nil }
    var levels: [String] = []
    for level in name.dropFirst().split(separator: ".", omittingEmptySubsequences: false) {
      guard let text = ModifiedUTF7.decode(Array(level.utf8)) else { return nil }
      levels.append(text.split(separator: "\\2e", omittingEmptySubsequences: false).joined(separator: "."))
    }
    let folder = FolderName.canonical(levels.joined(separator: "/"))
    return folder == FolderName.inbox ? nil : folder
  }
}
