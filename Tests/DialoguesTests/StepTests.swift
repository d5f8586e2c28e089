import Bytes
import Packets
import TestSupport
import Testing

@testable import Dialogues

@Suite struct StepTests {
  /// What is said, without the frames and times.
  private func spoken(_ steps: [Step]) -> [Step] {
    steps.filter { !$0.isTransport }.map { step in
      var step = step
      (step.frame, step.lastFrame, step.nanoseconds) = (0, 0, 0)
      return step
    }
  }

  @Test(arguments: Script.all) func theCutsDoNotMatter(_ script: Script) throws {
    let seed = printedSeed("StepTests.theCutsDoNotMatter")
    let expected = spoken(try steps(script.dialogue { [$0] }))
    #expect(expected.count > 8)
    func check(_ place: String, _ cut: ([UInt8]) -> [[UInt8]]) throws {
      let found = spoken(try steps(script.dialogue(cut)))
      let difference = zip(expected, found).first { $0 != $1 }
      #expect(found == expected, "\(place): \(difference.map { "\($0.0) became \($0.1)" } ?? "longer")")
    }
    try check("by line", lines)
    try check("by octet") { $0.map { [$0] } }
    var random = SeededRandom(seed: seed)
    for longest in [2, 7, 100] {
      try check("random cuts up to \(longest), seed \(seed)") { randomCuts($0, longest: longest, using: &random) }
    }
  }
  /// A capture may say that its packets came at any time: from the first to the last moment that there is.
  @Test(arguments: [(Int64.min, Int64.max), (.max, .min), (0, .min)]) func anyTimesWillDo(
    _ first: Int64, _ second: Int64
  ) {
    var options = DissectionOptions()
    options.exchanges = true
    let sink = StepCollector()
    let analysis = NarratedAnalysis(options, sink: sink)
    for (index, frame) in Script.all[0].dialogue({ [$0] }).frames.enumerated() {
      analysis.receive(
        frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: .ethernet,
          timestamp: Timestamp(nanoseconds: index % 2 == 0 ? first : second),
          originalByteCount: UInt32(frame.count)))
    }
    #expect(analysis.finish().counts.total == 1)
    #expect(sink.steps.count > 8)
  }
  /// Every line that the exchanges of the transcript hold is a step, too.
  @Test(arguments: Script.all) func nothingOfTheTranscriptIsLeftOut(_ script: Script) throws {
    let said = Set(try steps(script.dialogue(lines)).map(\.line))
    for exchange in try #require(try conversations(script.dialogue(lines)).first?.exchanges) {
      if let request = exchange.request, request.verb != "." { #expect(said.contains(request.line)) }
      for line in exchange.replies.flatMap(\.lines) { #expect(said.contains(line), "\(line)") }
    }
  }
  /// A line is told with the packet that ends it, not later.
  @Test func stepsComeAsTheyAreSpoken() {
    let sink = StepCollector()
    let analysis = NarratedAnalysis(DissectionOptions(), sink: sink)
    for (index, frame) in Script.smtp.dialogue({ [$0] }).frames.enumerated() {
      let before = sink.steps.count
      analysis.receive(
        frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: .ethernet, timestamp: Timestamp(nanoseconds: Int64(index) * 1_000_000),
          originalByteCount: UInt32(frame.count)))
      let told = sink.steps[before...]
      // The handshake waits for the greeting, which tells that this is mail; the last acknowledgement tells nothing.
      if index >= 3, told.isEmpty { #expect(index == 20) }
      for step in told where !step.isTransport { #expect(step.lastFrame == index + 1) }
    }
    #expect(sink.steps.map(\.kind).prefix(4) == [.synchronize, .synchronizeAcknowledge, .acknowledge, .reply])
    #expect(sink.steps.map(\.kind).suffix(2) == [.finish, .finish])
    _ = analysis.finish()
  }
  @Test(arguments: [
    (Script.smtp, ["user name: alice", "password: secret", "decoded: Username:"]),
    (.smtpRefused, ["user name: alice", "password: wrong"]),
    (.pop3Challenges, ["user name: bob", "password: geheim", "decoded: Password:"]),
    (.imapAuthenticate, ["user name: bob", "password: geheim"]),
    (.http, ["user name: bob", "password: geheim", "username: bob", "password: g!"]),
  ])
  func base64IsDecoded(_ script: Script, _ expected: [String]) throws {
    let decoded = try steps(script.dialogue(lines)).flatMap(\.decoded).map { "\($0.label): \($0.text)" }
    for line in expected { #expect(decoded.contains(line), "\(line) in \(decoded)") }
  }
  @Test(arguments: [
    ("CRAM-MD5", "PDEyMy40QG1haWw+", "Ym9iIDc4YWI=", ["decoded: <123.4@mail>", "user name: bob", "decoded: bob 78ab"]),
    ("SCRAM-SHA-256", "", "biwsbj11c2VyLHI9YWJj", ["user name: user", "decoded: n,,n=user,r=abc"]),
    ("NTLM", "TlRMTVNTUAACAAAA", NTLM.authentication, ["user name: alice"]),
    ("XOAUTH2", "", "dXNlcj1ib2IBYXV0aD1CZWFyZXIgdG9rZW4BAQ==", ["user name: bob"]),
  ])
  func otherMechanisms(_ name: String, _ challenge: String, _ answer: String, _ expected: [String]) throws {
    let script = Script(
      name, port: 25,
      [
        server("220 mail.example.org ESMTP\r\n"), client("EHLO x\r\n"), server("250 AUTH \(name)\r\n"),
        client("AUTH \(name)\r\n"), server("334 \(challenge)\r\n"), client("\(answer)\r\n"), server("235 ok\r\n"),
      ])
    let decoded = try steps(script.dialogue(lines)).flatMap(\.decoded).map { "\($0.label): \($0.text)" }
    for line in expected { #expect(decoded.contains(line), "\(line) in \(decoded)") }
    let masked = try steps(script.dialogue(lines), masked: true).map { "\($0)" }.joined()
    #expect(!masked.contains(answer) && !masked.contains("78ab") && !masked.contains("token"))
  }
  @Test(arguments: Script.all) func secretsAreMasked(_ script: Script) throws {
    let secrets = [
      "c2VjcmV0", "secret", "AGFsaWNlAHdyb25n", "wrong", "geheim", "Z2VoZWlt", "AGJvYgBnZWhlaW0=", "ge\"eim",
      "Ym9iOmdlaGVpbQ==", "g%21", "g!",
    ]
    for step in try steps(script.dialogue(lines), masked: true) {
      let texts = [step.line, step.text ?? ""] + step.decoded.map(\.text)
      for secret in secrets { #expect(!texts.contains { $0.contains(secret) }, "\(secret) in \(step)") }
    }
  }
  /// A header field that grows while other things are said is told whole.
  @Test func aFoldedFieldMayBeInterrupted() throws {
    let script = Script(
      "folded", port: 25,
      [
        server("220 mail.example.org ESMTP\r\n"), client("EHLO x\r\n"), server("250 ok\r\n"),
        client("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"), server("250 ok\r\n250 ok\r\n"),
        server("354 go\r\n"), client("Subject: one\r\n"), server("250-what?\r\n"), client(" two\r\n"),
        client(" three\r\n\r\ntext\r\n.\r\n"), server("250 ok\r\n"),
      ])
    let told = try steps(script.dialogue { [$0] })
    let message = try #require(told.first { $0.kind == .message })
    #expect(message.decoded.map(\.text) == ["one two three"])
    #expect(told.map(\.line).contains("250-what?"))
  }
  /// RFC 4954 §4, RFC 5034 §4, RFC 9051 §6.2.2: a client gives a login up with a lone asterisk, and the reply answers
  /// that.
  @Test(
    arguments: [
      ("smtp", 25, ["220 hi", "334 ", "501 given up"], "AUTH PLAIN", "AUTH *"),
      ("pop3", 110, ["+OK hi", "+ ", "-ERR given up"], "AUTH PLAIN", "AUTH *"),
      ("imap", 143, ["* OK hi", "+ ", "a BAD given up"], "a AUTHENTICATE PLAIN", "AUTHENTICATE *"),
    ] as [(String, UInt16, [String], String, String)])
  func aLoginIsGivenUp(_ name: String, _ port: UInt16, _ replies: [String], _ command: String, _ verb: String) throws {
    let said = replies.map { server($0 + "\r\n") }
    let script = Script(name, port: port, [said[0], client(command + "\r\n"), said[1], client("*\r\n"), said[2]])
    let told = try steps(script.dialogue(lines)).filter { $0.kind == .reply }
    let plain = String(command.drop { $0 != "A" })
    #expect(told.map(\.verb) == ["", plain, verb] && told.map(\.isGreeting) == [true, false, false])
    let answered = Script(
      name, port: port, [said[0], client(command + "\r\n"), said[1], client("AGEAYg==\r\n"), said[2]])
    #expect(try steps(answered.dialogue(lines)).last { $0.kind == .reply }?.verb == plain)
  }
  @Test(arguments: [
    Script(
      "smtp", port: 25, [server("220 hi\r\n"), client("EHLO x\r\n"), server("250 ok\r\n"), server("421 bye\r\n")]),
    Script("pop3", port: 110, [server("+OK hi\r\n"), client("NOOP\r\n"), server("+OK\r\n"), server("-ERR bye\r\n")]),
    Script(
      "imap", port: 143, [server("* OK hi\r\n"), client("a NOOP\r\n"), server("a OK\r\n"), server("* BYE bye\r\n")]),
  ])
  func whatNobodyAskedForIsNoGreeting(_ script: Script) throws {
    let told = try steps(script.dialogue(lines)).filter { $0.kind == .reply }
    #expect(told.map(\.isGreeting) == [true, false, false] && told.last?.verb == "")
  }
  @Test func whatTCPDoesIsTold() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 mail.example.org ESMTP\r\n")
    dialogue.packets.append(dialogue.packets[3])
    dialogue.client("EHLO x\r\n")
    dialogue.send(fromClient: true, .rst)
    let kinds = try steps(dialogue).map(\.kind)
    #expect(
      kinds == [
        .synchronize, .synchronizeAcknowledge, .acknowledge, .reply, .retransmission, .request, .reset,
      ])
    #expect(try steps(dialogue).map(\.frame) == [1, 2, 3, 4, 5, 6, 7])
  }
  @Test func aGapIsTold() throws {
    var dialogue = Script.smtp.dialogue(lines)
    dialogue.packets.remove(at: 4)
    let gap = try #require(try steps(dialogue).first { $0.kind == .gap })
    #expect(gap.isFromClient && gap.byteCount == 21)
  }
  @Test func anyOctetMayBeWrong() throws {
    let seed = printedSeed("StepTests.anyOctetMayBeWrong")
    var random = SeededRandom(seed: seed)
    for script in Script.all {
      for _ in 0..<60 {
        var damaged = script
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          let turn = Int.random(in: 0..<damaged.turns.count, using: &random)
          let place = Int.random(in: 0..<damaged.turns[turn].octets.count, using: &random)
          damaged.turns[turn].octets[place] =
            [0, 10, 13, 34, 46, 123, 255].randomElement(using: &random) ?? 0
        }
        _ = try steps(damaged.dialogue { randomCuts($0, longest: 400, using: &random) }, masked: true)
      }
    }
  }
}
