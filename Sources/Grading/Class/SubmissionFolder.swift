internal import Foundation

/// A folder with what a class has handed in. Each entry is one student's: a folder, a file, or a zip file, whatever the
/// platform calls it (`ada`, `w3-ada` of GitHub Classroom, `submission_123` of Gradescope, Moodle's long names).
///
/// Links are never followed, and nothing is written.
package struct SubmissionFolder: Sendable {
  package struct Entry: Sendable {
    package var label: String
    package var path: String
    /// Whether programs are handed in, so that files of any name count.
    package var holdsPrograms = false
  }
  package private(set) var entries: [Entry] = []

  /// A folder of many, or one submission (a file, or a folder in which the exercise's worksheet lies).
  package init(path: String, exercise: Exercise) throws {
    let programs = exercise.trial?.role.programs ?? []
    try self.init(path: path, exercise: exercise.id, programs: programs)
    if !programs.isEmpty { for index in entries.indices { entries[index].holdsPrograms = true } }
  }
  /// `programs` are the names of the programs that are handed in, without an ending.
  package init(path: String, exercise: String, programs: [String] = []) throws {
    let kind = Self.kind(path)
    guard kind != nil else { throw WorksheetError("\(path): there is no such file or folder") }
    if kind == .typeRegular {
      entries = [Entry(label: Self.label(path), path: path)]
      return
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let stem = "\(exercise.lowercased())."
    let mains = programs.flatMap { [$0, "\($0).py"] }
    if names.contains(where: {
      ($0.lowercased().hasPrefix(stem) || mains.contains($0)) && Self.kind("\(path)/\($0)") == .typeRegular
    }) {
      entries = [Entry(label: Self.label(URL(filePath: path).standardizedFileURL.path), path: path)]
      return
    }
    let submitters = Self.gradescopeSubmitters(path)
    for name in names where !name.hasPrefix(".") && name != "submission_metadata.yml" && name != "__MACOSX" {
      let place = "\(path)/\(name)"
      guard let kind = Self.kind(place), kind == .typeDirectory || kind == .typeRegular else { continue }
      entries.append(Entry(label: submitters[name] ?? Self.label(place), path: place))
    }
  }
  private static func kind(_ path: String) -> FileAttributeType? {
    // The attributes are the link's own where it is one.
    do { return try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType } catch {
      return nil
    }
  }
  private static func label(_ path: String) -> String {
    let name = String(path.split(separator: "/").last ?? "")
    for suffix in [".md", ".markdown", ".txt", ".yaml", ".yml", ".zip", ".py"]
    where name.lowercased().hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    return name
  }
  /// Gradescope's export names folders by number; who they are stands in a file beside them:
  ///
  ///     submission_123:
  ///       :submitters:
  ///       - :name: Ada Lovelace
  ///         :sid: ada
  private static func gradescopeSubmitters(_ path: String) -> [String: String] {
    let text: String?
    do { text = try ExerciseLibrary.text("\(path)/submission_metadata.yml", limit: 64 << 20) } catch { text = nil }
    var submitters: [String: String] = [:]
    var folder: String?
    for line in text?.split(whereSeparator: \.isNewline) ?? [] {
      if !line.hasPrefix(" "), line.hasSuffix(":") {
        folder = String(line.dropLast())
      } else if let folder, submitters[folder] == nil || line.contains(":sid:") {
        for key in [":sid:", ":name:"] {
          guard let place = line.firstRange(of: key) else { continue }
          let value = line[place.upperBound...].trimmingBlanks.filter { $0 != "\"" && $0 != "'" }
          if !value.isEmpty { submitters[folder] = value }
        }
      }
    }
    return submitters
  }

  /// Reads an entry; a broken one says what is wrong with it.
  package static func read(_ entry: Entry) -> Submission {
    var submission = Submission(label: entry.label)
    do {
      if kind(entry.path) == .typeRegular {
        let name = String(entry.path.split(separator: "/").last ?? "")
        try add(entry.path, as: name, programs: entry.holdsPrograms, to: &submission)
      } else {
        try addFolder(entry.path, "", depth: 0, programs: entry.holdsPrograms, to: &submission)
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
    let lowered = name.lowercased()
    let isArchive = lowered.hasSuffix(".zip")
    let isCapture = [".pcap", ".pcapng", ".cap"].contains { lowered.hasSuffix($0) }
    let isText = [".md", ".markdown", ".txt", ".yaml", ".yml"].contains { lowered.hasSuffix($0) }
    guard isArchive || isCapture || isText || programs else { return }
    let limit =
      isArchive
      ? GradingLimits.archiveByteCount
      : isCapture
        ? GradingLimits.captureByteCount : programs ? TrialLimits.programByteCount : GradingLimits.worksheetByteCount
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    let data = try file.read(upToCount: limit + 1) ?? Data()
    guard data.count <= limit else { throw WorksheetError("'\(name)' is larger than \(limit) octets") }
    guard isArchive else { return submission.files.append(Submission.File(name: name, octets: Array(data))) }
    for entry in try ZipArchive(Array(data)).entries {
      submission.files.append(Submission.File(name: "\(name)/\(entry.name)", octets: entry.octets))
    }
  }
}
