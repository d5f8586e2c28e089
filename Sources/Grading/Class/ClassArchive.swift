/// What a class has handed in as one zip archive: Moodle's "download all submissions" (with folders or without), Gradescope's
/// export, or any archive with an entry for each student, perhaps inside one folder.
///
///     Ada Lovelace_1234_assignsubmission_file_/W3.md          Moodle, with folders
///     Ada Lovelace_1234_assignsubmission_file_W3.md           Moodle, without
///     assignment_7_export/submission_42/W3.md                 Gradescope, with submission_metadata.yml
///     w3/ada/W3.md, w3/ben.zip
package struct ClassArchive: Sendable {
  /// One student's files.
  package struct Part: Sendable {
    package var label: String
    /// Each with its name inside the student's own folder.
    fileprivate var items: [(name: String, item: ZipDirectory.Item)] = []
  }
  package private(set) var parts: [Part] = []
  /// Whether it is one student's archive after all: the exercise's worksheet lies in it by itself.
  package let isOneSubmission: Bool
  private let directory: ZipDirectory
  private static let metadata = "submission_metadata.yml"

  /// Throws a line where the octets are no archive, or one with more entries than a class has.
  package init(_ octets: [UInt8], exercise: String, programs: [String] = []) throws(WorksheetError) {
    let mains = programs.flatMap { [$0, "\($0).py"] }
    directory = try ZipDirectory(octets, entryCount: GradingLimits.classArchiveEntryCount)
    let prefix = Self.wrapping(directory.items.map(\.name))
    var parts: [String: Part] = [:]
    var order: [String] = []
    var submitters: [String: String] = [:]
    var isOne = false
    let stem = "\(exercise.lowercased())."
    for item in directory.items where item.name.hasPrefix(prefix) {
      let path = String(item.name.dropFirst(prefix.count))
      if path == Self.metadata {
        let text = try directory.content(of: item, room: GradingLimits.archiveByteCount)
        submitters = GradescopeSubmitters.read(String(decoding: text, as: UTF8.self))
        continue
      }
      let pieces = path.split(separator: "/", maxSplits: 1)
      let top = String(pieces[0])
      if pieces.count == 1, top.lowercased().hasPrefix(stem) || mains.contains(top) { isOne = true }
      // Moodle's names say where what the student has named begins.
      let owner = top.firstRange(of: "_assignsubmission_").map { String(top[..<$0.lowerBound]) }
      let key = owner ?? top
      if parts[key] == nil {
        parts[key] = Part(label: owner ?? (pieces.count == 1 ? SubmissionFolder.label(top) : top))
        order.append(key)
      }
      parts[key]?.items.append((pieces.count == 1 ? top : String(pieces[1]), item))
    }
    // One folder with whatever name is a folder that a student has packed.
    let isNamed = !submitters.isEmpty || directory.items.contains { $0.name.contains("_assignsubmission_") }
    isOneSubmission = isOne || order.isEmpty || (order.count == 1 && !isNamed)
    self.parts = order.sorted().compactMap { key in
      var part = parts[key]
      if let submitter = submitters[key] { part?.label = submitter }
      return part
    }
  }
  /// The folder in which all the others lie, with its slash: what it holds itself are folders and archives, not files.
  private static func wrapping(_ names: [String]) -> String {
    guard let first = names.first, let slash = first.firstIndex(of: "/") else { return "" }
    let prefix = String(first[...slash])
    guard names.allSatisfy({ $0.hasPrefix(prefix) }), !prefix.contains("_assignsubmission_") else { return "" }
    let inside = names.map { $0.dropFirst(prefix.count) }
    let tops = Set(inside.map { $0.prefix { $0 != "/" } })
    let isOfFolders = inside.allSatisfy { $0.contains("/") || $0.lowercased().hasSuffix(".zip") || $0 == metadata }
    return isOfFolders && (tops.count > 1 || inside.contains { $0 == metadata }) ? prefix : ""
  }

  /// Unpacks one student's files. What is broken or too large is that student's alone.
  package func read(_ part: Part, programs: Bool = false) -> Submission {
    var submission = Submission(label: part.label)
    var room = GradingLimits.archiveByteCount
    do throws(WorksheetError) {
      for (name, item) in part.items {
        guard let limit = SubmissionFolder.limit(of: name, programs: programs) else { continue }
        guard submission.files.count < GradingLimits.submissionFileCount else {
          throw WorksheetError("there are too many files")
        }
        let content = try directory.content(of: item, room: min(room, limit))
        room -= content.count
        guard name.lowercased().hasSuffix(".zip") else {
          submission.files.append(Submission.File(name: name, octets: content))
          continue
        }
        for entry in try ZipArchive(content).entries {
          room -= entry.octets.count
          guard room >= 0 else { throw WorksheetError("the zip file unpacks to too much") }
          submission.files.append(Submission.File(name: "\(name)/\(entry.name)", octets: entry.octets))
        }
      }
    } catch { submission.problem = error.description }
    return submission
  }
}
