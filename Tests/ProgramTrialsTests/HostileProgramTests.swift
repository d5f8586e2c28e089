import Foundation
import MailSystem
import ProgramTrials
import TestSupport
import Testing

@testable import Grading

/// Hostile programs, tried as root (where the tests run as root) and as an ordinary user: each gets a clear verdict, and the next
/// student's program is judged as if nothing had been.
@Suite(.enabled(if: Trials.isPossible)) struct HostileProgramTests {
  /// Who grades.
  enum Grader: String, CaseIterable, Sendable { case root, user }
  static let graders: [Grader] = {
    if geteuid() == 0 { return Grader.allCases }
    print("skipped: the tests do not run as root, so hostile programs are tried as an ordinary user only")
    return [.user]
  }()
  /// A helper that is started as an ordinary user.
  private static let ordinary: String = {
    if geteuid() != 0 { return Trials.helper }
    let path = FileManager.default.temporaryDirectory.appending(path: "mailwire-as-user-\(getpid())").path
    let text = "#!/bin/sh\nexec setpriv --reuid 12345 --regid 12345 --clear-groups \"\(Trials.helper)\" \"$@\"\n"
    let isMade = FileManager.default.createFile(
      atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
    precondition(isMade, "no script can be made")
    return path
  }()
  private static func runner(_ grader: Grader) -> TrialRunner {
    TrialRunner(helper: grader == .root || geteuid() != 0 ? Trials.helper : ordinary)
  }
  private static let exercise = """
    id: T1
    title: A test
    slide: L7
    goal: To test.
    prompt: Say HELO.
    trial:
      role: client
      cases: [{ id: plain, title: A server, seconds: 4, quiet: 1.2 }]
    checks:
      - { rule: connect }
      - { rule: order, needs: [connect], commands: [HELO, QUIT] }
      - { rule: quit, needs: [connect] }
      - { rule: finish }
    """
  private static let polite = """
    import socket, sys
    s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    f = s.makefile("rb")
    f.readline()
    for line in (b"HELO me\\r\\n", b"QUIT\\r\\n"):
        s.sendall(line)
        f.readline()
    f.close()
    s.close()

    """

  @Test(arguments: HostilePrograms.all, graders)
  func getsAVerdictAndHarmsNobody(_ program: HostilePrograms.Program, _ grader: Grader) async throws {
    let exercise = try ExerciseFile.decode(Self.exercise) { _ in throw ExerciseError("no file") }
    let trial = try #require(exercise.trial)
    // What a program must not see, where it might look.
    let secret = "secret-\(UUID().uuidString)"
    let folder = try TemporaryFolder()
    for name in ["key.csv", "client.py"] {
      try secret.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
    }

    let runner = Self.runner(grader)
    let hostile = try Self.order(trial, program.file, program.text)
    let records = await Trials.run(hostile, by: runner, .hostile)
    let judge = ProgramJudge(exercise, trial)
    let results = judge.judge(records)
    let record = try #require(records.first)
    #expect(record.fault == nil, "\(record.fault ?? "")")
    #expect(!results.contains { $0.verdict == .couldNotJudge })
    #expect(!results.allSatisfy { $0.verdict == .passed })
    #expect(record.programs.count == 1)
    #expect(record.milliseconds < 15_000)
    let written = (record.programs.first?.output.octets ?? []) + (record.programs.first?.diagnostics.octets ?? [])
    #expect(written.count <= 3 * TrialLimits.keptOutputByteCount * 2)
    let text = String(decoding: written, as: UTF8.self)
    for spoil in [secret, "wrote ", "wrote to", "inside", "mounted", "entered", "wrapped", "done\n", "made"] {
      #expect(!text.contains(spoil), "\(spoil): \(text.suffix(600))")
    }
    let page = FeedbackPage(.all).text(Self.result(results, trial, records), title: "A test")
    #expect(!page.unicodeScalars.contains { ($0.value < 32 && $0 != "\n") || $0.value == 0x202E })

    let next = await Trials.run(try Self.order(trial, "client.py", Self.polite), by: runner, .hostile)
    for result in judge.judge(next) { #expect(result.verdict == .passed, "\(result.feedback)") }
  }
  private static func order(_ trial: Trial, _ file: String, _ text: String) throws -> TrialOrder {
    var submission = Submission(label: "student")
    submission.files = [Submission.File(name: file, octets: Array(text.utf8))]
    return TrialOrder(trial, [try #require(SubmittedProgram("client", in: submission))])
  }
  private static func result(_ checks: [CheckResult], _ trial: Trial, _ records: [TrialRecord]) -> StudentResult {
    var result = StudentResult(student: "student", exercise: "T1")
    result.checks = checks
    result.trials = trial.cases.compactMap { testCase in
      records.first { $0.id == testCase.id }.map { TrialSummary(testCase, $0) }
    }
    return result
  }
  @Test func thereAreAtLeastForty() { #expect(HostilePrograms.all.count >= 40) }
}
