import TestSupport
import Testing

@testable import Dialogues

/// SMTP as the last server speaks with the mailboxes (RFC 2033).
@Suite struct LMTPTests {
  @Test func eachRecipientHasItsAnswer() throws {
    for cut in [lines, { $0.map { [$0] } }, { [$0] }] as [([UInt8]) -> [[UInt8]]] {
      let conversation = try #require(try conversations(Script.lmtp.dialogue(cut)).first)
      #expect(conversation.protocol == "smtp")
      #expect(conversation.variant == "lmtp")
      try #require(conversation.messages.count == 2)
      let first = try #require(conversation.messages[0].envelope).to
      #expect(first.map(\.path) == ["bob@example.com", "nobody@example.com", "carol@example.com"])
      #expect(first.map(\.code) == [250, 550, 250])
      #expect(first.map(\.delivery?.code) == [250, nil, 452])
      #expect(first[0].delivery?.lines == ["250 2.0.0 bob has it"])
      #expect(first[2].delivery?.lines == ["452-4.2.2 carol's mailbox", "452 4.2.2 is full"])
      let second = conversation.messages[1]
      #expect(second.via == "BDAT")
      #expect(second.envelope?.to.map(\.delivery?.lines) == [["550 5.7.1 not dave"], ["250 2.0.0 bob has it"]])
      #expect(conversation.messages.allSatisfy { $0.isComplete && $0.reply == nil })
      #expect(conversation.anomalies.isEmpty)
      #expect(conversation.closing.quit?.replies.map(\.code) == [221])
      let exchanges = try #require(conversation.exchanges)
      #expect(exchanges.filter { $0.request == nil }.count == 1)
      #expect(exchanges.first { $0.request?.verb == "." }?.replies.map(\.code) == [250, 452])
      #expect(exchanges.first { $0.request?.line == "BDAT 5 LAST" }?.replies.map(\.code) == [550, 250])
    }
  }
  /// Answers that were not captured are no other recipient's, and what follows is still understood.
  @Test func whereAnAnswerIsLostTheRestIsUnderstood() throws {
    let script = Script(
      "an answer is lost", port: 24,
      [
        server("220 store LMTP\r\n"), client("LHLO a\r\n"), server("250 store\r\n"),
        client("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@d>\r\n"), server("250 1\r\n250 2\r\n250 3\r\n"),
        client("DATA\r\n"), server("354 go\r\n"), client("Subject: s\r\n\r\nt\r\n.\r\n"),
        server("250 c has it\r\n"), server("250 e has it\r\n"), client("QUIT\r\n"),
        server("221 bye\r\n"),
      ])
    var dialogue = script.dialogue { [$0] }
    let lost = try #require(dialogue.packets.firstIndex { $0.payload == Array("250 e has it\r\n".utf8) })
    dialogue.packets.remove(at: lost)
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.closing.quit?.replies.map(\.code) == [221])
    #expect(conversation.messages.first?.envelope?.to.map(\.delivery?.code) == [250, nil])
  }
}
