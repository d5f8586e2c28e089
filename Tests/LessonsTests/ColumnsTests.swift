import Testing

@testable import Lessons

@Suite struct ColumnsTests {
  @Test func textIsBrokenAtBlanks() {
    #expect(Columns.broken("", width: 5) == [""])
    #expect(Columns.broken("one two", width: 7) == ["one two"])
    #expect(Columns.broken("one two", width: 6) == ["one", "two"])
    #expect(Columns.broken("abcdefgh", width: 3) == ["abc", "def", "gh"])
    #expect(Columns.broken("ab cdefgh", width: 3) == ["ab", "cde", "fgh"])
    #expect(Columns.broken(" abcd", width: 3) == [" ab", "cd"])
    #expect(Columns.broken("a  b", width: 2) == ["a", " b"])
  }
  @Test func wideLettersTakeTwoColumns() {
    #expect(Columns.broken("日本語", width: 4) == ["日本", "語"])
    #expect(Columns.broken("e\u{301}e\u{301}e\u{301}", width: 2) == ["e\u{301}e\u{301}", "e\u{301}"])
    #expect(Columns.count("日本e\u{301}") == 5)
  }
  /// Of a sentence, the name of an RFC stays with its number and section.
  @Test func referencesStayTogether() {
    let sentence = "greets (RFC 5321 §4.3.1) first"
    #expect(Columns.broken(sentence: sentence, width: 14) == ["greets", "(RFC 5321 §4.3", ".1) first"])
    #expect(Columns.broken(sentence: sentence, width: 20) == ["greets", "(RFC 5321 §4.3.1)", "first"])
    #expect(Columns.broken(sentence, width: 13) == ["greets (RFC", "5321 §4.3.1)", "first"])
  }
  /// Nothing is lost but the blanks at which it was broken, and no piece is wider than asked for.
  @Test func nothingIsLost() {
    let text = "Base64 is an encoding, not encryption: 日本 whoever sees the packets (RFC 4954 §4) reads the password"
    for width in 2...120 {
      for pieces in [Columns.broken(text, width: width), Columns.broken(sentence: text, width: width)] {
        #expect(pieces.joined().filter { $0 != " " } == text.filter { $0 != " " })
        #expect(pieces.allSatisfy { Columns.count($0) <= width }, "\(width)")
      }
    }
  }
  @Test(arguments: [-1, 0, 1, 255, 256, 257, 1_000]) func runsAreAsLongAsAskedFor(_ count: Int) {
    #expect(Columns.blanks(count) == String(repeating: " ", count: max(0, count)))
    #expect(Columns.dashes(count, ofTransport: false) == String(repeating: "─", count: max(0, count)))
    #expect(Columns.dashes(count, ofTransport: true) == String(repeating: "╌", count: max(0, count)))
  }
}
