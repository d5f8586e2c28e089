internal import Bytes
internal import MailProtocols

/// Finds messages of a selected folder by what SEARCH asks (RFC 9051 §6.4.4). Each key goes once through the messages
/// that those before it have left.
struct MessageSearch<Store: MailStore> {
  let selection: IMAPSelection
  let store: Store

  /// The indices of the messages found, ascending.
  func find(_ key: IMAPSearchKey) -> [Int] { find(key, Array(selection.messages.indices)) }

  private func find(_ key: IMAPSearchKey, _ candidates: [Int]) -> [Int] {
    switch key {
    case .all: return candidates
    case .not(let key):
      let found = Set(find(key, candidates))
      return candidates.filter { !found.contains($0) }
    case .or(let one, let other):
      let found = Set(find(one, candidates)).union(find(other, candidates))
      return candidates.filter { found.contains($0) }
    case .every(let keys): return keys.reduce(candidates) { find($1, $0) }
    case .numbers(let set): return pick(numbers(set), candidates)
    case .uid(let set): return pick(selection.indices(set, isUID: true) ?? [], candidates)
    case .text(let text, let place): return find(text, place, candidates)
    case .sent(let order, let day):
      return candidates.filter { index in
        guard let octets = octets(index), let sent = Self.sentDay(octets) else { return false }
        return Self.isTrue(sent, order, day)
      }
    case .new, .old, .recent, .flag, .arrived, .larger, .smaller, .changedSince:
      return candidates.filter { isTrue(key, selection.messages[$0]) }
    }
  }
  /// Numbers without a message are nobody's; `*` is the last.
  private func numbers(_ set: IMAPSequenceSet) -> [Int] {
    if set.isSavedResult { return selection.indices(set, isUID: true) ?? [] }
    let count = selection.messages.count
    return set.ranges(largest: UInt32(clamping: count)).flatMap { range -> Range<Int> in
      let lower = max(Int(range.lowerBound), 1)
      let upper = min(Int(range.upperBound), count)
      return lower <= upper ? lower - 1..<upper : 0..<0
    }
  }
  private func pick(_ found: [Int], _ candidates: [Int]) -> [Int] {
    let found = Set(found)
    return candidates.filter { found.contains($0) }
  }
  private func isTrue(_ key: IMAPSearchKey, _ message: StoredMessage) -> Bool {
    switch key {
    case .new: selection.recent.contains(message.uid) && !message.flags.contains("\\Seen")
    case .old: !selection.recent.contains(message.uid)
    case .recent: selection.recent.contains(message.uid)
    case .flag(let name): message.flags.contains(name)
    case .arrived(let order, let day): Self.isTrue(IMAPDate.day(of: message.internalDate), order, day)
    case .larger(let byteCount): UInt64(message.byteCount) > byteCount
    case .smaller(let byteCount): UInt64(message.byteCount) < byteCount
    case .changedSince(let sequence): message.modificationSequence >= sequence
    case .all, .not, .or, .every, .numbers, .uid, .text, .sent: false
    }
  }
  private static func isTrue(_ day: Int64, _ order: IMAPSearchKey.Order, _ named: Int64) -> Bool {
    switch order {
    case .before: day < named
    case .on: day == named
    case .since: day >= named
    }
  }
  private func octets(_ index: Int) -> [UInt8]? {
    store.octets(of: selection.messages[index].uid, in: selection.folder)
  }
  /// The day of the Date field.
  private static func sentDay(_ octets: [UInt8]) -> Int64? {
    let structure = MIMEStructure.parse(octets.span)
    guard let value = HeaderFields(octets.span, structure.header).first("date") else { return nil }
    return MessageDate.parse(octets.span.extracting(value)).map { IMAPDate.day(of: $0) }
  }
  private func find(_ text: [UInt8], _ place: IMAPSearchKey.Place, _ candidates: [Int]) -> [Int] {
    let needle = Array(text.span.text().lowercased().utf8)
    return candidates.filter { index in
      guard let octets = octets(index) else { return false }
      return SearchableText.contains(needle, in: octets, place)
    }
  }
}
