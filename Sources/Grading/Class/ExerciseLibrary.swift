internal import Foundation
internal import MailSystem

/// The folder with the exercises: `Exercises/<ID>/exercise.yaml`, and what lies beside it.
package struct ExerciseLibrary: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// Beside the program or above it, else in the folder where the user is.
  package static func near(program: String) -> ExerciseLibrary? {
    var places = ["."]
    var folder = URL(filePath: program).resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<8 {
      places.append(folder.path)
      places.append(folder.appending(path: "share/mailwire").path)
      folder.deleteLastPathComponent()
    }
    for place in places {
      let path = "\(place)/Exercises"
      var isFolder: ObjCBool = false
      // `unsafe`: the standard library of Objective-C wants a pointer for the answer.
      if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        return ExerciseLibrary(path: path)
      }
    }
    return nil
  }
  /// The ids of all exercises, in the order of the lesson.
  package var ids: [String] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch { return [] }
    return names.filter { Exercise.isName($0) && FileManager.default.fileExists(atPath: "\(path)/\($0)/exercise.yaml") }
      .sorted { Self.rank($0) < Self.rank($1) }
  }
  /// A, W, P, I and then the rest; numbers by their size.
  private static func rank(_ id: String) -> (Int, String, Int) {
    let letters = id.prefix { !$0.isNumber }
    let order = ["A", "W", "P", "I", "H", "S", "V", "C", "B"].firstIndex(of: String(letters)) ?? 99
    return (order, String(letters), Int(id.dropFirst(letters.count)) ?? 0)
  }
  /// An exercise by its id, in any case; a path to a folder works, too. nil when there is none.
  package func exercise(_ name: String) throws -> Exercise? {
    let folder: String
    if name.contains("/") {
      folder = name
    } else {
      guard Exercise.isName(name.uppercased()) else { return nil }
      folder = "\(path)/\(name.uppercased())"
    }
    guard let text = try Self.text("\(folder)/exercise.yaml", limit: GradingLimits.exerciseByteCount) else {
      return nil
    }
    return try ExerciseFile.decode(text) { file in
      guard let text = try Self.text("\(folder)/\(file)", limit: GradingLimits.exerciseByteCount) else {
        throw ExerciseError("there is no file \(folder)/\(file)", place: "capture.scenario")
      }
      return text
    }
  }
  /// A file's text; nil when there is none.
  package static func text(_ path: String, limit: Int) throws -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let data = try Data(contentsOf: URL(filePath: path))
    guard data.count <= limit else { throw ExerciseError("\(path) is larger than \(limit) octets") }
    return SubmittedText.decode(data)
  }
}
