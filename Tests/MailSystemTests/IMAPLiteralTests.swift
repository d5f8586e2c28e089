import Bytes
import Testing

@testable import MailSystem

/// Literals and long commands: whatever is refused, the dialogue stays in step (RFC 9051 §4.3, RFC 7888).
@Suite struct IMAPLiteralTests {
  @Test func aClientThatWaitsIsToldBeforeItSends() {
    var play = IMAPServerPlay.loggedIn()
    let refused = play.answer("a APPEND INBOX {50000001}\r\n")
    #expect(refused.hasPrefix("a NO [TOOBIG]"))
    #expect(play.say("NOOP") == "t OK done\r\n")
    #expect(play.answer("a CREATE {65537}\r\n").hasPrefix("a NO [TOOBIG]"))
    #expect(play.answer("a CREATE {9999999999999999999}\r\n").hasPrefix("a NO [TOOBIG]"))
    #expect(play.say("NOOP") == "t OK done\r\n")
  }
  /// RFC 9051 §7.6: what is no command is none with a smaller literal either.
  @Test func anUnknownCommandIsNotTooBig() {
    var play = IMAPServerPlay.loggedIn()
    #expect(play.answer("a BLURDYBLOOP {102856}\r\n") == "a BAD unknown command\r\n")
    #expect(
      play.answer("b BLURDYBLOOP {70000+}\r\n\(String(repeating: "x", count: 70_000))\r\n")
        == "b BAD unknown command\r\n")
    #expect(play.say("NOOP") == "t OK done\r\n")
  }
  @Test(arguments: [Int.max, 1000, 7])
  func whatIsNotAskedForIsReadAndThrownAway(_ cut: Int) {
    var play = IMAPServerPlay.loggedIn()
    let before = play.replies.count
    let literal = String(repeating: "x LOGOUT\r\n", count: 7000)
    play.send("a CREATE {70000+}\r\n\(literal) (x {10+}\r\nb LOGOUT\r\n)\r\nc NOOP\r\n", cut: cut)
    let answer = Array(play.replies[before...]).span.text()
    #expect(answer == "a NO [TOOBIG] the literal is too long\r\nc OK done\r\n")
  }
  @Test func beforeLoginLiteralsAreShort() {
    var play = IMAPServerPlay()
    #expect(play.answer("a LOGIN {4097}\r\n").hasPrefix("a BAD [LIMIT]"))
    #expect(play.answer("a APPEND INBOX {4097}\r\n").hasPrefix("a BAD [LIMIT]"))
    #expect(
      play.answer("a LOGIN {5+}\r\nalice {4092+}\r\n" + String(repeating: "x", count: 4092) + "\r\n").hasPrefix("a BAD")
    )
    #expect(play.answer("a LOGIN {3}\r\n") == "+ ready for the literal\r\n")
  }
  @Test func shortOnesOnlyUnderLITERALMinus() {
    var play = IMAPServerPlay { $0.acceptsLongNonSynchronizingLiterals = false }
    #expect(play.text.contains(" LITERAL- "))
    play.send("L LOGIN bob hunter2\r\n")
    let message = String(repeating: "x", count: 4097)
    #expect(play.answer("a APPEND INBOX {4097+}\r\n\(message)\r\n").hasPrefix("a NO [TOOBIG]"))
    #expect(play.answer("a APPEND INBOX {4096+}\r\n\(message.dropLast())\r\n").hasPrefix("a OK [APPENDUID"))
    #expect(play.answer("a APPEND INBOX {4097}\r\n") == "+ ready for the literal\r\n")
    #expect(play.answer("\(message)\r\n").hasPrefix("a OK [APPENDUID"))
  }
  @Test(arguments: [Int.max, 1000, 1])
  func aLineThatIsTooLongHidesNoLiteral(_ cut: Int) {
    var play = IMAPServerPlay.loggedIn()
    let before = play.replies.count
    let long = "a CREATE " + String(repeating: "x", count: 70_000)
    play.send("\(long) {10+}\r\nb LOGOUT\r\n\r\n\(long) {10}\r\nc NOOP\r\n\(long)\r\nd NOOP\r\n", cut: cut)
    let refusal = "a BAD [LIMIT] the command is too long\r\n"
    #expect(
      Array(play.replies[before...]).span.text() == "\(refusal)\(refusal)c OK done\r\n\(refusal)d OK done\r\n")
  }
  @Test func manyShortLinesAreOneLongCommand() {
    var play = IMAPServerPlay.loggedIn()
    let piece = String(repeating: "y", count: 1000)
    let answer = play.answer("a CREATE " + String(repeating: "\(piece){0+}\r\n", count: 100) + "\r\nb NOOP\r\n")
    #expect(answer == "a BAD [LIMIT] the command is too long\r\nb OK done\r\n")
  }
  @Test func theLongestCommandIsTaken() {
    var play = IMAPServerPlay.loggedIn()
    let room = IMAPServerLimits.commandByteCount - "a CREATE ".utf8.count
    #expect(play.answer("a CREATE \(String(repeating: "x", count: room))\r\n").hasPrefix("a NO [CANNOT]"))
    #expect(play.answer("a CREATE \(String(repeating: "x", count: room + 1))\r\n").hasPrefix("a BAD [LIMIT]"))
  }
  @Test func aNULStandsOnlyInALiteral8() {
    var play = IMAPServerPlay.selected()
    #expect(play.answer("a CREATE a\0b\r\n").hasPrefix("a BAD"))
    #expect(play.answer("a APPEND INBOX {3+}\r\na\0b\r\n").hasPrefix("a BAD"))
    #expect(play.answer("a APPEND INBOX ~{3+}\r\na\0b\r\n").hasPrefix("* 3 EXISTS"))
    #expect(play.answer("a FETCH 3 BINARY.PEEK[]\r\n").hasPrefix("* 3 FETCH (BINARY[] ~{3}\r\na\0b)\r\n"))
    let plain = play.say("FETCH 3 BODY.PEEK[]")
    #expect(!plain.utf8.contains(0))
    #expect(plain.contains("{3}\r\n"))
  }
  @Test func anAnnouncementInTheMiddleIsNone() {
    var play = IMAPServerPlay.loggedIn()
    #expect(play.answer("a CREATE {3} x\r\nb NOOP\r\n").hasSuffix("b OK done\r\n"))
    #expect(play.answer("a CREATE x{3+}\r\nabc\r\nb NOOP\r\n").hasSuffix("b OK done\r\n"))
    #expect(play.answer("a CREATE {3-}\r\nabc\r\nb NOOP\r\n").hasSuffix("b OK done\r\n"))
  }
}
