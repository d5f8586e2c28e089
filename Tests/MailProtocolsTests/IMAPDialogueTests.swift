import Bytes
import Testing

@testable import MailProtocols

@Suite struct IMAPDialogueTests {
  /// Plays `C:` commands, `S:` responses, and `R` for the line that a continuation request asked for.
  private func play(_ script: [String], from start: IMAPDialogue = IMAPDialogue()) -> (IMAPDialogue, [String]) {
    var dialogue = start
    var log: [String] = []
    for step in script {
      let line = String(step.dropFirst(3)).octets
      if step.hasPrefix("C: "), let command = IMAPCommand.parse(line.span) {
        log.append("C \(dialogue.heard(command.name, tag: line.span.extracting(line.span.bounds(command.tag))))")
      } else if step.hasPrefix("S: "), let response = IMAPResponse.parse(line.span) {
        let heard: IMAPDialogue.Heard
        switch response.kind {
        case .continuation: heard = dialogue.heardContinuationRequest()
        case .untagged: heard = dialogue.heardUntagged(response.status)
        case .tagged:
          heard = dialogue.heardTagged(line.span.extracting(line.span.bounds(response.tag)), response.status)
        }
        log.append(heard.isGreeting ? "greeting" : "\(heard.name.map { "\($0)" } ?? "nothing") \(heard.ordinal)")
      } else if step == "R" {
        dialogue.heardContinuation()
      }
    }
    return (dialogue, log)
  }

