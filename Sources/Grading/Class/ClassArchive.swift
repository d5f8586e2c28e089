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
    /// What lies in the student's own folder and is no file.
    fileprivate var leftOut: [LeftOut] = []
    /// What stands at the place of the student's folder; nil where it is a folder or a file.
    package fileprivate(set) var unusable: LeftOut?
  }
  package private(set) var parts: [Part] = []
  /// What is nobody's part: names that lead out of the archive, and of one student's archive all that is no file.
  package private(set) var leftOut: [LeftOut] = []
  /// Whether it is one student's archive after all: the exercise's worksheet lies in it by itself.
  package let isOneSubmission: Bool
  private let directory: ZipDirectory
  private static let metadata = "submission_metadata.yml"

  /// Throws a line where the octets are no archive, or one with more entries than a class has.
  package init(_ octets: [UInt8], exercise: String, programs: [String] = []) throws(WorksheetError) {
    directory = try ZipDirectory(octets, entryCount: GradingLimits.classArchiveEntryCount)
    let prefix = Self.wrapping(directory.items.map(\.name))
    var parts: [String: Part] = [:]
    var order: [String] = []
    var submitters: [String: String] = [:]
    var isOne = false
    let stem = "\(exercise.lowercased())."
    let mains = programs.flatMap { [$0, "\($0).py"] }
    /// The part to which a path inside the archive belongs, and the path's last piece but the owner.
    func place(_ path: String) -> (key: String, rest: String, isAlone: Bool) {
      let pieces = path.split(separator: "/", maxSplits: 1)
      let top = String(pieces[0])
      // Moodle's names say where what the student has named begins.
      let owner = top.firstRange(of: "_assignsubmission_").map { String(top[..<$0.lowerBound]) }
      let key = owner ?? top
      if parts[key] == nil {
        parts[key] = Part(label: owner ?? (pieces.count == 1 ? SubmissionFolder.label(top) : top))
        order.append(key)
      }
      return (key, pieces.count == 1 ? top : String(pieces[1]), pieces.count == 1)
    }
    for item in directory.items where item.name.hasPrefix(prefix) {
      let path = String(item.name.dropFirst(prefix.count))
      if path == Self.metadata {
        let text = try directory.content(of: item, room: GradingLimits.archiveByteCount)
        submitters = GradescopeSubmitters.read(String(decoding: text, as: UTF8.self))
        continue
      }
      let (key, rest, isAlone) = place(path)
      if isAlone, rest.lowercased().hasPrefix(stem) || mains.contains(rest) { isOne = true }
      parts[key]?.items.append((rest, item))
    }
    // One folder with whatever name is a folder that a student has packed.
    let isNamed = !submitters.isEmpty || directory.items.contains { $0.name.contains("_assignsubmission_") }
    for other in directory.leftOut where other.reason != LeftOut.leadsOut {
      let inside = other.name.hasPrefix(prefix) ? String(other.name.dropFirst(prefix.count)) : other.name
      let (key, rest, isAlone) = place(inside)
      if isAlone, parts[key]?.items.isEmpty == true { parts[key]?.unusable = LeftOut(rest, other.reason) }
      parts[key]?.leftOut.append(LeftOut(rest, other.reason))
    }
    isOneSubmission = isOne || directory.items.isEmpty || (order.count == 1 && !isNamed)
    leftOut = isOneSubmission ? directory.leftOut : directory.leftOut.filter { $0.reason == LeftOut.leadsOut }
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
  package func read(_ part: Part, programs: Bool) -> Submission {
    if let unusable = part.unusable { return Submission(label: part.label, unusable: unusable) }
    var submission = Submission(label: part.label)
    submission.leftOut = part.leftOut
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
        let archive = try ZipArchive(content)
        submission.leftOut += archive.leftOut.map { LeftOut("\(name)/\($0.name)", $0.reason) }
        for entry in archive.entries {
          room -= entry.octets.count
          guard room >= 0 else { throw WorksheetError("the zip file unpacks to too much") }
          submission.files.append(Submission.File(name: "\(name)/\(entry.name)", octets: entry.octets))
        }
      }
    } catch { submission.problem = error.description }
    return submission
  }
}
