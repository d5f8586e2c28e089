import Bytes
import Packets
import Testing

@testable import Grading

/// Programs are judged by captures alone: here of packets that nobody has sent.
@Suite struct ProgramJudgeTests {
  /// Something that one side says in one segment, or does.
  enum Said {
    case client(String), server(String)
    /// The client says that it will say no more; the client breaks off.
    case finish, reset
  }
  static let trial = """
    id: T1
    title: A test
    slide: L7
    goal: To test.
    prompt: Send.
    trial: { role: client, cases: [{ id: one, title: A case }] }
    checks:
    """
  func judge(_ checks: String, _ said: [Said], ending: TrialRecord.Ending = .exited(0)) throws -> [CheckResult] {
    let exercise = try ExerciseFile.decode(Self.trial + "\n" + checks) { _ in "" }
    let trial = try #require(exercise.trial)
    return ProgramJudge(exercise, trial).judge([try record(said, ending)])
  }
  func record(_ said: [Said], _ ending: TrialRecord.Ending) throws -> TrialRecord {
    let address = try #require(IPAddress(octets: [127, 0, 0, 1]))
    let hosts = [Host(address, 40_001), Host(address, 2525)]
    var numbers: [UInt32] = [1_000, 9_000]
    var frames: [[UInt8]] = []
    func add(_ side: Int, _ flags: TCPFlags, _ payload: [UInt8] = []) {
      frames.append(
        PacketBuilder.ip(
          from: hosts[side], to: hosts[1 - side],
          PacketBuilder.tcp(
            from: hosts[side], to: hosts[1 - side], sequenceNumber: numbers[side],
            acknowledgementNumber: flags.contains(.ack) ? numbers[1 - side] : 0, flags: flags, payload: payload)))
      numbers[side] &+= UInt32(payload.count) + (flags.contains(.syn) || flags.contains(.fin) ? 1 : 0)
    }
    add(0, .syn)
    add(1, [.syn, .ack])
    for piece in said {
      switch piece {
      case .client(let text): add(0, [.psh, .ack], Array(text.utf8))
      case .server(let text): add(1, [.psh, .ack], Array(text.utf8))
      case .finish: add(0, [.fin, .ack])
      case .reset: add(0, .rst)
      }
    }
    if !said.contains(where: { if case .finish = $0 { true } else { false } }) { add(0, [.fin, .ack]) }
    add(1, [.fin, .ack])
    let writer = PCAPWriter(linkType: .raw, timeUnit: .nanoseconds)
    var output = ByteWriter()
    writer.appendHeader(to: &output)
    for (index, frame) in frames.enumerated() {
      writer.append(frame.span, at: Timestamp(nanoseconds: Int64(index) * 1_000_000), to: &output)
    }
    var record = TrialRecord(id: "one")
    record.host = "127.0.0.1"
    record.port = 2525
    record.capture = Octets(output.withOctets { $0.copied() })
    record.programs = [TrialRecord.Program(name: "client", ending: ending, output: [], diagnostics: [])]
    return record
  }
  static let polite: [Said] = [
    .server("220 ready\r\n"), .client("HELO me\r\n"), .server("250 hello\r\n"), .client("QUIT\r\n"),
    .server("221 bye\r\n"),
  ]
  private static let basic = """
    - { rule: connect }
    - { rule: wait-greeting, needs: [connect] }
    - { rule: crlf, needs: [connect] }
    - { rule: order, needs: [connect], commands: [HELO, QUIT] }
    - { rule: wait-reply, needs: [order] }
    - { rule: multiline, needs: [order] }
    - { rule: quit, needs: [order] }
    """

