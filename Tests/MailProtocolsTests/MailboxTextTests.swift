import Bytes
import Testing

@testable import MailProtocols

@Suite struct MailboxTextTests {
  private func written(_ pieces: [[UInt8]], quotesFrom: Bool) -> String {
    var text = MailboxText(quotesFrom: quotesFrom)
    var writer = ByteWriter()
    for piece in pieces { text.append(piece.span, to: &writer) }
    text.finish(to: &writer)
    return writer.withOctets { $0.text() }
  }

  @Test func linesThatBeginAMessageAreQuoted() {
    let message =
      "Subject: a\r\n\r\nFrom here\r\n>From there\r\n>>>From afar\r\nFrom\r\n> From\r\nfrom me\r\n Fromage\r\n"
    #expect(
      written([Array(message.utf8)], quotesFrom: true)
        == "Subject: a\n\n>From here\n>>From there\n>>>>From afar\nFrom\n> From\nfrom me\n Fromage\n")
    #expect(
      written([Array(message.utf8)], quotesFrom: false)
        == "Subject: a\n\nFrom here\n>From there\n>>>From afar\nFrom\n> From\nfrom me\n Fromage\n")
  }
  @Test(arguments: [
    ("", ""), ("a", "a\n"), ("a\r", "a\r\n"), ("a\r\r\n", "a\r\n"), ("\r\n", "\n"), ("\n\n", "\n\n"),
    ("a\rb\r\n", "a\rb\n"),
    ("From ", ">From \n"), ("From", "From\n"), (">", ">\n"), (">Fro\r\n", ">Fro\n"),
  ])
  func oddEnds(_ message: String, _ expected: String) {
    #expect(written([Array(message.utf8)], quotesFrom: true) == expected)
    #expect(written(Array(message.utf8).map { [$0] }, quotesFrom: true) == expected)
  }
  @Test func cutsDoNotMatter() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("mailbox text: seed \(seed)")
    var random = SeededRandom(seed: seed)
    let words = ["From ", "From", ">", "\r\n", "\r", "\n", "x", "Fr", " "]
    for _ in 0..<2_000 {
      let message = Array((0..<12).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined().utf8)
      var pieces: [[UInt8]] = [[]]
      for octet in message {
        if random.next() % 3 == 0 { pieces.append([]) }
        pieces[pieces.count - 1].append(octet)
      }
      for quotes in [true, false] {
        let whole = written([message], quotesFrom: quotes)
        #expect(written(pieces, quotesFrom: quotes) == whole)
        // What a reader undoes: one mark of every line that has marks before its From.
        let undone = Array(whole.utf8).split(separator: 10, omittingEmptySubsequences: false).map { line in
          let isQuoted =
            line.first == UInt8(ascii: ">") && line.drop { $0 == UInt8(ascii: ">") }.starts(with: "From ".utf8)
          return Array(quotes && isQuoted ? line.dropFirst() : line)
        }
        var expected = message.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
        for index in expected.indices.dropLast() where expected[index].last == 13 { expected[index].removeLast() }
        if expected.last != [] { expected.append([]) }
        #expect(undone == expected, "\(message)")
      }
    }
  }
}
