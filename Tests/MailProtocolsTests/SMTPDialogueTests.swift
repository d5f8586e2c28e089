import Bytes
import Testing

@testable import MailProtocols

@Suite struct SMTPDialogueTests {
  /// Plays `C:` lines, `S:` codes, and between them `R` (a SASL response), `.` (the end of a message).
  private func play(_ script: [String], from start: SMTPDialogue = SMTPDialogue()) -> (SMTPDialogue, [String]) {
    var dialogue = start
    var log: [String] = []
    for step in script {
      if step.hasPrefix("C: ") {
        let line = String(step.dropFirst(3)).octets
        if let violation = dialogue.heard(SMTPCommand.parse(line.span)) { log.append("\(violation)") }
      } else if step.hasPrefix("S: ") {
        let heard = dialogue.heard(code: UInt16(step.dropFirst(3)) ?? 0)
        log.append("\(heard.asked.map { "\($0)" } ?? "nothing") \(heard.ordinal)")
      } else if step == "R" {
        dialogue.heardResponse()
      } else if step == "." {
        dialogue.heardEndOfMessage()
      }
    }
    return (dialogue, log)
  }
  private static let opened = ["S: 220", "C: EHLO a", "S: 250"]
  private static let envelope = opened + ["C: MAIL FROM:<a@b>", "S: 250", "C: RCPT TO:<c@d>", "S: 250"]

  @Test func aMessageFromGreetingToQuit() {
    let (dialogue, log) = play(Self.envelope + ["C: DATA", "S: 354", ".", "S: 250", "C: QUIT", "S: 221"])
    #expect(log == ["greeting 0", "hello 1", "mail 2", "recipient 3", "data 4", "message 5", "quit 6"])
    #expect(dialogue.clientSpeech == .command)
  }

