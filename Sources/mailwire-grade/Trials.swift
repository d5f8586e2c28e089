import ArgumentParser
import Console
import Foundation
import Grading
import ProgramTrials

/// How students' programs are run.
struct TrialOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Run programs WITHOUT a sandbox, with all that you may do. For machines without bubblewrap, and your own programs."
    ))
  var unsafeNoSandbox = false

  /// How this program is started once more. An exported one runs by a loader that has come with it, and is not what
  /// /proc/self/exe names (ld.so(8)).
  private static let own: (path: String, arguments: [String]) = {
    let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
    guard URL(filePath: path).lastPathComponent.hasPrefix("ld-") else { return (path, []) }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    return (path, ["--library-path", folder, CommandLine.arguments[0]])
  }()
  /// Who runs them; ends with status 4 where this machine cannot, and says what to do. For a platform that reads a result of
  /// one student, `isTold` has the result say so instead.
  func runner(isTold: Bool = false) throws -> TrialRunner {
    let runner = TrialRunner(
      helper: Self.own.path, helperArguments: Self.own.arguments, isUnsafe: unsafeNoSandbox)
    if let obstacle = runner.obstacle {
      Terminal.complain("\(obstacle); --unsafe-no-sandbox does without")
      if !isTold { throw ExitCode(4) }
    }
    if unsafeNoSandbox { Terminal.complain("WARNING: programs run WITHOUT A SANDBOX, with all that you may do") }
    return runner
  }
}

/// The captures of a student's trials and their ladders, as files.
struct TrialFiles {
  private let folder: String
  private let trial: Trial

  init(_ folder: String, _ trial: Trial) {
    self.folder = folder
    self.trial = trial
  }
  /// Writes `FOLDER/CASE.pcap` and `FOLDER/CASE.txt` for each case.
  func write(_ records: [TrialRecord]) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for record in records where !record.capture.octets.isEmpty {
      let name = "\(folder)/\(FileName.safe(record.id))"
      try Data(record.capture.octets).write(to: URL(filePath: "\(name).pcap"), options: .atomic)
      let ladder = TrialLadder.text(record, spoken: trial.spoken)
      try Data(ladder.utf8).write(to: URL(filePath: "\(name).txt"), options: .atomic)
    }
  }
}
