/// A message's flags (RFC 9051 §2.3.2): system flags in their usual spelling, keywords as they were first spelt; case
/// makes no difference.
package struct MessageFlags: Equatable, Sendable {
  /// By the name in lower case.
  private var spellings: [String: String] = [:]

  /// The system flags that stay (\Recent is the session's, RFC 3501 §2.3.2).
  package static let system = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"]
  /// Keywords of one message, and the length of one.
  package static var keywordLimit: Int { 64 }
  package static var keywordByteCount: Int { 100 }

  package init(_ names: [String] = []) { for name in names { insert(name) } }

  package static func == (a: MessageFlags, b: MessageFlags) -> Bool { a.spellings.keys == b.spellings.keys }

  /// In alphabetical order.
  package var names: [String] { spellings.sorted { $0.key < $1.key }.map(\.value) }
  package var isEmpty: Bool { spellings.isEmpty }
  package var count: Int { spellings.count }
  package func contains(_ name: String) -> Bool { spellings[name.lowercased()] != nil }
  package mutating func insert(_ name: String) {
    let key = name.lowercased()
    if spellings[key] == nil { spellings[key] = Self.system.first { $0.lowercased() == key } ?? name }
  }
  package mutating func remove(_ name: String) { spellings[name.lowercased()] = nil }
  package func union(_ other: MessageFlags) -> MessageFlags { MessageFlags(names + other.names) }
  package func subtracting(_ other: MessageFlags) -> MessageFlags {
    MessageFlags(names.filter { !other.contains($0) })
  }
}
