internal import Bytes
internal import MailProtocols

/// The selected folder as its client knows it: what was told, not what is (RFC 9051 §2.3.1.2, §5.2, §7.5.1).
struct IMAPSelection: Sendable {
  let folder: MailFolderID
  let isReadOnly: Bool
  /// The messages by their numbers, from 1; a removed one stays until EXPUNGE has been sent.
  private(set) var messages: [StoredMessage]
  /// UIDs that this session was the first to be told of (RFC 3501 §2.3.2).
  var recent: Set<UInt32> = []
  /// What `$` stands for, as UIDs (RFC 9051 §6.4.4.1).
  var savedResult: Set<UInt32> = []
  /// The folder's count of changes when it was last compared.
  private var seenChange: UInt64
  /// Messages are gone whose EXPUNGE had to wait.
  private var hasUntoldRemovals = false

  init(_ folder: MailFolder, _ messages: [StoredMessage], isReadOnly: Bool) {
    self.folder = folder.id
    self.messages = messages
    self.isReadOnly = isReadOnly
    seenChange = folder.highestModificationSequence
  }
  /// What the client is to be told of.
  struct News: Equatable {
    /// Message numbers, each valid when those before it are gone.
    var expunged: [Int] = []
    var expungedUIDs: [UInt32] = []
    /// How many messages there are now, if that became more.
    var exists: Int?
    /// Indices of messages whose flags changed.
    var changed: [Int] = []
  }
  /// Whether there may be news.
  func isBehind(_ folder: MailFolder, mayExpunge: Bool) -> Bool {
    folder.highestModificationSequence != seenChange || hasUntoldRemovals && mayExpunge
  }
  /// Takes over what is in the store, and says what that changes for the client.
  mutating func update(_ folder: MailFolder, _ current: [StoredMessage], mayExpunge: Bool) -> News {
    var news = News()
    seenChange = folder.highestModificationSequence
    var merged: [StoredMessage] = []
    var position = 0
    hasUntoldRemovals = false
    for message in messages {
      while position < current.count, current[position].uid < message.uid { position += 1 }
      if position < current.count, current[position].uid == message.uid {
        if current[position].modificationSequence != message.modificationSequence { news.changed.append(merged.count) }
        merged.append(current[position])
      } else if mayExpunge {
        news.expunged.append(merged.count + 1)
        news.expungedUIDs.append(message.uid)
      } else {
        hasUntoldRemovals = true
        merged.append(message)
      }
    }
    let lastUID = messages.last?.uid ?? 0
    let new = current.drop { $0.uid <= max(lastUID, highestUID) }
    merged += new
    if !new.isEmpty { news.exists = merged.count }
    messages = merged
    highestUID = max(highestUID, lastUID, merged.last?.uid ?? 0)
    for uid in news.expungedUIDs {
      recent.remove(uid)
      savedResult.remove(uid)
    }
    return news
  }
  /// The highest UID that was told of, of a message that may be gone.
  private var highestUID: UInt32 = 0

  /// The client is being told a message's new flags: no news later.
  mutating func setTold(_ flags: MessageFlags, _ modificationSequence: UInt64, at index: Int) {
    messages[index].flags = flags
    messages[index].modificationSequence = modificationSequence
  }
  func index(uid: UInt32) -> Int? {
    var lower = 0
    var upper = messages.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if messages[middle].uid < uid { lower = middle + 1 } else { upper = middle }
    }
    return lower < messages.count && messages[lower].uid == uid ? lower : nil
  }
  /// The indices that a set names, ascending; nil for a number without a message. UIDs without one are passed over.
  func indices(_ set: IMAPSequenceSet, isUID: Bool) -> [Int]? {
    if set.isSavedResult { return messages.indices.filter { savedResult.contains(messages[$0].uid) } }
    guard isUID else {
      // In an empty mailbox `*` stands for nothing: clients ask for 1:* before they know.
      let ranges = set.ranges(largest: UInt32(clamping: messages.count)).filter { $0.lowerBound > 0 }
      guard ranges.allSatisfy({ Int($0.upperBound) <= messages.count }) else { return nil }
      return ranges.flatMap { Int($0.lowerBound) - 1...Int($0.upperBound) - 1 }
    }
    var indices: [Int] = []
    var index = 0
    for range in set.ranges(largest: messages.last?.uid ?? 0) {
      while index < messages.count, messages[index].uid < range.lowerBound { index += 1 }
      while index < messages.count, messages[index].uid <= range.upperBound {
        indices.append(index)
        index += 1
      }
    }
    return indices
  }
}
