import Bytes
import Ciphers
import Testing

@testable import MailSystem

@Suite struct POP3ServerSessionTests {
  /// The example session of RFC 1939 §10, with our messages.
  @Test(arguments: [Int.max, 1, 3, 10])
  func theSessionOfTheRFC(_ cut: Int) {
    var play = POP3ServerPlay.loggedIn()
    let before = play.replies.utf8.count
    play.send("STAT\r\nLIST\r\nRETR 1\r\nDELE 1\r\nRETR 2\r\nDELE 2\r\nQUIT\r\n", cut: cut)
    #expect(
      String(decoding: play.replies.utf8.dropFirst(before), as: UTF8.self)
        == "+OK 2 55\r\n+OK 2 messages (55 octets)\r\n1 39\r\n2 16\r\n.\r\n+OK 39 octets\r\nSubject: one\r\n\r\nfirst\r\n"
        + "..second\r\nthird\r\n.\r\n+OK message 1 deleted\r\n+OK 16 octets\r\nSubject: two\r\n\r\n.\r\n+OK message 2 deleted\r\n"
        + "+OK pop.b.example POP3 server signing off\r\n")
    #expect(play.updates == [[0, 1]])
    #expect(play.isClosed)
  }
  /// RFC 1939 §7: the digest of what was greeted with and the secret.
  @Test func theDigestOfAPOP() {
    #expect(
      LowerHexadecimal.encode(DigestAlgorithm.md5.digest(Array("<1896.697170952@dbc.mtview.ca.us>tanstaaf".utf8)))
        == Array("c4c9334bac560ecc979e58001b3e22fb".utf8))
    var play = POP3ServerPlay()
    let timestamp = "<" + play.replies.split(separator: "<")[1].split(separator: ">")[0] + ">"
    let digest = LowerHexadecimal.encode(DigestAlgorithm.md5.digest(Array("\(timestamp)hunter2".utf8)))
    #expect(play.say("APOP bob \(String(decoding: digest, as: UTF8.self))").hasPrefix("+OK maildrop has 2"))
    var wrong = POP3ServerPlay()
    #expect(wrong.say("APOP bob c4c9334bac560ecc979e58001b3e22fb").hasPrefix("-ERR [AUTH]"))
  }
  @Test(arguments: [
    ("USER bob", "+OK"), ("USER nobody", "+OK"), ("USER", "-ERR"), ("PASS hunter2", "-ERR"), ("CAPA", "+OK"),
    ("STAT", "-ERR"), ("LIST", "-ERR"), ("RETR 1", "-ERR"), ("DELE 1", "-ERR"), ("NOOP", "-ERR"), ("RSET", "-ERR"),
    ("TOP 1 0", "-ERR"), ("UIDL", "-ERR"), ("STLS", "-ERR"), ("AUTH", "+OK"), ("AUTH FOO", "-ERR"),
    ("AUTH PLAIN AGJvYgBodW50ZXIy", "+OK"), ("AUTH PLAIN AGJvYgB3cm9uZw==", "-ERR"), ("AUTH PLAIN !", "-ERR"),
    ("AUTH PLAIN", "+ "), ("APOP bob", "-ERR"), ("XYZZY", "-ERR"), ("", "-ERR"), ("QUIT", "+OK"), ("user bob", "+OK"),
  ])
  func inAuthorization(_ line: String, _ status: String) {
    var play = POP3ServerPlay()
    #expect(play.say(line).hasPrefix(status))
  }
  @Test(arguments: [
    ("STAT", "+OK 2 55\r\n"), ("LIST 1", "+OK 1 39\r\n"), ("LIST 3", "-ERR"), ("LIST 0", "-ERR"), ("LIST -1", "-ERR"),
    ("LIST 18446744073709551616", "-ERR"), ("LIST x", "-ERR"), ("RETR", "-ERR"), ("RETR 0", "-ERR"),
    ("RETR -1", "-ERR"),
    ("RETR 18446744073709551617", "-ERR"), ("RETR 01", "+OK"), ("DELE 2", "+OK"), ("DELE 3", "-ERR"),
    ("TOP 1 1", "+OK top of message follows\r\nSubject: one\r\n\r\nfirst\r\n.\r\n"),
    ("TOP 1 0", "+OK top of message follows\r\nSubject: one\r\n\r\n.\r\n"), ("TOP 1", "-ERR"), ("TOP 1 -1", "-ERR"),
    ("UIDL", "+OK unique-id listing follows\r\n1 a1\r\n2 b2\r\n.\r\n"), ("UIDL 2", "+OK 2 b2\r\n"), ("UIDL 9", "-ERR"),
    ("NOOP", "+OK\r\n"), ("RSET", "+OK"), ("CAPA", "+OK"), ("USER bob", "-ERR"), ("PASS x", "-ERR"), ("STLS", "-ERR"),
    ("AUTH PLAIN", "-ERR"), ("XYZZY", "-ERR"), ("QUIT", "+OK"),
  ])
  func inTransaction(_ line: String, _ reply: String) {
    var play = POP3ServerPlay.loggedIn()
    #expect(play.say(line).hasPrefix(reply))
  }
  @Test func aDeletedMessageIsThereNoMoreAndRSETBringsItBack() {
    var play = POP3ServerPlay.loggedIn()
    _ = play.say("DELE 1")
    #expect(play.say("DELE 1").hasPrefix("-ERR"))
    #expect(play.say("RETR 1").hasPrefix("-ERR"))
    #expect(play.say("STAT") == "+OK 1 16\r\n")
    #expect(play.say("LIST").hasSuffix("\r\n2 16\r\n.\r\n"))
    _ = play.say("RSET")
    #expect(play.say("STAT") == "+OK 2 55\r\n")
  }
  @Test func withoutQUITNothingIsDeleted() {
    var play = POP3ServerPlay.loggedIn()
    _ = play.say("DELE 1")
    play.session.expire()
    #expect(play.updates.isEmpty)
  }
  @Test func aMaildropIsOneSessions() {
    var play = POP3ServerPlay()
    play.isInUse = true
    _ = play.say("USER bob")
    #expect(play.say("PASS hunter2").hasPrefix("-ERR [IN-USE]"))
    #expect(play.say("STAT").hasPrefix("-ERR"))
  }
  @Test func unknownUsersLookLikeWrongPasswords() {
    var replies: Set<String> = []
    for (user, password) in [("bob", "wrong"), ("nobody", "hunter2")] {
      var play = POP3ServerPlay()
      let first = play.say("USER \(user)")
      replies.insert(first + play.say("PASS \(password)"))
      #expect(play.pauses == [500_000_000])
    }
    #expect(replies.count == 1)
  }
  @Test func nothingInClearWhereTLSIsRequired() {
    var play = POP3ServerPlay {
      $0.offersTLS = true
      $0.requiresTLSForLogin = true
    }
    #expect(!play.say("CAPA").contains("SASL"))
    #expect(play.say("USER bob").hasPrefix("-ERR"))
    // What comes behind STLS in the same segment is not answered.
    play.send("STLS\r\nUSER bob\r\nPASS hunter2\r\n")
    #expect(play.replies.hasSuffix("+OK begin TLS\r\n"))
    #expect(play.say("CAPA").contains("SASL SCRAM-SHA-256"))
    #expect(!play.say("CAPA").contains("STLS"))
  }
  @Test func longLinesAreAnsweredOnce() {
    var play = POP3ServerPlay.loggedIn()
    let before = play.replies.utf8.count
    play.send("NOOP " + String(repeating: "x", count: 10_000) + "\r\nNOOP\r\n", cut: 100)
    #expect(String(decoding: play.replies.utf8.dropFirst(before), as: UTF8.self) == "-ERR line too long\r\n+OK\r\n")
  }
}
