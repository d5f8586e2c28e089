import Packets
import TestSupport
import Testing

@testable import Grading

/// Whether a server comes back to its port is judged by the packets of the client behind the restart, and only where the
/// system kept a connection of the first run.
@Suite struct RestartRuleTests {
  private static let steps = """
    - [{ expect: "220" }, { end: restart }]
    - [{ expect: "220" }, { say: QUIT, expect: "221" }, { end: server }]
    """
  private static func exercise(_ steps: String, isTogether: Bool = false) throws -> Exercise {
    let connections = steps.split(separator: "\n").map { "        \($0)\n" }.joined()
    return try ExerciseFile.decode(
      """
      id: T1
      title: A test
      slide: L7
      goal: To test.
      prompt: Listen.
      trial:
        role: server
        cases:
          - id: restart
            peer:
              together: \(isTogether)
              connections:
      \(connections)checks: [{ rule: restarts, points: 2 }]
      """
    ) { _ in "" }
  }
  /// What the client behind the restart meets.
  enum Next: String, CaseIterable, Sendable { case greeting, silence, refusal, nothing }
  private static func frames(_ next: Next) -> [[UInt8]] {
    var first = Dialogue(client: Host("192.0.2.2", 40_000), server: Host("192.0.2.1", 2525))
    first.open()
    first.server("220 ready\r\n")
    first.close()
    var second = Dialogue(client: Host("192.0.2.2", 40_001), server: Host("192.0.2.1", 2525))
    switch next {
    case .greeting:
      second.open()
      second.server("220 ready\r\n")
    case .silence: second.open()
    case .refusal:
      second.send(fromClient: true, .syn)
      second.send(fromClient: false, [.rst, .ack])
    case .nothing: break
    }
    return first.frames + second.frames
  }
  private static func judge(
    _ next: Next, kept: Int?, complaint: String = "", _ ending: TrialRecord.Ending = .exited(1),
    listeners: [String] = [], triesItself: Bool = false
  ) throws -> CheckResult {
    var record = TrialRecord(id: "restart")
    (record.host, record.port) = ("192.0.2.1", 2525)
    var itself = Dialogue(client: Host("192.0.2.1", 50_000), server: Host("192.0.2.1", 2525))
    itself.open()
    itself.server("220 ready\r\n")
    itself.close()
    record.capture = Octets(capture((triesItself ? itself.frames : []) + frames(next)))
    record.clientPorts = [40_000, 40_001]
    let before = TrialRecord.Program(name: "server", ending: .stopped, output: [], diagnostics: [])
    record.restarts = kept.map { [TrialRecord.Restart(program: before, keptConnectionCount: $0)] }
    record.programs = [
      TrialRecord.Program(
        name: "server", ending: ending, output: [], diagnostics: Array(complaint.utf8), listeners: listeners)
    ]
    let exercise = try exercise(steps)
    let trial = try #require(exercise.trial)
    return try #require(ProgramJudge(exercise, trial).judge([record]).first)
  }

  @Test func whoComesBackPasses() throws {
    let result = try Self.judge(.greeting, kept: 1, .stopped)
    #expect(result.verdict == .passed && result.points == 2)
  }
  @Test(
    arguments: [
      ("Traceback (most recent call last):\nOSError: [Errno 98] Address already in use\n", .addressInUse),
      ("bind: Address already in use\n", .addressInUse),
      ("Error: listen EADDRINUSE\n    at Server.setup\n", .addressInUse),
      ("", .addressInUse), ("Traceback (most recent call last):\nFileExistsError: lock\n", .crashed),
    ] as [(String, StudentMistake)])
  func whoIsRefusedFails(_ complaint: String, _ mistake: StudentMistake) throws {
    let result = try Self.judge(.refusal, kept: 1, complaint: complaint)
    #expect(result.verdict == .failed && result.points == 0 && result.feedback.mistake == mistake)
    // The RST.
    #expect(result.feedback.place?.frame == 9 && result.feedback.expected == "a server on 192.0.2.1:2525, as before")
    let found = try #require(result.feedback.found)
    #expect(complaint.isEmpty ? found == "the program ended with status 1" : complaint.contains(found))
  }
  /// A server that connects to itself first is judged by what our client meets.
  @Test func whatItSaysToItselfDoesNotCount() throws {
    #expect(try Self.judge(.greeting, kept: 1, .stopped, triesItself: true).verdict == .passed)
    #expect(try Self.judge(.refusal, kept: 1, triesItself: true).verdict == .failed)
    #expect(try Self.judge(.nothing, kept: 1, .stopped, triesItself: true).verdict == .failed)
  }
  @Test func whoListensElsewhereIsTold() throws {
    let result = try Self.judge(.refusal, kept: 1, .stopped, listeners: ["0.0.0.0:40123"])
    #expect(result.verdict == .failed && result.feedback.found == "a server on 0.0.0.0:40123")
    #expect(result.feedback.reason?.contains("bind()") == true)
  }
  @Test func whoDoesNotGreetAnyMoreFails() throws {
    #expect(try Self.judge(.silence, kept: 1, .stopped).verdict == .failed)
    #expect(try Self.judge(.nothing, kept: 1, .stopped).verdict == .failed)
  }
  /// Without a connection that is kept, or without a restart, nothing is shown: neither by who comes back nor by who does not.
  @Test(arguments: Next.allCases, [0, nil]) func withoutGroundNothingIsSaid(_ next: Next, _ kept: Int?) throws {
    let result = try Self.judge(next, kept: kept, complaint: "Address already in use\n")
    #expect(result.verdict == .notRun && result.feedback.reason != nil)
  }
  @Test(arguments: [
    (#"- [{ expect: "220" }, { end: restart }]"#, false),
    ("\(steps)\n\(#"- [{ end: restart }]"#)", false),
    (#"- [{ end: restart }, { say: QUIT }]"# + "\n" + #"- [{ expect: "220" }]"#, false), (steps, true),
  ])
  func aRestartStandsBetweenTwoConnections(_ steps: String, _ isTogether: Bool) throws {
    #expect(try Self.exercise(Self.steps).trial?.cases[0].peer.connections[0].restartsServer == true)
    #expect(throws: (any Error).self) { try Self.exercise(steps, isTogether: isTogether) }
  }
}
