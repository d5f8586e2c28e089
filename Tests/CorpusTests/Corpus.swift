import Foundation
import Testing

/// The captures that others made. They are no part of the project: without them, their tests are skipped.
enum Corpus {
  static let repository =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

  /// MAILWIRE_CORPUS, else `../shared/captures` seen from the repository's root.
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["MAILWIRE_CORPUS"] { return URL(filePath: path) }
    return repository.appending(path: "../shared/captures").standardizedFileURL
  }()

  static let isHere = FileManager.default.fileExists(atPath: folder.appending(path: "truth").path)
  static let isRequired = ProcessInfo.processInfo.environment["MAILWIRE_REQUIRE_PEERS"] == "1"
  static let absence: Comment = "there is no corpus in \(folder.path); name its folder with MAILWIRE_CORPUS"

  /// The names of the files of one folder, sorted.
  static func names(in subfolder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: subfolder).path).sorted()
  }

  static func path(_ subfolder: String, _ name: String) -> String {
    folder.appending(path: subfolder).appending(path: name).path
  }

  /// With the hand notes applied.
  static func truth(of file: String) throws -> Truth {
    let json = try Data(contentsOf: folder.appending(path: "truth").appending(path: file + ".json"))
    var truth = try Truth(json: json)
    HandNotes.correct(&truth, of: file)
    return truth
  }
}

/// A list beside these tests: fields between ` | `, empty lines and those that begin with `#` left out.
enum List {
  static func rows(of name: String) throws -> [[String]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: " | ").map { $0.trimmingCharacters(in: .whitespaces) } }
  }
  /// Writes a list anew below its comment.
  static func record(_ rows: [String], as name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
    let comment = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("#") }
    try ((comment.map(String.init) + rows).joined(separator: "\n") + "\n")
      .write(to: file, atomically: true, encoding: .utf8)
  }
}
