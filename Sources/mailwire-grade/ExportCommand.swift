import ArgumentParser
import Console
import Foundation
import Grading

/// `mailwire exercise export ID --format gift|gradescope|check50|classroom`
struct ExportCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case gift, gradescope, check50, classroom
  }
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write an exercise for another platform: its questions, or its grader.",
    discussion: """
      gift        questions for Moodle (Question bank, Import, GIFT format) on standard output; they are those of one
                  capture, which --out writes beside them; every seed gives another
      gradescope  an autograder: --out FILE.zip is to be uploaded as it is; where students' programs are run, it installs
                  bubblewrap for the sandbox
      check50     a folder of checks for check50, and a script that prints check50's JSON without it
      classroom   what goes into the template repository of a GitHub Classroom assignment

      The last three hold this program with its libraries, and need nothing else where they run: any Linux with the same
      processor. With --class, Gradescope judges everybody on the capture that 'mailwire exercise issue' made for them;
      check50 and classroom are for practice, on the capture of the name in the worksheet.

      EXAMPLES:
        mailwire exercise export W3 --format gift --out bank > bank.gift
        mailwire exercise export W3 --format gradescope --class w3/lecturer --out w3.zip
        mailwire exercise export W3 --format check50 --out checks/w3
        mailwire exercise export W3 --format classroom --out template
      """)
  @Argument(help: "The exercise, such as W3.") var id: String
  @Option(help: "The format.") var format = Format.gift
  @Option(help: ArgumentHelp("gift: which copy of the exercise.", valueName: "number")) var seed: UInt64 = 1
  @Option(
    help: ArgumentHelp("Where the files go; a name that ends in .zip becomes a zip archive.", valueName: "place"))
  var out: String?
  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "The lecturer's folder of 'exercise issue'; its secret goes into the export.", valueName: "folder"))
  var classFolder: String?
  @Option(help: ArgumentHelp("Put this mailwire-grade into the export.", valueName: "file")) var program: String?
  @Option(
    help: ArgumentHelp(
      "How much students are shown: nothing, hint (which it is without a word), expected, all.", valueName: "level"))
  var reveal: Reveal?
  @Flag(help: "Write over files that are there.") var force = false
  @OptionGroup var library: LibraryOptions

  func run() throws {
    let exercise = try library.exercise(id)
    if format == .gift { return try writeQuestions(exercise) }
    if exercise.trial != nil, classFolder != nil {
      Terminal.complain(
        "\(exercise.id) runs students' programs, and a class's secret has no place beside them: leave --class away, since programs are judged without it"
      )
      throw ExitCode(2)
    }
    guard let out else { throw ValidationError("--out says where the \(format.rawValue) files go") }
    if format != .gradescope {
      guard classFolder == nil else {
        throw ValidationError("\(format.rawValue) is for practice: it does not keep a class's secret from students")
      }
      guard exercise.mode == .practice else {
        Terminal.complain("\(exercise.id) is an exam, and \(format.rawValue) does not keep its key from students")
        throw ExitCode(2)
      }
    } else if exercise.mode == .exam, exercise.trial == nil, classFolder == nil {
      Terminal.complain("\(exercise.id) is an exam: --class names the lecturer's folder of 'mailwire exercise issue'")
      throw ExitCode(2)
    }
    if !force, FileManager.default.fileExists(atPath: out), out.hasSuffix(".zip") || !isEmptyFolder(out) {
      Terminal.complain("\(out) is there already; --force writes over it")
      throw ExitCode(2)
    }
    let folder = URL(filePath: out).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let bundle = try bundle(exercise)
    let files =
      switch format {
      case .gradescope: GradescopeBundle.files(bundle)
      case .check50: Check50Bundle.files(bundle)
      case .gift, .classroom: ClassroomBundle.files(bundle)
      }
    try write(files, to: out)
  }
  private func writeQuestions(_ exercise: Exercise) throws {
    guard exercise.mode == .practice else {
      Terminal.complain(
        "\(exercise.id) is an exam: every student has a capture of their own, and a bank has one for all")
      throw ExitCode(2)
    }
    let work = try StudentWork(exercise, seed: StudentSeed(number: seed))
    guard let judge = work.judge() else {
      Terminal.complain("\(exercise.id) has no capture of its own, so its questions have no fixed answers")
      throw ExitCode(2)
    }
    if let out { _ = try WorkFiles(out, exercise.id, force: force).write(work, student: "") }
    Terminal.write(GIFTQuestions.text(judge))
  }

  // MARK: The grader

  private func bundle(_ exercise: Exercise) throws -> GraderBundle {
    let folder = id.contains("/") ? id : "\(try library.library.path)/\(exercise.id)"
    // Solutions stay at home; what `start` hands out belongs to the exercise.
    let handedOut = Set(exercise.trial?.skeletons.values.map { Array($0.utf8) } ?? [])
    var files: [(name: String, octets: [UInt8])] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      guard let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(name)")) else { continue }
      let octets = Array(data)
      if name.hasSuffix(".yaml") || handedOut.contains(octets) { files.append((name, octets)) }
    }
    var classFile: [UInt8]?
    if let classFolder {
      guard try ClassFolder.open(classFolder) != nil else {
        Terminal.complain("\(classFolder) is no lecturer's folder: 'mailwire exercise issue' makes one")
        throw ExitCode(2)
      }
      classFile = Array(try Data(contentsOf: URL(filePath: "\(classFolder)/class.json")))
    }
    let portable = try PortableProgram(path: program)
    return GraderBundle(
      exercise, program: portable.program, loader: portable.loader, libraries: portable.libraries,
      exerciseFiles: files, classFile: classFile,
      reveal: reveal ?? min(.hint, exercise.reveal))
  }
  private func write(_ files: [ExportFile], to out: String) throws {
    if out.hasSuffix(".zip") {
      let archive = try ZipWriter.archive(files)
      try create(out, archive, permissions: files.contains(where: \.isPrivate) ? 0o600 : 0o644)
      return Terminal.write("Written: \(out) (\(archive.count / 1_000_000) MB, \(files.count) files)\n")
    }
    for file in files {
      let path = "\(out)/\(file.path)"
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try create(path, file.octets, permissions: file.permissions)
    }
    Terminal.write("Written: \(files.count) files into \(out)\n")
  }
  private func isEmptyFolder(_ path: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty ?? false
  }
  private func create(_ path: String, _ octets: [UInt8], permissions: Int) throws {
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(octets), attributes: [.posixPermissions: permissions])
    else { throw WorksheetError("\(path) cannot be written") }
  }
}
