/// A key of any name, to look at what stands in a map.
package struct AnyKey: CodingKey {
  package var stringValue: String
  package var intValue: Int? { nil }
  package init(stringValue: String) { self.stringValue = stringValue }
  package init?(intValue: Int) { nil }
}

extension Decoder {
  /// A map whose keys are all known: a misspelt key is an error and no silence.
  package func map<Key: CodingKey & CaseIterable>(_ type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let known = Key.allCases.map(\.stringValue)
    for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      throw ScenarioError(
        "there is no '\(key.stringValue)' here, only \(known.joined(separator: ", "))", at: codingPath)
    }
    return try container(keyedBy: type)
  }
  /// An error that tells this place.
  package func failure(_ text: String) -> ScenarioError { ScenarioError(text, at: codingPath) }
}

extension KeyedDecodingContainer {
  /// The value, or `fallback` where none stands.
  package func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback
  }
}

/// Why a scenario cannot be read or played.
package struct ScenarioError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it stands: `steps[3].send`.
  package var place: String
  package var text: String

  package init(_ text: String, place: String = "") {
    self.place = place
    self.text = text
  }
  package init(_ text: String, at path: [any CodingKey]) { self.init(text, place: Self.place(path)) }

  /// One line for a person.
  package var description: String { place.isEmpty ? text : "\(place): \(text)" }

  /// `steps[3].send.message`; steps and messages are counted from 1.
  package static func place(_ path: [any CodingKey]) -> String {
    path.reduce("") { place, key in
      if let index = key.intValue { return "\(place)[\(index + 1)]" }
      return place.isEmpty ? key.stringValue : "\(place).\(key.stringValue)"
    }
  }
}