  /// Which of several awaited replies were lost cannot be told until one comes that answers one thing alone.
  @Test func afterALossRepliesAreNotGuessed() {
    var (dialogue, _) = play(Self.envelope + ["C: RCPT TO:<e@f>", "C: RCPT TO:<g@h>", "C: DATA"])
    dialogue.heardGap(fromClient: false)
    let (_, log) = play(["S: 550", "S: 354", ".", "S: 250"], from: dialogue)
    #expect(log == ["nothing 0", "data 6", "message 7"])
    // Of one there is no doubt, and none either when the client goes on.
    (dialogue, _) = play(Self.envelope + ["C: RCPT TO:<e@f>"])
    dialogue.heardGap(fromClient: false)
    #expect(play(["S: 550"], from: dialogue).1 == ["recipient 4"])
    (dialogue, _) = play(Self.envelope + ["C: RCPT TO:<e@f>", "C: RCPT TO:<g@h>"])
    dialogue.heardGap(fromClient: false)
    #expect(play(["S: 250", "C: RSET", "S: 250"], from: dialogue).1 == ["nothing 0", "reset 6"])
  }
  private static let local = ["S: 220", "C: LHLO a", "S: 250"]
  /// RFC 2033 §4.2: one answer for each recipient that was accepted, all to the same message.
  @Test func inLMTPEachRecipientIsAnswered() {
    let envelope = [
      "C: MAIL FROM:<a@b>", "C: RCPT TO:<c@d>", "C: RCPT TO:<e@d>", "C: RCPT TO:<f@d>", "S: 250", "S: 250", "S: 550",
      "S: 251",
    ]
    let (_, log) = play(
      Self.local + envelope + ["C: DATA", "S: 354", ".", "C: RSET", "S: 250", "S: 452", "S: 250", "C: QUIT", "S: 221"])
    #expect(
      log == [
        "greeting 0", "hello 1", "mail 2", "recipient 3", "recipient 4", "recipient 5", "data 6", "message 7",
        "message 7", "reset 8", "quit 9",
      ])
    let (_, chunks) = play(
      Self.local + envelope + [
        "C: BDAT 0", "C: BDAT 0 LAST", "C: MAIL FROM:<>", "C: RCPT TO:<c@d>", "C: BDAT 0 LAST", "S: 250", "S: 250",
        "S: 250",
        "S: 250", "S: 250", "S: 250",
      ])
    #expect(
      chunks.suffix(6) == ["chunk 6", "lastChunk 7", "lastChunk 7", "mail 8", "recipient 9", "lastChunk 10"])
  }
  /// A server of SMTP does not know LHLO; then as ever.
  @Test func refusedLHLOIsNoLMTP() {
    let envelope = ["C: MAIL FROM:<a@b>", "S: 250", "C: RCPT TO:<c@d>", "S: 250", "C: RCPT TO:<e@d>", "S: 250"]
    let (_, log) = play(
      ["S: 220", "C: LHLO a", "S: 500", "C: EHLO a", "S: 250"] + envelope + [
        "C: DATA", "S: 354", ".", "S: 250", "S: 250",
      ])
    #expect(log.suffix(2) == ["message 7", "nothing 0"])
  }
  @Test func afterPermissionTheClientSpeaksMessage() {
    var (dialogue, _) = play(Self.envelope + ["C: DATA"])
    #expect(dialogue.clientSpeech == .command)
    #expect(dialogue.awaitsPermission)
    _ = dialogue.heard(code: 354)
    #expect(dialogue.clientSpeech == .message)
    #expect(!dialogue.awaitsPermission)
  }

  @Test(arguments: [UInt16(451), 503, 554]) func dataRefusedLeavesCommands(_ code: UInt16) {
    var (dialogue, _) = play(Self.envelope + ["C: DATA"])
    _ = dialogue.heard(code: code)
    #expect(dialogue.clientSpeech == .command)
  }

  @Test(arguments: [(UInt16(354), SMTPDialogue.ClientSpeech.message), (554, .command)])
  func aMessageBegunTooEarlyIsTentativeUntilTheReply(_ code: UInt16, _ speech: SMTPDialogue.ClientSpeech) {
    var (dialogue, _) = play(Self.envelope + ["C: DATA"])
    dialogue.assumeMessage()
    #expect(dialogue.isMessageTentative)
    #expect(dialogue.clientSpeech == .message)
    _ = dialogue.heard(code: code)
    #expect(!dialogue.isMessageTentative)
    #expect(dialogue.clientSpeech == speech)
  }

  @Test func aTentativeMessageMayEndBeforeItsPermission() {
    var (dialogue, _) = play(Self.envelope + ["C: DATA"])
    dialogue.assumeMessage()
    dialogue.heardEndOfMessage()
    #expect(dialogue.clientSpeech == .command)
    #expect(dialogue.heard(code: 354).asked == .data)
    #expect(dialogue.heard(code: 250).asked == .message)
  }

  @Test func pipelinedCommandsAreAnsweredInOrder() {
    let (_, log) = play(
      Self.opened + [
        "C: MAIL FROM:<a@b>", "C: RCPT TO:<c@d>", "C: RCPT TO:<e@f>", "C: RCPT TO:<g@h>", "C: DATA", "S: 250", "S: 250",
        "S: 550", "S: 250", "S: 354", ".", "C: QUIT", "S: 250", "S: 221",
      ])
    #expect(
      log.dropFirst(2) == [
        "mail 2", "recipient 3", "recipient 4", "recipient 5", "data 6", "message 7", "quit 8",
      ])
  }

  @Test func aHundredPipelinedRecipientsKeepTheirOrdinals() {
    let recipients = [String](repeating: "C: RCPT TO:<c@d>", count: 100)
    let (_, log) = play(Self.opened + ["C: MAIL FROM:<a@b>"] + recipients + [String](repeating: "S: 250", count: 101))
    #expect(log.last == "recipient 102")
  }

  @Test func moreThanSixteenKindsStayInStep() {
    let kinds = ["C: NOOP", "C: RSET"]
    let commands = (0..<40).map { kinds[$0 % 2] }
    let (dialogue, log) = play(Self.opened + commands + [String](repeating: "S: 250", count: 41))
    #expect(dialogue.askedCount == 41)
    #expect(dialogue.answeredCount == 41)
    #expect(log.suffix(2) == ["other 41", "nothing 0"] || log.suffix(2) == ["reset 41", "nothing 0"])
    #expect(log.dropFirst(2).prefix(16).elementsEqual((0..<16).map { "\($0 % 2 == 0 ? "other" : "reset") \($0 + 2)" }))
  }

  @Test func awaitedRepliesAreBounded() {
    var dialogue = SMTPDialogue()
    let commands = ["NOOP", "RSET", "QUIT"].map(\.octets)
    for index in 0..<200_000 {
      let line = commands[index % 3]
      _ = dialogue.heard(SMTPCommand.parse(line.span))
    }
    for _ in 0..<200_010 { _ = dialogue.heard(code: 250) }
    #expect(dialogue.askedCount == 200_000)
    #expect(dialogue.answeredCount <= 200_000)
  }

  @Test(arguments: [
    (["S: 220", "C: MAIL FROM:<a@b>"], "mailBeforeHello"), (["C: EHLO a"], "beforeGreeting"),
    (opened + ["C: RCPT TO:<c@d>"], "recipientBeforeMail"), (opened + ["C: DATA"], "dataBeforeRecipient"),
    (opened + ["C: BDAT 3 LAST"], "dataBeforeRecipient"), (envelope + ["C: MAIL FROM:<x@y>"], "nestedMail"),
    (envelope + ["C: RSET", "S: 250", "C: RCPT TO:<c@d>"], "recipientBeforeMail"),
    (envelope + ["C: EHLO again", "S: 250", "C: DATA"], "dataBeforeRecipient"),
    (opened + ["C: MAIL FROM:<a@b>", "S: 250", "C: RCPT TO:<c@d>", "S: 550", "C: DATA"], "dataBeforeRecipient"),
    (opened + ["C: MAIL FROM:<a@b>", "S: 550", "C: RCPT TO:<c@d>"], "recipientBeforeMail"),
    (envelope + ["C: DATA", "S: 354", ".", "S: 250", "C: RCPT TO:<c@d>"], "recipientBeforeMail"),
  ])
  func tellsWhatAnOrderBreaks(_ script: [String], _ violation: String) { #expect(play(script).1.last == violation) }

  @Test func asksTwiceForAuthLogin() {
    var (dialogue, _) = play(Self.opened + ["C: AUTH LOGIN", "S: 334"])
    #expect(dialogue.clientSpeech == .response)
    let log: [String]
    (dialogue, log) = play(["R", "S: 334", "R", "S: 235", "C: NOOP", "S: 250"], from: dialogue)
    #expect(log == ["authentication 3", "authentication 4", "other 5"])
    #expect(dialogue.clientSpeech == .command)
  }

  @Test func aCancelledExchangeGoesBackToCommands() {
    let (dialogue, log) = play(Self.opened + ["C: AUTH LOGIN", "S: 334", "R", "S: 501"])
    #expect(dialogue.clientSpeech == .command)
    #expect(log.last == "authentication 3")
  }

  /// A challenge that was answered before it came asks for nothing more.
  @Test func challengesMayHaveBeenAnswered() {
    let early = Self.opened + ["C: AUTH LOGIN", "R"]
    #expect(play(early).0.awaitsVerdict)
    #expect(play(early + ["S: 334"]).0.clientSpeech == .command)
    #expect(play(early + ["S: 334", "S: 334"]).0.clientSpeech == .response)
    #expect(!play(early + ["S: 334", "S: 235"]).0.awaitsVerdict)
  }

  @Test(arguments: [(UInt16(220), SMTPDialogue.ClientSpeech.protected), (454, .command)])
  func startTLSProtectsOnlyWhenAgreed(_ code: UInt16, _ speech: SMTPDialogue.ClientSpeech) {
    var (dialogue, _) = play(Self.opened + ["C: STARTTLS"])
    _ = dialogue.heard(code: code)
    #expect(dialogue.clientSpeech == speech)
    dialogue.resumePlaintext()
    #expect(dialogue.clientSpeech == .command)
  }

  @Test func chunksAreCountedDown() {
    var (dialogue, _) = play(Self.envelope + ["C: BDAT 10"])
    #expect(dialogue.clientSpeech == .chunk(10))
    dialogue.heardChunk(4)
    #expect(dialogue.clientSpeech == .chunk(6))
    dialogue.heardChunk(99)
    #expect(dialogue.clientSpeech == .command)
    dialogue.heardChunk(1)
    #expect(dialogue.heard(code: 250).asked == .chunk)
    let (after, log) = play(["C: BDAT 0 LAST", "S: 250"], from: dialogue)
    #expect(after.clientSpeech == .command)
    #expect(log == ["lastChunk 5"])
  }

  @Test(arguments: [UInt16(220), 421, 521, 554]) func theFirstReplyIsTheGreeting(_ code: UInt16) {
    #expect(play(["S: \(code)", "S: 250"]).1 == ["greeting 0", "nothing 0"])
  }

  @Test func aCaptureThatBeginsInTheMiddleHasNoGreeting() {
    #expect(play(["C: NOOP", "S: 250"]).1.last == "other 1")
    #expect(play(["S: 250"]).1 == ["nothing 0"])
  }

  @Test func neverTrapsWhateverIsSaid() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("SMTPDialogueTests.neverTrapsWhateverIsSaid: seed \(seed)")
    var random = SeededRandom(seed: seed)
    let lines = SMTPCommandTests.usual.map(\.0.octets)
    for _ in 0..<200 {
      var dialogue = SMTPDialogue()
      for _ in 0..<200 {
        let line = lines.randomElement(using: &random) ?? []
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5: _ = dialogue.heard(SMTPCommand.parse(line.span))
        case 5..<8: _ = dialogue.heard(code: [220, 250, 334, 354, 421, 550, 999].randomElement(using: &random) ?? 0)
        case 8:
          dialogue.heardChunk(Int.random(in: 0...Int.max, using: &random))
          dialogue.assumeMessage()
        default:
          if Bool.random(using: &random) { dialogue.heardResponse() } else { dialogue.heardEndOfMessage() }
        }
        #expect(dialogue.answeredCount <= dialogue.askedCount)
      }
    }
  }
}
