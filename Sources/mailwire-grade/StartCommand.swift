import ArgumentParser
import Console
import Foundation
import Grading

/// `mailwire exercise start ID --student NAME`
struct StartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start an exercise: makes a capture of your own and a worksheet, or the beginning of a program.",
    discussion: "The same name gives the same capture; another name gives other addresses, names and passwords.")
  @Argument(help: "The exercise, such as W3.") var id: String
  @Option(help: ArgumentHelp("Your name; programs need none.", valueName: "name")) var student: String?
  @Option(help: ArgumentHelp("The folder for the files.", valueName: "folder")) var out = "."
  @Flag(help: "Write over files that are there.") var force = false
  @OptionGroup var library: LibraryOptions

  func run() throws {
    let exercise = try library.exercise(id)
    guard exercise.mode == .practice else {
      Terminal.complain("\(exercise.id) is an exam: the lecturer hands it out with 'mailwire exercise issue'")
      throw ExitCode(2)
    }
    if let trial = exercise.trial { return try start(exercise, trial) }
    guard let student, !student.trimmingBlanks.isEmpty else { throw ValidationError("--student wants a name") }
    let work = try StudentWork(exercise, seed: .practice(exercise: exercise.id, student: student))
    let files = try WorkFiles(out, exercise.id, force: force).write(work, student: student)
    Terminal.write(
      """
      Written: \(files.joined(separator: ", ")).
      Open the capture in Wireshark, write your answers into the worksheet, then:

        mailwire exercise check \(exercise.id) \(files[0])

      """)
  }
  private func start(_ exercise: Exercise, _ trial: Trial) throws {
    let work = try StudentWork(exercise, seed: StudentSeed(number: 0))
    let files = try WorkFiles(out, exercise.id, force: force).write(work, student: student ?? "")
    let program = files.first { file in trial.role.programs.contains { file.hasSuffix("\($0).py") } }
    Terminal.write(
      """
      Written: \(files.joined(separator: " and ")).
      Read \(files[0]), complete the program, then:

        mailwire exercise check \(exercise.id) \(trial.role == .both || trial.sheet != nil ? out : program ?? "\(trial.role.programs[0]).py")

      """)
  }
}

/// The files of one student's copy.
struct WorkFiles {
  private let folder: String
  private let id: String
  private let force: Bool

  init(_ folder: String, _ id: String, force: Bool) {
    self.folder = folder
    self.id = id
    self.force = force
  }
  private func path(_ name: String) -> String { folder == "." ? name : "\(folder)/\(name)" }

  /// Writes the worksheet, and the capture where there is one; tells their names.
  func write(_ work: StudentWork, student: String) throws -> [String] {
    if let trial = work.exercise.trial { return try write(work.exercise, trial, student) }
    let captureName = work.capture == nil ? nil : "\(id).pcapng"
    let keyLogName = work.capture?.keyLog == nil ? nil : "\(id).keylog"
    let names = ["\(id).md"] + [captureName, keyLogName].compactMap(\.self)
    for name in names where !force && FileManager.default.fileExists(atPath: path(name)) {
      Terminal.complain("\(path(name)) is there already; --force writes over it, --out names another folder")
      throw ExitCode(2)
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let page = work.page(student: student, capture: captureName)
    try Data(page.utf8).write(to: URL(filePath: path("\(id).md")))
    if let capture = work.capture, let captureName {
      try Data(capture.file(application: Release.generator)).write(to: URL(filePath: path(captureName)))
      if let keyLog = capture.keyLog, let keyLogName {
        try Data(keyLog.utf8).write(to: URL(filePath: path(keyLogName)))
      }
    }
    return names.map(path)
  }
  /// The prompt of a programming exercise, and what the program begins with.
  private func write(_ exercise: Exercise, _ trial: Trial, _ student: String) throws -> [String] {
    let work = try StudentWork(exercise, seed: StudentSeed(number: 0))
    var pages = [("\(id).md", ProgramPage.text(exercise, trial))]
    if trial.sheet != nil {
      pages = [
        ("\(id).md", work.page(student: student, capture: "\(id).pcap")),
        ("\(id)-program.md", ProgramPage.text(exercise, trial)),
      ]
    }
    pages +=
      trial.skeletons.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for (name, _) in pages where !force && FileManager.default.fileExists(atPath: path(name)) {
      Terminal.complain("\(path(name)) is there already; --force writes over it, --out names another folder")
      throw ExitCode(2)
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if let sheet = trial.sheet { try Data(sheet.capture).write(to: URL(filePath: path("\(id).pcap"))) }
    for (name, text) in pages { try Data(text.utf8).write(to: URL(filePath: path(name))) }
    return pages.map { path($0.0) } + (trial.sheet == nil ? [] : [path("\(id).pcap")])
  }
}
