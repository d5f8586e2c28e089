package import MailSystem
internal import Yams

/// A scenario as it is written in YAML.
package enum ScenarioFile {
  /// Larger files are no scenarios.
  package static let byteLimit = 1 << 20

  /// Reads and checks a scenario; throws a `ScenarioError` that tells the place.
  package static func decode(_ text: String) throws -> Scenario {
    guard text.utf8.count <= byteLimit else { throw ScenarioError("the file is larger than \(byteLimit) octets") }
    let scenario = try read(Scenario.self, from: text)
    try scenario.check()
    return scenario
  }
  /// Reads one fault, as a scenario has it in its list; `at` is whatever the caller knows machines by.
  package static func decodeFault(_ text: String) throws -> Scenario.MachineFault {
    try read(Scenario.MachineFault.self, from: text.hasPrefix("{") ? text : "{ \(text) }")
  }
  /// Reads a value from YAML; every error is a `ScenarioError` that tells the place.
  package static func read<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
    guard YAMLDepth.isBounded(text) else {
      throw ScenarioError("lists and maps lie in one another more than \(YAMLDepth.limit) deep")
    }
    do {
      return try YAMLDecoder().decode(type, from: text)
    } catch let error as ScenarioError {
      throw error
    } catch let error as DecodingError {
      throw Self.error(error)
    } catch let error as YamlError {
      throw ScenarioError("no YAML: \(error)")
    }
  }
  private static func error(_ error: DecodingError) -> ScenarioError {
    switch error {
    case .keyNotFound(let key, let context):
      ScenarioError("'\(key.stringValue)' is missing", place: ScenarioError.place(context.codingPath))
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      ScenarioError("\(expected(type)) is expected here", place: ScenarioError.place(context.codingPath))
    case .dataCorrupted(let context):
      underlying(context)
        ?? ScenarioError(context.debugDescription, place: ScenarioError.place(context.codingPath))
    @unknown default: ScenarioError("\(error)")
    }
  }
  /// What our own types have thrown, or what YAML's parser has.
  private static func underlying(_ context: DecodingError.Context) -> ScenarioError? {
    if let error = context.underlyingError as? ScenarioError { return error }
    return context.underlyingError.map { ScenarioError("no YAML: \($0)") }
  }
  private static func expected(_ type: any Any.Type) -> String {
    switch "\(type)" {
    case "String", "Scalar": "text"
    case "Int", "Double": "a number"
    case "Bool": "true or false"
    case "Sequence": "a list"
    case "Mapping": "a map"
    default: "something else"
    }
  }
}
