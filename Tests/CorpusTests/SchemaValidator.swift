import TestSupport
import Foundation

/// The schemas of `Documentation/`, applied by Debian's python3-jsonschema.
enum SchemaValidator {
  enum Kind: String {
    /// A conversation a line.
    case conversation
    /// One document.
    case document
    /// The document of `--anomalies`.
    case anomalies
    /// An exported message a line.
    case export
  }

  static let isHere = (try? python(["-c", "import jsonschema"]))?.status == 0

  private static func python(_ arguments: [String], input: Data? = nil) throws -> Program.Run {
    try Program.run(["python3"] + arguments, program: URL(filePath: "/usr/bin/env"), input: input)
  }

  /// Every error on a line; empty when the JSON follows the schema.
  static func errors(in json: Data, of kind: Kind) throws -> String {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "validate-json.py").path
    let schemas = Corpus.repository.appending(path: "Documentation").path
    let run = try python([script, schemas, kind.rawValue], input: json)
    return run.status == 0 ? String(decoding: run.output, as: UTF8.self) : "validator: \(run.diagnostics)"
  }
}
