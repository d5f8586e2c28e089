import Bytes
import Testing

@testable import MailProtocols

@Suite struct POP3DialogueTests {
  /// Plays `C:` lines, `S:` status lines, `R` (a SASL response) and `.` (the end of a listing or message).
  private func play(_ script: [String], from start: POP3Dialogue = POP3Dialogue()) -> (POP3Dialogue, [String]) {
    var dialogue = start
    var log: [String] = []
    for step in script {
      if step.hasPrefix("C: ") {
        dialogue.heard(POP3Command.parse(String(step.dropFirst(3)).octets.span))
      } else if step.hasPrefix("S: ") {
        guard let reply = POP3Reply.parse(String(step.dropFirst(3)).octets.span) else { continue }
        let heard = dialogue.heard(reply.status)
        log.append("\(heard.asked.map { "\($0)" } ?? "nothing") \(heard.ordinal)")
      } else if step == "R" {
        dialogue.heardResponse()
      } else if step == "." {
        dialogue.heardEndOfLines()
      }
    }
    return (dialogue, log)
  }

  @Test func aMailboxIsEmptied() {
    let (_, log) = play([
      "S: +OK ready", "C: USER a", "S: +OK", "C: PASS b", "S: +OK", "C: LIST", "S: +OK", ".", "C: RETR 1", "S: +OK",
      ".",
      "C: DELE 1", "S: +OK", "C: QUIT", "S: +OK",
    ])
    #expect(log == ["greeting 0", "user 1", "password 2", "listing 3", "message 4", "other 5", "quit 6"])
  }

  @Test(arguments: [
    ("LIST", POP3Dialogue.ServerSpeech.listing), ("LIST 1", .reply), ("UIDL", .listing), ("UIDL 1", .reply),
    ("CAPA", .listing), ("AUTH", .listing), ("RETR 1", .message), ("TOP 1 0", .message), ("STAT", .reply),
    ("XTND", .reply),
  ])
  func afterOKTheServerSpeaks(_ line: String, _ speech: POP3Dialogue.ServerSpeech) {
    let (dialogue, _) = play(["S: +OK", "C: \(line)", "S: +OK"])
    #expect(dialogue.serverSpeech == speech)
    #expect(play(["."], from: dialogue).0.serverSpeech == .reply)
    #expect(play(["S: +OK", "C: \(line)", "S: -ERR no"]).0.serverSpeech == .reply)
  }

  @Test func pipelinedCommandsAreAnsweredInOrder() {
    let (_, log) = play([
      "S: +OK", "C: USER a", "C: PASS b", "C: STAT", "C: RETR 1", "S: +OK", "S: -ERR", "S: -ERR", "S: +OK", ".",
    ])
    #expect(log == ["greeting 0", "user 1", "password 2", "other 3", "message 4"])
  }

  @Test func aClientThatNeverWaitsIsBounded() {
    let (dialogue, log) = play(["S: +OK"] + [String](repeating: "C: NOOP", count: 300) + ["C: QUIT"])
    #expect(log == ["greeting 0"])
    #expect(dialogue.askedCount == 301)
    let (after, rest) = play([String](repeating: "S: +OK", count: 140), from: dialogue)
    #expect(rest[127] == "quit 301")
    #expect(rest[128] == "nothing 0")
    #expect(after.answeredCount == 301)
  }

  @Test func challengesAreAnsweredUntilTheVerdict() {
    var (dialogue, _) = play(["S: +OK", "C: AUTH CRAM-MD5", "S: + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+"])
    #expect(dialogue.clientSpeech == .response)
    (dialogue, _) = play(["R"], from: dialogue)
    #expect(dialogue.clientSpeech == .command)
    let (after, log) = play(["S: + again", "R", "S: -ERR no"], from: dialogue)
    #expect(log == ["authentication 2", "authentication 3"])
    #expect(after.clientSpeech == .command)
  }

  /// A challenge that was answered before it came asks for nothing more.
  @Test func challengesMayHaveBeenAnswered() {
    let (early, _) = play(["S: +OK", "C: AUTH LOGIN", "R"])
    #expect(early.awaitsVerdict)
    #expect(play(["S: + VXNlcm5hbWU6"], from: early).0.clientSpeech == .command)
    #expect(play(["S: + VXNlcm5hbWU6", "S: + UGFzc3dvcmQ6"], from: early).0.clientSpeech == .response)
    #expect(!play(["S: -ERR no", "S: -ERR no"], from: early).0.awaitsVerdict)
  }

  @Test(arguments: [("S: +OK begin", POP3Dialogue.ClientSpeech.protected), ("S: -ERR no", .command)])
  func startTLSProtectsOnlyWhenAgreed(_ reply: String, _ speech: POP3Dialogue.ClientSpeech) {
    var (dialogue, _) = play(["S: +OK", "C: STLS", reply])
    #expect(dialogue.clientSpeech == speech)
    dialogue.resumePlaintext()
    #expect(dialogue.clientSpeech == .command)
  }

  @Test func aCaptureThatBeginsInTheMiddleHasNoGreeting() {
    #expect(play(["C: NOOP", "S: +OK"]).1 == ["other 1"])
  }

  @Test(arguments: [
    ("+OK", POP3Reply.Status.ok, ""), ("+ok  2 messages ", .ok, "2 messages"), ("-ERR no", .error, "no"),
    ("-err", .error, ""), ("+", .challenge, ""), ("+ abc=", .challenge, "abc="), ("+ ", .challenge, ""),
  ])
  func replies(_ line: String, _ status: POP3Reply.Status, _ text: String) throws {
    let octets = line.octets
    let reply = try #require(POP3Reply.parse(octets))
    #expect(reply.status == status)
    #expect(octets.text(reply.text) == text)
    var writer = ByteWriter()
    POP3Reply.encode(status, text, into: &writer)
    let again = writer.withOctets { $0.copied() }.withoutLineEnd
    let second = try #require(POP3Reply.parse(again))
    #expect(second.status == status)
    #expect(again.text(second.text) == text)
  }

  @Test(arguments: ["", "OK", "+OKAY", "-ERROR", "-", "+x", "220 mail", "\0", "*1"])
  func isNoReply(_ line: String) {
    #expect(POP3Reply.parse(line.octets) == nil)
  }

  @Test func neverTrapsWhateverIsSaid() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("POP3DialogueTests.neverTrapsWhateverIsSaid: seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      var dialogue = POP3Dialogue()
      for _ in 0..<150 {
        let line = (POP3CommandTests.usual.randomElement(using: &random)?.0 ?? "").octets
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<4: dialogue.heard(POP3Command.parse(line.span))
        case 4..<6: _ = dialogue.heard([POP3Reply.Status.ok, .error, .challenge].randomElement(using: &random) ?? .ok)
        case 6: dialogue.heardResponse()
        default: dialogue.heardEndOfLines()
        }
        #expect(dialogue.answeredCount <= dialogue.askedCount)
      }
    }
  }
}
