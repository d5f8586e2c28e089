import Bytes
import Testing

@testable import MailProtocols

@Suite struct IMAPTokensTests {
  @Test(arguments: [
    ("", []), ("  \t ", []), ("INBOX", ["atom:INBOX"]), ("a b", ["atom:a", "atom:b"]),
    ("\"two words\" x", ["quoted:two words", "atom:x"]), ("\"\"", ["quoted:"]),
    (#""a \"b\" \\c""#, [#"quoted:a "b" \c"#]), ("(\\Seen \\Deleted)", ["(", "atom:\\Seen", "atom:\\Deleted", ")"]),
    ("((a)b)", ["(", "(", "atom:a", ")", "atom:b", ")"]),
    ("BODY[HEADER.FIELDS (TO CC)]<0.5> x", ["atom:BODY[HEADER.FIELDS (TO CC)]<0.5>", "atom:x"]),
    ("{5}\r\nhello x", ["literal:hello", "atom:x"]), ("{5+}\r\nhello)", ["literal:hello", ")"]),
    ("{5}\nhello", ["literal:hello"]), ("{0}\r\n x", ["literal:", "atom:x"]),
    ("~{5}\r\nhe\0lo x", ["literal:he\0lo", "atom:x"]), ("~x {1}\r\ny", ["atom:~x", "literal:y"]),
    ("{3}\r\n\r\n) z", ["literal:\r\n)", "atom:z"]),
  ])
  func areRead(_ text: String, _ tokens: [String]) { #expect(imapTokens(text) == tokens) }

  @Test(arguments: [
    ("\"unterminated", ["quoted:unterminated"]), ("\"ends in \\", ["quoted:ends in \\"]), ("\"", ["quoted:"]),
    ("{5}\r\nhe", ["literal:he"]), ("{9999999999999999999}\r\nx", ["literal:x"]), ("{5}", ["literal:"]),
    ("{99999999999999999999}", ["atom:{99999999999999999999}"]), ("{x} y", ["atom:{x}", "atom:y"]), ("{", ["atom:{"]),
    ("a[b", ["atom:a[b"]), ("]", ["atom:]"]), (")", [")"]), ("a\"b\"", ["atom:a\"b\""]),
  ])
  func cutOrCrookedOnesAreReadAsFarAsTheyGo(_ text: String, _ tokens: [String]) { #expect(imapTokens(text) == tokens) }

  @Test(arguments: [
    ("INBOX", "INBOX"), ("a b", "\"a b\""), ("", "\"\""), ("q\"\\", "\"q\\\"\\\\\""),
    ("Entw\u{fc}rfe", "{9}\r\nEntw\u{fc}rfe"),
    ("two\r\nlines", "{10}\r\ntwo\r\nlines"), ("(x)", "\"(x)\""), ("*", "\"*\""), ("tab\tin", "\"tab\tin\""),
  ])
  func textComesBackFromTheWire(_ text: String, _ wire: String) {
    var writer = ByteWriter()
    IMAPTokens.encode(text, into: &writer)
    let octets = writer.withOctets { $0.copied() }
    #expect(octets.text == wire)
    let kind = wire.hasPrefix("{") ? "literal" : wire.hasPrefix("\"") ? "quoted" : "atom"
    #expect(imapTokens(octets) == ["\(kind):\(text)"])
  }

  @Test func everyTextComesBack() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("IMAPTokensTests.everyTextComesBack: seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<2_000 {
      let text = troublesome(&random).text
      var writer = ByteWriter()
      IMAPTokens.encode(text, into: &writer)
      let octets = writer.withOctets { $0.copied() }
      let tokens = imapTokens(octets)
      #expect(
        tokens.count == 1 && tokens.first?.hasSuffix(":" + text) == true, "seed \(seed): \(text.debugDescription)")
    }
  }

  @Test func alwaysEnds() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("IMAPTokensTests.alwaysEnds: seed \(seed)")
    for line in hostileLines(seed: seed, keywords: ["(\"a\" {3}", "BODY[", "~{2}\r\n", "\"\\"]) {
      #expect(imapTokens(line).count <= line.count, "seed \(seed)")
    }
  }
}
