internal import Foundation
internal import MailSystem

/// The lecturer's folder: the class's secret and its roster. It is nobody else's to read, and no key lies anywhere else.
package struct ClassFolder: Sendable {
  package let path: String
  package let secret: [UInt8]
  package var roster: Roster
  private static let file = "class.json"

  private struct Page: Codable {
    var version = 1
    /// Who has it can make every student's key.
    var secret: [UInt8]
    var roster: Roster
  }

  /// Opens the folder; nil when there is none.
  package static func open(_ path: String) throws -> ClassFolder? {
    guard let text = try ExerciseLibrary.text("\(path)/\(file)", limit: 64 << 20) else { return nil }
    let page: Page
    do { page = try JSONDecoder().decode(Page.self, from: Data(text.utf8)) } catch {
      throw ExerciseError("\(path)/\(file) cannot be read as the file of a class")
    }
    guard page.secret.count >= 16 else { throw ExerciseError("\(path)/\(file) has no secret") }
    return ClassFolder(path: path, secret: page.secret, roster: page.roster)
  }
  /// Opens the folder, or makes it with a new secret; the roster becomes `roster`.
  package static func make(_ path: String, _ roster: Roster) throws -> ClassFolder {
    var folder = try open(path)
    if folder == nil {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      var source = OctetSource.system
      folder = ClassFolder(path: path, secret: source.take(32), roster: roster)
    }
    folder?.roster = roster
    guard let folder else { throw ExerciseError("\(path) cannot be made") }
    try folder.save()
    return folder
  }
  private func save() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try Self.writePrivate(try encoder.encode(Page(secret: secret, roster: roster)), to: "\(path)/\(Self.file)")
  }
  /// Writes a file that nobody but its owner may read, at no moment.
  package func write(_ text: String, to name: String) throws {
    try Self.writePrivate(Data(text.utf8), to: "\(path)/\(name)")
  }

  private static func writePrivate(_ data: Data, to path: String) throws {
    let temporary = "\(path).new"
    try? FileManager.default.removeItem(atPath: temporary)
    guard
      FileManager.default.createFile(atPath: temporary, contents: data, attributes: [.posixPermissions: 0o600])
    else { throw ExerciseError("\(path) cannot be written") }
    guard unsafe rename(temporary, path) == 0 else { throw ExerciseError("\(path) cannot be written") }
  }
  /// What makes a student's exercise.
  package func seed(_ student: Roster.Student, _ exercise: Exercise) -> StudentSeed {
    .exam(secret: secret, exercise: exercise.id, student: student.id)
  }
}
