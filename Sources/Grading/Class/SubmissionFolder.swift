internal import Foundation

/// A folder, or a zip archive, with what a class has handed in. Each entry is one student's: a folder, a file, or a zip
/// file, whatever the platform calls it (`ada`, `w3-ada` of GitHub Classroom, `submission_123` of Gradescope, Moodle's long
/// names).
///
/// Links are never followed, and nothing is written. What stands at the place of somebody's submission and is none, such as a
/// link, is an entry that cannot be used; hidden files, and what platforms put beside the submissions, are passed over.
package struct SubmissionFolder: Sendable {
  package struct Entry: Sendable {
    package var label: String
    fileprivate var source: Source
    /// Whether programs are handed in, so that files of any name count.
    fileprivate var holdsPrograms: Bool
    /// What it is, where it is no submission at all.
    package var unusable: LeftOut? {
      switch source {
      case .path: nil
      case .archive(_, let part): part.unusable
      case .unusable(let what): what
      }
    }
  }
  fileprivate enum Source: Sendable {
    case path(String)
    case archive(ClassArchive, ClassArchive.Part)
    case unusable(LeftOut)
  }
  package private(set) var entries: [Entry] = []
  /// Whether it is what a class has handed in, and not one submission.
  package private(set) var isOfClass = false
  /// What cannot be used, for whoever grades: entries that are no submissions, and names that are no entries.
  package private(set) var leftOut: [LeftOut] = []

  /// A folder of many, or one submission (a file, or a folder in which the exercise's worksheet lies).
  package init(path: String, exercise: Exercise) throws {
    try self.init(path: path, exercise: exercise.id, programs: exercise.trial?.role.programs ?? [])
  }
  /// `programs` are the names of the programs that are handed in, without an ending.
  package init(path: String, exercise: String, programs: [String] = []) throws {
    let named = path
    let (path, kind) = try Self.place(path)
    let holdsPrograms = !programs.isEmpty
    if kind == .file {
      entries = [Entry(label: Self.label(named), source: .path(path), holdsPrograms: holdsPrograms)]
      guard let archive = try Self.archive(path, exercise, programs) else { return }
      leftOut = archive.parts.compactMap(\.unusable) + archive.leftOut
      if archive.isOneSubmission { return }
      isOfClass = true
      entries = archive.parts.map {
        Entry(label: $0.label, source: .archive(archive, $0), holdsPrograms: holdsPrograms)
      }
      return
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let stem = "\(exercise.lowercased())."
    let mains = programs.flatMap { [$0, "\($0).py"] }
    if names.contains(where: {
      ($0.lowercased().hasPrefix(stem) || mains.contains($0)) && FileKind(path: "\(path)/\($0)") == .file
    }) {
      let label = Self.label(URL(filePath: named).standardizedFileURL.path)
      entries = [Entry(label: label, source: .path(path), holdsPrograms: holdsPrograms)]
      return
    }
    isOfClass = true
    let submitters = Self.gradescopeSubmitters(path)
    for name in names where !name.hasPrefix(".") && name != "submission_metadata.yml" && name != "__MACOSX" {
      let place = "\(path)/\(name)"
      guard let kind = FileKind(path: place) else { continue }
      let obstacle = kind.obstacle.map { LeftOut(name, $0) }
      leftOut += [obstacle].compactMap(\.self)
      entries.append(
        Entry(
          label: submitters[name] ?? Self.label(place), source: obstacle.map { .unusable($0) } ?? .path(place),
          holdsPrograms: holdsPrograms))
    }
  }
  /// All of the file or the folder is one submission; `label` tells whose, else its name does.
  package init(one path: String, exercise: Exercise, label: String? = nil) throws {
    let named = path
    let (path, _) = try Self.place(path)
    let usual = Self.label(URL(filePath: named).standardizedFileURL.path)
    entries = [Entry(label: label ?? usual, source: .path(path), holdsPrograms: exercise.trial != nil)]
  }
  /// What an archive holds; nil where the file is none.
  private static func archive(_ path: String, _ exercise: String, _ programs: [String]) throws -> ClassArchive? {
    guard path.lowercased().hasSuffix(".zip") else { return nil }
    let octets = try octets(path, limit: GradingLimits.classArchiveByteCount, name: path)
    // A broken one is a broken submission, which is told as such.
    do throws(WorksheetError) { return try ClassArchive(octets, exercise: exercise, programs: programs) } catch {
      return nil
    }
  }
  /// Where that lies which whoever grades has named. A link that is named is meant.
  private static func place(_ path: String) throws -> (path: String, kind: FileKind) {
    let isLink = FileKind(path: path) == .symbolicLink
    let place = isLink ? URL(filePath: path).resolvingSymlinksInPath().path : path
    guard let kind = FileKind(path: place), kind != .symbolicLink else {
      throw WorksheetError("\(path): there is no such file or folder")
    }
    if let obstacle = kind.obstacle { throw WorksheetError("\(path) could not be used: \(obstacle)") }
    return (place, kind)
  }
  static func label(_ path: String) -> String {
    let name = String(path.split(separator: "/").last ?? "")
    for suffix in [".md", ".markdown", ".txt", ".yaml", ".yml", ".zip", ".py"]
    where name.lowercased().hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    return name
  }
  private static func gradescopeSubmitters(_ path: String) -> [String: String] {
    let text: String?
    do { text = try ExerciseLibrary.text("\(path)/submission_metadata.yml", limit: 64 << 20) } catch { text = nil }
    return GradescopeSubmitters.read(text ?? "")
  }

  /// Reads an entry; a broken one says what is wrong with it.
  package static func read(_ entry: Entry) -> Submission {
    let path: String
    switch entry.source {
    case .archive(let archive, let part): return archive.read(part, programs: entry.holdsPrograms)
    case .unusable(let what): return Submission(label: entry.label, unusable: what)
    case .path(let place): path = place
    }
    var submission = Submission(label: entry.label)
    do {
      if FileKind(path: path) == .file {
        let name = String(path.split(separator: "/").last ?? "")
        try add(path, as: name, programs: entry.holdsPrograms, to: &submission)
      } else {
        try addFolder(path, "", depth: 0, programs: entry.holdsPrograms, to: &submission)
      }
    } catch let error as WorksheetError {
      submission.problem = error.description
    } catch {
      submission.problem = "it cannot be read: \((error as NSError).localizedDescription)"
    }
    return submission
  }
  private static func addFolder(
    _ path: String, _ prefix: String, depth: Int, programs: Bool, to submission: inout Submission
  ) throws {
    guard depth < GradingLimits.submissionDepth else {
      throw WorksheetError("there are folders in folders without end")
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    where !name.hasPrefix(".") && name != "__MACOSX" && name != "node_modules" {
      guard submission.files.count < GradingLimits.submissionFileCount else {
        throw WorksheetError("there are too many files")
      }
      let place = "\(path)/\(name)"
      switch FileKind(path: place) {
      case nil: continue
      case .folder?:
        try addFolder(place, "\(prefix)\(name)/", depth: depth + 1, programs: programs, to: &submission)
      case .file?: try add(place, as: prefix + name, programs: programs, to: &submission)
      case let other?:
        guard submission.leftOut.count < GradingLimits.submissionFileCount else {
          throw WorksheetError("there are too many files")
        }
        submission.leftOut.append(LeftOut(prefix + name, other.obstacle ?? ""))
      }
    }
  }
  private static func add(
    _ path: String, as name: String, programs: Bool, to submission: inout Submission
  ) throws {
    guard let limit = limit(of: name, programs: programs) else { return }
    let octets = try octets(path, limit: limit, name: name)
    guard name.lowercased().hasSuffix(".zip") else {
      return submission.files.append(Submission.File(name: name, octets: octets))
    }
    let archive = try ZipArchive(octets)
    submission.leftOut += archive.leftOut.map { LeftOut("\(name)/\($0.name)", $0.reason) }
    for entry in archive.entries {
      submission.files.append(Submission.File(name: "\(name)/\(entry.name)", octets: entry.octets))
    }
  }
  private static func octets(_ path: String, limit: Int, name: String) throws -> [UInt8] {
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    let data = try file.read(upToCount: limit + 1) ?? Data()
    guard data.count <= limit else { throw WorksheetError("'\(name)' is larger than \(limit) octets") }
    return Array(data)
  }
  /// How many octets a file of this name may have; nil where nobody looks into such files, as only programs are of any
  /// name.
  static func limit(of name: String, programs: Bool) -> Int? {
    let lowered = name.lowercased()
    if lowered.hasSuffix(".zip") { return GradingLimits.archiveByteCount }
    if [".pcap", ".pcapng", ".cap"].contains(where: { lowered.hasSuffix($0) }) {
      return GradingLimits.captureByteCount
    }
    let isText = [".md", ".markdown", ".txt", ".yaml", ".yml"].contains { lowered.hasSuffix($0) }
    if programs { return TrialLimits.programByteCount }
    return isText ? GradingLimits.worksheetByteCount : nil
  }
}
