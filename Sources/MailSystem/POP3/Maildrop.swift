/// A mailbox as POP3 sees it: the messages that were there when it was opened (RFC 1939 §3), and which of them are
/// marked as deleted. Nothing is deleted before the session enters its UPDATE state.
package struct Maildrop: Equatable, Sendable {
  package struct Message: Equatable, Sendable {
    /// UIDL's (RFC 1939 §7): 1 to 70 octets of visible ASCII, the same for as long as the message exists.
    package var uniqueID: String
    package var byteCount: Int

    package init(uniqueID: String, byteCount: Int) {
      self.uniqueID = uniqueID
      self.byteCount = byteCount
    }
  }
  package let messages: [Message]
  /// Indices, from 0.
  package private(set) var deleted: Set<Int> = []

  package init(_ messages: [Message]) { self.messages = messages }

  /// What is not marked as deleted.
  var live: [(index: Int, message: Message)] {
    messages.enumerated().filter { !deleted.contains($0.offset) }.map { ($0.offset, $0.element) }
  }
  var byteCount: Int { live.reduce(0) { $0 + $1.message.byteCount } }

  /// The index of the message that a number names; nil for what names none.
  func index(_ number: String) -> Int? {
    guard number.utf8.count <= 10, !number.isEmpty, number.utf8.allSatisfy({ $0 &- 48 < 10 }), let number = Int(number),
      number >= 1, number <= messages.count, !deleted.contains(number - 1)
    else { return nil }
    return number - 1
  }
  mutating func delete(_ index: Int) { deleted.insert(index) }
  mutating func reset() { deleted = [] }
}