  @Test func commandsAreKnownByTheirTags() {
    let (_, log) = play([
      "S: * OK ready", "C: a1 LOGIN a b", "S: a1 OK in", "C: a2 SELECT INBOX", "C: a3 NOOP", "S: * 3 EXISTS",
      "S: a3 OK first", "S: a2 OK later", "S: * 4 EXISTS", "S: a9 OK who?",
    ])
    #expect(
      log == [
        "greeting", "C 1", "login 1", "C 2", "C 3", "select 2", "noOperation 3", "select 2", "nothing 0", "nothing 0",
      ])
  }

  @Test(arguments: ["* OK x", "* PREAUTH x", "* BYE x"]) func greets(_ line: String) {
    #expect(play(["S: \(line)", "S: \(line)"]).1 == ["greeting", "nothing 0"])
  }

  @Test func authenticateAsksForResponses() {
    var (dialogue, _) = play(["S: * OK", "C: a1 AUTHENTICATE LOGIN", "S: + "])
    #expect(dialogue.clientSpeech == .response)
    (dialogue, _) = play(["R"], from: dialogue)
    #expect(dialogue.clientSpeech == .command)
    (dialogue, _) = play(["S: + more"], from: dialogue)
    #expect(dialogue.clientSpeech == .response)
    let (after, log) = play(["S: a1 NO bad"], from: dialogue)
    #expect(after.clientSpeech == .command)
    #expect(log == ["authenticate 1"])
  }

  @Test func idleEndsWithDone() {
    var (dialogue, _) = play(["S: * OK", "C: a1 IDLE", "S: + idling"])
    #expect(dialogue.clientSpeech == .done)
    #expect(play(["S: * 4 EXISTS"], from: dialogue).1 == ["idle 1"])
    (dialogue, _) = play(["R", "S: a1 OK"], from: dialogue)
    #expect(dialogue.clientSpeech == .command)
    #expect(dialogue.lastName == nil)
    #expect(dialogue.lastOrdinal == 0)
  }

  @Test(arguments: [("OK", IMAPDialogue.ClientSpeech.protected), ("NO", .command), ("BAD", .command)])
  func startTLSProtectsOnlyWhenAgreed(_ status: String, _ speech: IMAPDialogue.ClientSpeech) {
    var (dialogue, _) = play(["S: * OK", "C: a1 STARTTLS", "S: a1 \(status) x"])
    #expect(dialogue.clientSpeech == speech)
    dialogue.resumePlaintext()
    #expect(dialogue.clientSpeech == .command)
  }

  @Test func moreCommandsThanAreRememberedStayBounded() {
    let commands = (1...40).map { "C: a\($0) NOOP" }
    let (dialogue, _) = play(["S: * OK"] + commands)
    #expect(dialogue.lastOrdinal == 40)
    #expect(
      play(["S: a40 OK", "S: a1 OK", "S: a25 OK"], from: dialogue).1 == [
        "noOperation 40", "nothing 0", "noOperation 25",
      ])
  }

  @Test(arguments: [
    ("* OK [UIDVALIDITY 3] x", IMAPResponse.Kind.untagged, IMAPResponse.Status.ok, "", "", "OK", "[UIDVALIDITY 3] x"),
    ("* 12 FETCH (FLAGS (\\Seen))", .untagged, .none, "", "12", "FETCH", "(FLAGS (\\Seen))"),
    ("* SEARCH 1 2", .untagged, .none, "", "", "SEARCH", "1 2"), ("* bye", .untagged, .bye, "", "", "bye", ""),
    ("* PREAUTH hi", .untagged, .preauthenticated, "", "", "PREAUTH", "hi"),
    ("+", .continuation, .none, "", "", "", ""),
    ("+ go ahead", .continuation, .none, "", "", "", "go ahead"), ("a1 OK done", .tagged, .ok, "a1", "", "OK", "done"),
    ("a1 no", .tagged, .no, "a1", "", "no", ""), ("* 7", .untagged, .none, "", "7", "", ""),
  ])
  func responses(
    _ line: String, _ kind: IMAPResponse.Kind, _ status: IMAPResponse.Status, _ tag: String, _ number: String,
    _ name: String, _ text: String
  ) throws {
    let octets = line.octets
    let response = try #require(IMAPResponse.parse(octets))
    #expect(response.kind == kind)
    #expect(response.status == status)
    #expect(octets.text(response.tag) == tag)
    #expect(octets.text(response.number) == number)
    #expect(octets.text(response.name) == name)
    #expect(octets.text(response.text) == text)
  }

  @Test(arguments: ["", "*", "* ", "+OK", "a1", "a1 FETCH", "a1 PREAUTH x", "a1 BYE", " * OK", "\0", "250 2.0.0 ok"])
  func isNoResponse(_ line: String) {
    #expect(IMAPResponse.parse(line.octets) == nil)
  }

  @Test(arguments: [
    ("a1", IMAPResponse.Status.ok, "done"), ("*", .bye, "later"), ("*", .preauthenticated, "hi"), ("a2", .bad, "what?"),
    ("a3", .no, "no"),
  ])
  func statusComesBackFromTheWire(_ tag: String, _ status: IMAPResponse.Status, _ text: String) throws {
    var writer = ByteWriter()
    IMAPResponse.encode(tag: tag, status: status, text: text, into: &writer)
    let line = writer.withOctets { $0.copied() }.withoutLineEnd
    let response = try #require(IMAPResponse.parse(line))
    #expect(response.status == status)
    #expect(line.text(response.text) == text)
  }

  @Test func neverTrapsWhateverIsSaid() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("IMAPDialogueTests.neverTrapsWhateverIsSaid: seed \(seed)")
    var random = SeededRandom(seed: seed)
    let names: [IMAPCommand.Name] = [.login, .authenticate, .idle, .fetch, .startTLS, .unknown]
    for _ in 0..<200 {
      var dialogue = IMAPDialogue()
      for _ in 0..<150 {
        let tag = (0..<Int.random(in: 0...2, using: &random)).map { _ in UInt8.random(in: 97...100, using: &random) }
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: _ = dialogue.heard(names.randomElement(using: &random) ?? .unknown, tag: tag.span)
        case 2: _ = dialogue.heardContinuationRequest()
        case 3: dialogue.heardContinuation()
        case 4: _ = dialogue.heardUntagged(.ok)
        default: _ = dialogue.heardTagged(tag.span, .ok)
        }
      }
    }
  }
}
