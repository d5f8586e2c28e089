internal import Foundation

/// A folder, or a zip archive, with what a class has handed in. Each entry is one student's: a folder, a file, or a zip
/// file, whatever the platform calls it (`ada`, `w3-ada` of GitHub Classroom, `submission_123` of Gradescope, Moodle's long
/// names).
///
/// Links are never followed, and nothing is written.
package struct SubmissionFolder: Sendable {
  package struct Entry: Sendable {
    package var label: String
    fileprivate var source: Source
    /// Whether programs are handed in, so that files of any name count.
    fileprivate var holdsPrograms: Bool
  }
  fileprivate enum Source: Sendable {
    case path(String)
    case archive(ClassArchive, ClassArchive.Part)
  }
  package private(set) var entries: [Entry] = []
  /// Whether it is what a class has handed in, and not one submission.
  package private(set) var isOfClass = false

  /// A folder of many, or one submission (a file, or a folder in which the exercise's worksheet lies).
  package init(path: String, exercise: Exercise) throws {
    try self.init(path: path, exercise: exercise.id, programs: exercise.trial?.role.programs ?? [])
  }
  /// `programs` are the names of the programs that are handed in, without an ending.
  package init(path: String, exercise: String, programs: [String] = []) throws {
    let kind = Self.kind(path)
    guard kind != nil else { throw WorksheetError("\(path): there is no such file or folder") }
    let holdsPrograms = !programs.isEmpty
    if kind == .typeRegular {
      let parts = try Self.archived(path, exercise, programs)
      isOfClass = parts != nil
      entries = parts ?? [Entry(label: Self.label(path), source: .path(path), holdsPrograms: holdsPrograms)]
      return
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let stem = "\(exercise.lowercased())."
    let mains = programs.flatMap { [$0, "\($0).py"] }
    if names.contains(where: {
      ($0.lowercased().hasPrefix(stem) || mains.contains($0)) && Self.kind("\(path)/\($0)") == .typeRegular
    }) {
      let label = Self.label(URL(filePath: path).standardizedFileURL.path)
      entries = [Entry(label: label, source: .path(path), holdsPrograms: holdsPrograms)]
      return
    }
    isOfClass = true
    let submitters = Self.gradescopeSubmitters(path)
    for name in names where !name.hasPrefix(".") && name != "submission_metadata.yml" && name != "__MACOSX" {
      let place = "\(path)/\(name)"
      guard let kind = Self.kind(place), kind == .typeDirectory || kind == .typeRegular else { continue }
      entries.append(
        Entry(label: submitters[name] ?? Self.label(place), source: .path(place), holdsPrograms: holdsPrograms))
    }
  }
  /// All of the file or the folder is one submission; `label` tells whose, else its name does.
  package init(one path: String, exercise: Exercise, label: String? = nil) throws {
    guard Self.kind(path) != nil else { throw WorksheetError("\(path): there is no such file or folder") }
    let usual = Self.label(URL(filePath: path).standardizedFileURL.path)
    entries = [Entry(label: label ?? usual, source: .path(path), holdsPrograms: exercise.trial != nil)]
  }
  /// The entries of a class's archive; nil where the file is no archive, or one student's.
  private static func archived(_ path: String, _ exercise: String, _ programs: [String]) throws -> [Entry]? {
    guard path.lowercased().hasSuffix(".zip") else { return nil }
    let octets = try octets(path, limit: GradingLimits.classArchiveByteCount, name: path)
    let archive: ClassArchive
    // A broken one is a broken submission, which is told as such.
    do throws(WorksheetError) { archive = try ClassArchive(octets, exercise: exercise, programs: programs) } catch {
      return nil
    }
    if archive.isOneSubmission { return nil }
    return archive.parts.map {
      Entry(label: $0.label, source: .archive(archive, $0), holdsPrograms: !programs.isEmpty)
    }
  }
  private static func kind(_ path: String) -> FileAttributeType? {
    // The attributes are the link's own where it is one.
    do { return try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType } catch {
      return nil
    }
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
    case .path(let place): path = place
    }
    var submission = Submission(label: entry.label)
    do {
      if kind(path) == .typeRegular {
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
      switch kind(place) {
      case .typeDirectory?:
        try addFolder(place, "\(prefix)\(name)/", depth: depth + 1, programs: programs, to: &submission)
      case .typeRegular?: try add(place, as: prefix + name, programs: programs, to: &submission)
      default: continue
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
    for entry in try ZipArchive(octets).entries {
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