  @Test func aPoliteDialoguePasses() throws {
    for result in try judge(Self.basic, Self.polite) { #expect(result.verdict == .passed, "\(result.feedback)") }
  }
  /// In whatever segments it comes, octet by octet too, the same is found.
  @Test func segmentsDoNotMatter() throws {
    let drops = Self.polite.flatMap { piece -> [Said] in
      switch piece {
      case .client(let text): text.unicodeScalars.map { .client(String($0)) }
      case .server(let text): text.unicodeScalars.map { .server(String($0)) }
      case .finish, .reset: [piece]
      }
    }
    for result in try judge(Self.basic, drops) { #expect(result.verdict == .passed, "\(result.feedback)") }
  }
  @Test func whatComesTooEarlyIsFound() throws {
    let results = try judge(
      Self.basic,
      [
        .client("HELO me\r\n"), .server("220 ready\r\n"), .server("250-hello\r\n"), .client("QUIT\r\n"),
        .server("250 you\r\n221 bye\r\n"),
      ])
    #expect(results.map(\.verdict) == [.passed, .failed, .passed, .passed, .passed, .failed, .passed])
    #expect(results[1].feedback.mistake == .speaksFirst && results[1].feedback.place?.frame == 3)
    #expect(results[5].feedback.mistake == .oneLineForAll)
    let hasty = try judge(
      Self.basic,
      [
        .server("220 ready\r\n"), .client("HELO me\r\n"), .server("250-hello\r\n250 y"), .client("QUIT\r\n"),
        .server("ou\r\n221 bye\r\n"),
      ])
    #expect(hasty[5].verdict == .failed && hasty[5].feedback.mistake == .oneReceiveForAll)
  }
  /// Whoever sends as many lines as it may is judged in no more time and memory than others.
  @Test(.timeLimit(.minutes(3)), arguments: [true, false]) func millionsOfLinesAreJudged(_ isMessage: Bool) throws {
    let flood = [Said](repeating: .client(String(repeating: "\n", count: 60_000)), count: 3)
    let opening: [Said] =
      isMessage
      ? [
        .server("220 ready\r\n"), .client("HELO me\r\n"), .server("250 hello\r\n"),
        .client("MAIL FROM:<a@a.example>\r\n"),
        .server("250 ok\r\n"), .client("RCPT TO:<b@b.example>\r\n"), .server("250 ok\r\n"), .client("DATA\r\n"),
        .server("354 go\r\n"),
      ] : [.server("220 ready\r\n"), .client("HELO me\r\n"), .server("250 hello\r\n")]
    let results = try judge(
      Self.basic + "\n- { rule: end, needs: [connect] }\n- { rule: headers, needs: [connect] }", opening + flood)
    #expect(results[0].verdict == .passed && results[2].feedback.mistake == .bareLineFeed)
    #expect(results[6].verdict != .passed && results[7].verdict != .passed && results[8].verdict != .passed)
    var speech = WireSpeech()
    let count = TrialLimits.lineCount + 10
    speech.append([UInt8](repeating: 10, count: count), frame: 1, frameOffset: 0, nanoseconds: 0)
    speech.divide()
    #expect(speech.lines.count == TrialLimits.lineCount + 1 && speech.lines.last?.range.upperBound == count)
  }
  /// Under PIPELINING, MAIL and RCPT may come together (RFC 2920 §3.1), and without it they may not.
  @Test(arguments: [true, false]) func pipeliningMakesADifference(_ isOffered: Bool) throws {
    let text = Self.trial.replacing("title: A case", with: "title: A case, peer: { pipelining: \(isOffered) }")
    let exercise = try ExerciseFile.decode(text + "\n- { rule: wait-reply }") { _ in "" }
    let said: [Said] = [
      .server("220 ready\r\n"), .client("EHLO me\r\n"), .server("250-hello\r\n250 PIPELINING\r\n"),
      .client("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"),
      .server("250 ok\r\n250 ok\r\n354 go\r\n"),
      .client(".\r\n"), .server("250 ok\r\n"), .client("QUIT\r\n"), .server("221 bye\r\n"),
    ]
    let results = ProgramJudge(exercise, try #require(exercise.trial)).judge([try record(said, .exited(0))])
    #expect(results.map(\.verdict) == [isOffered ? .passed : .failed])
  }
  /// What our side could not do costs nobody a point, and what depends on it is not judged, either.
  @Test func aFaultOfOursIsNotTheStudents() throws {
    let exercise = try ExerciseFile.decode(Self.trial + "\n" + Self.basic) { _ in "" }
    let judge = ProgramJudge(exercise, try #require(exercise.trial))
    var broken = TrialRecord(id: "one")
    broken.fault = "the sandbox could not be made"
    for records in [[broken], []] { #expect(judge.judge(records).allSatisfy { $0.verdict == .couldNotJudge }) }
  }
  @Test func aDotThatWasNotDoubledIsNamed() throws {
    let said: [Said] = [
      .server("220 ready\r\n"), .client("HELO me\r\n"), .server("250 hello\r\n"),
      .client("MAIL FROM:<a@example.com>\r\n"),
      .server("250 ok\r\n"), .client("RCPT TO:<b@example.org>\r\n"), .server("250 ok\r\n"), .client("DATA\r\n"),
      .server("354 go\r\n"), .client("From: a@example.com\r\n\r\n.net\r\n.\r\n"), .server("250 ok\r\n"),
    ]
    let results = try judge("- { rule: body, body: .net }", said)
    #expect(results[0].feedback.mistake == .dotNotDoubled && results[0].feedback.expected == ".net")
  }
}
