import Bytes
import Testing

@testable import MailSystem

/// However the octets come, the answers are the same; whatever comes, nothing traps.
@Suite struct IMAPDripFeedTests {
  private static let script =
    [
      "a CAPABILITY", "b AUTHENTICATE PLAIN", "AGJvYgB3cm9uZw==", "c AUTHENTICATE LOGIN Ym9i", "aHVudGVyMg==",
      "d ENABLE CONDSTORE", "e CREATE {3}\r\na/b",
      "f LIST (SUBSCRIBED) \"\" (* {1+}\r\n%) RETURN (STATUS (MESSAGES UIDNEXT))",
      "g APPEND a/b (\\Seen $x) \" 7-Feb-1994 21:52:25 -0800\" {20}\r\nSubject: x\r\n\r\nbody\r\n",
      "h APPEND INBOX ~{3+}\r\n\0\r\n",
      "i APPEND INBOX {999999999}", "j CREATE {70000+}\r\n" + String(repeating: "z\r\n", count: 23_333) + "z",
      "k SELECT INBOX (CONDSTORE)",
      "l FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT {2+}\r\nTo)] BODYSTRUCTURE ENVELOPE)",
      "m UID FETCH 1,2 (RFC822.SIZE BODY[TEXT]<2.3>)", "n UID SEARCH RETURN (ALL COUNT SAVE) OR TEXT {3}\r\nsec SEEN",
      "o STORE $ +FLAGS.SILENT (\\Deleted)", "p IDLE", "DONE", "q MOVE 1 a/b", "r EXPUNGE",
      "s STATUS a/b (SIZE MESSAGES)",
      "t NOOP {3+}\r\nabc", "nonsense", "", "u RENAME a c", "v LSUB \"\" *", "w UNSELECT", "x DELETE c/b", "y LOGOUT",
    ].joined(separator: "\r\n") + "\r\n"

  private func play(_ pieces: [[UInt8]]) -> String {
    var play = IMAPServerPlay()
    for piece in pieces { play.send(piece) }
    #expect(play.isClosed)
    return play.text
  }
  @Test func anyCutGivesTheSameAnswers() {
    let octets = Array(Self.script.utf8)
    let whole = play([octets])
    #expect(whole.hasSuffix("* BYE imap.b.example signing off\r\ny OK LOGOUT completed\r\n"))
    #expect(whole.contains("j NO [TOOBIG]"))
    #expect(!whole.contains(" BAD expected a list"))
    #expect(play(octets.map { [$0] }) == whole)
    let lines = octets.split(separator: 10, omittingEmptySubsequences: false).dropLast().map { Array($0) + [10] }
    #expect(play(lines) == whole)
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = OctetSource.seeded(seed)
    for _ in 0..<10 {
      var pieces: [[UInt8]] = []
      var rest = octets[...]
      while !rest.isEmpty {
        let count = Int(random.take(1).first ?? 0) * 4 + 1
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      #expect(play(pieces) == whole, "seed \(seed)")
    }
  }
  /// Commands with octets changed, left out and doubled.
  @Test func nothingTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("IMAPDripFeedTests.nothingTraps: seed \(seed)")
    var random = OctetSource.seeded(seed)
    func number(_ limit: Int) -> Int { random.take(4).reduce(0) { $0 << 8 | Int($1) } % limit }
    let lines = Self.script.utf8.split(separator: 10).map { Array($0) + [10] }.filter { $0.count > 4 }
    let alphabet = Array("(){}[]<>\"\\*%$:,.+-~0123456789 \r\n\0\u{ff}NIL".utf8)
    for _ in 0..<300 {
      var play = IMAPServerPlay.selected(messages: [MIMEStructureTests.nested, IMAPServerPlay.second])
      for _ in 0..<20 {
        var line = lines[number(lines.count)]
        for _ in 0..<number(4) {
          let position = number(line.count)
          switch number(3) {
          case 0: line[position] = alphabet[number(alphabet.count)]
          case 1: line.remove(at: position)
          default: line.insert(alphabet[number(alphabet.count)], at: position)
          }
          if line.isEmpty { line = [10] }
        }
        play.send(line)
      }
      #expect(!play.replies.isEmpty)
    }
  }
}
