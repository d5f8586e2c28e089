/// A value of the transcript, as JSON knows values: what selectors walk over.
package indirect enum Fact: Equatable, Sendable {
  case null
  case boolean(Bool)
  /// A number as it is spelled.
  case number(String)
  case text(String)
  case list([Fact])
  case object([Member])

  package struct Member: Equatable, Sendable {
    package var name: String
    package var value: Fact

    package init(name: String, value: Fact) {
      self.name = name
      self.value = value
    }
  }

  /// The member `name` of an object.
  package subscript(name: String) -> Fact? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
  package var integer: Int? {
    guard case .number(let digits) = self else { return nil }
    return Int(digits)
  }
  package var string: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }
  package var elements: [Fact] {
    guard case .list(let elements) = self else { return [] }
    return elements
  }
  /// What a person reads: a list of texts line by line.
  package var shown: String {
    switch self {
    case .null, .object: ""
    case .boolean(let value): value ? "yes" : "no"
    case .number(let digits): digits
    case .text(let text): text
    case .list(let elements): elements.map(\.shown).joined(separator: "\n")
    }
  }
  /// Whether there is anything to read.
  package var isEmpty: Bool {
    switch self {
    case .null: true
    case .text(let text): text.isEmpty
    case .list(let elements): elements.isEmpty
    case .boolean, .number, .object: false
    }
  }
}
