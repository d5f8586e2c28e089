import TestSupport
import Testing

@testable import Dialogues

@Suite struct MessageTests {
  @Test func thePlainDigestIsRight() {
    #expect(plainSHA256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(plainSHA256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(arguments: [(Script.smtp, "DATA"), (.pop3, "RETR"), (.imap, "FETCH")])
  func theDigestIsThatOfTheMessage(_ script: Script, _ via: String) throws {
    let conversation = try #require(try conversations(script.dialogue { [$0] }).first)
    let message = try #require(conversation.messages.first { $0.via == via })
    #expect(message.sha256 == plainSHA256(Array(Script.message.utf8)))
    #expect(message.byteCount == Script.message.utf8.count)
    #expect(message.isComplete)
    #expect(message.gapByteCount == 0)
    #expect(message.fields.first { $0.name == "Subject" }?.value == "Gr\u{fc}\u{df}e\tfrom the drip")
    #expect(message.parts.last?.decodedByteCount == 81)
    #expect(message.text?.content.contains(".a line that begins with a dot\r\n..and one with two\r\n.\r\n") == true)
    #expect(message.text?.content.contains("a soft break, 100 \u{20ac}") == true)
  }
  @Test func chunksAreOneMessage() throws {
    let conversation = try #require(try conversations(Script.smtpRefused.dialogue { [$0] }).first)
    let message = try #require(conversation.messages.first)
    #expect(conversation.messages.count == 1)
    #expect(message.via == "BDAT")
    #expect(
      message.sha256
        == plainSHA256(Array("Subject: chunks\r\n\r\none two\r\n".utf8).prefix(28) + Array("three\r\n".utf8)))
  }

  /// The packet that carries octets from the middle of the message is lost.
  @Test(arguments: [Script.smtp, .pop3, .imap], [60, 64, 75]) func aLostPacketIsAGapAndNothingIsInvented(
    _ script: Script, _ size: Int
  ) throws {
    let seed = printedSeed("MessageTests.aLostPacketIsAGap")
    var random = SeededRandom(seed: seed)
    let whole = try #require(try conversations(script.dialogue { [$0] }).first)
    let index = try #require(whole.messages.firstIndex { $0.byteCount > 2_000 })
    for _ in 0..<10 {
      var dialogue = script.dialogue { octets in
        stride(from: 0, to: octets.count, by: size).map { Array(octets[$0..<min($0 + size, octets.count)]) }
      }
      // Where the message's text runs long: no dot or announcement is lost.
      let candidates = dialogue.packets.indices.filter {
        dialogue.packets[$0].payload.count == size && dialogue.packets[$0].payload.starts(with: [])
          && !dialogue.packets[$0].payload.contains(10) && !dialogue.packets[$0].payload.contains(46)
      }
      let lost = try #require(candidates.randomElement(using: &random))
      let by = dialogue.packets[lost].isFromClient ? "client" : "server"
      dialogue.packets.remove(at: lost)
      let conversation = try #require(try conversations(dialogue).first)
      #expect(conversation.gaps.map(\.byteCount) == [size], "seed \(seed), packet \(lost)")
      #expect(conversation.gaps.map(\.by) == [by])
      guard conversation.messages.indices.contains(index) else { continue }
      let message = conversation.messages[index]
      #expect(!message.isComplete, "seed \(seed), packet \(lost)")
      #expect(message.gapByteCount == size, "seed \(seed), packet \(lost)")
      #expect(message.byteCount == whole.messages[index].byteCount - size, "seed \(seed), packet \(lost)")
      #expect(conversation.closing.quit != nil, "the dialogue goes on behind the gap")
    }
  }
}
