import Foundation
import Testing

@testable import MailSystem

/// Every command in every state, with good, bad and boundary arguments: the answers stand in `Documentation/server-answers.md`,
/// where a reader can hold them against the RFCs; here they are held against what the RFCs allow. `RECORD_GOLDENS=1`
/// writes the page anew.
@Suite struct ServerMatrixTests {
  /// A table: a line for each command, a column for each state.
  struct Matrix {
    var title: String
    var note: String
    var states: [String]
    var rows: [(command: String, section: String, answers: [String])] = []

    var markdown: String {
      let head = ["command"] + states + ["RFC"]
      let lines = rows.map { row in ["`\(Self.shown(row.command))`"] + row.answers + [row.section] }
      let all = [head, head.map { _ in "---" }] + lines
      return "## \(title)\n\n\(note)\n\n" + all.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    }
    private static func shown(_ command: String) -> String {
      let text = command.replacing("\r\n", with: "⏎").replacing("|", with: "\\|")
      return text.utf8.count > 60 ? "\(text.prefix(30))… (\(command.utf8.count) octets)" : text
    }
  }

  // MARK: SMTP

  private static let long = String(repeating: "x", count: 3_000)
  /// The command, where it is specified, and the codes that RFC 5321 §4.3.2 and the extensions' RFCs allow; 500, 501 and
  /// 421 are allowed always.
  static let smtp: [(String, String, Set<Int>)] = [
    ("EHLO client.example", "5321 §4.1.1.1", [250, 502, 504, 550]),
    ("HELO client.example", "5321 §4.1.1.1", [250, 502, 504, 550]),
    ("EHLO", "5321 §4.1.1.1", []), ("EHLO bad_name!", "5321 §4.1.1.1", [250, 550]),
    ("EHLO [192.0.2.7]", "5321 §4.1.3", [250]),
    ("MAIL FROM:<a@c.example>", "5321 §4.1.1.2", [250, 552, 451, 452, 550, 553, 503, 455, 555, 530]),
    ("mail from:<a@c.example>", "5321 §2.4", [250, 503, 530, 553]),
    ("MAIL FROM:<>", "5321 §4.5.5", [250, 503, 530, 553]),
    ("MAIL FROM: <a@c.example>", "5321 §4.1.1.2", [250, 503, 530, 553, 555]),
    ("MAIL FROM:a@c.example", "5321 §4.1.2", [250, 553, 503, 530]),
    ("MAIL FROM:<a@c.example> SIZE=10", "1870 §3", [250, 503, 530, 552, 553]),
    ("MAIL FROM:<a@c.example> SIZE=99999999999", "1870 §6.1", [552, 503, 530, 553]),
    ("MAIL FROM:<a@c.example> SIZE=-1", "1870 §3", [503, 530, 553]),
    ("MAIL FROM:<a@c.example> BODY=8BITMIME", "6152 §2", [250, 503, 530, 553, 555]),
    ("MAIL FROM:<a@c.example> XYZ=1", "5321 §4.1.1.11", [555, 503, 530, 553]),
    ("MAIL TO:<a@c.example>", "5321 §4.1.1.2", [503, 530]),
    ("MAIL FROM:<a@-bad..example>", "5321 §4.1.2", [553, 503, 530, 550]), ("MAIL", "5321 §4.1.1.2", [503]),
    ("RCPT TO:<bob@b.example>", "5321 §4.1.1.3", [250, 251, 550, 551, 552, 553, 450, 451, 452, 503, 455, 555]),
    ("RCPT TO:<nobody@b.example>", "5321 §3.3", [550, 503]),
    ("RCPT TO:<a@elsewhere.example>", "5321 §3.6.2", [550, 551, 250, 503]),
    ("RCPT TO:<Postmaster>", "5321 §4.5.1", [250, 503]), ("RCPT TO:<>", "5321 §4.1.1.3", [550, 553, 503]),
    ("RCPT TO:<@a.example,@b.example:bob@b.example>", "5321 appendix C", [250, 550, 553, 503]),
    ("RCPT TO:<bob@b.example> NOTIFY=NEVER", "3461 §4.1", [250, 503, 555]),
    ("RCPT TO:<bob@b.example> NOTIFY=ALWAYS", "3461 §4.1", [503, 555]),
    ("RCPT FROM:<bob@b.example>", "5321 §4.1.1.3", [503]), ("DATA", "5321 §4.1.1.4", [354, 451, 554, 503, 450, 550]),
    ("DATA now", "5321 §4.1.1.4", [503, 354]),
    ("BDAT 0 LAST", "3030 §2", [250, 503, 554, 452, 552]), ("BDAT x", "3030 §2", [503]),
    ("RSET", "5321 §4.1.1.5", [250]), ("RSET x", "5321 §4.1.1.5", [250]),
    ("VRFY bob", "5321 §3.5.3", [250, 251, 252, 550, 551, 553, 502, 504]),
    ("EXPN list", "5321 §4.1.1.7", [250, 252, 550, 502, 504]),
    ("HELP", "5321 §4.1.1.8", [211, 214, 502, 504]), ("NOOP", "5321 §4.1.1.9", [250]),
    ("NOOP anything", "5321 §4.1.1.9", [250]),
    ("QUIT", "5321 §4.1.1.10", [221]), ("QUIT now", "5321 §4.1.1.10", [221]),
    ("AUTH PLAIN AGJvYgBodW50ZXIy", "4954 §4", [235, 503, 530, 534, 538, 504, 535, 502, 555]),
    ("AUTH PLAIN AGJvYgB3cm9uZw==", "4954 §6", [535, 503, 504, 502, 538]),
    ("AUTH PLAIN not*base64", "4954 §4", [503, 504, 502]), ("AUTH UNKNOWN", "4954 §4", [504, 503, 502]),
    ("AUTH", "4954 §4", [503, 502]), ("STARTTLS", "3207 §4", [220, 454, 503, 502]),
    ("STARTTLS now", "3207 §4", [503, 502]), ("XYZZY", "5321 §4.2.4", [502]), ("", "5321 §4.1.1", []),
    ("NOOP \(long)", "5321 §4.5.3.1.4", []),
  ]
  static let smtpStates: [(String, SMTPServerConfiguration.Service, [String])] = [
    ("at first", .relay, []), ("after EHLO", .relay, ["EHLO x.example"]),
    ("after MAIL", .relay, ["EHLO x.example", "MAIL FROM:<a@c.example>"]),
    ("after RCPT", .relay, ["EHLO x.example", "MAIL FROM:<a@c.example>", "RCPT TO:<bob@b.example>"]),
    ("submission, after EHLO", .submission, ["EHLO x.example"]),
    ("submission, logged in", .submission, ["EHLO x.example", "AUTH PLAIN AGJvYgBodW50ZXIy"]),
  ]
  private func smtpMatrix() -> Matrix {
    var matrix = Matrix(
      title: "SMTP", note: "The reply's code.",
      states: Self.smtpStates.map(\.0))
    for (command, section, allowed) in Self.smtp {
      let answers = Self.smtpStates.map { name, service, before in
        var play = SMTPServerPlay(service) { $0.offersTLS = true }
        for line in before { _ = play.say(line) }
        let reply = play.say(command)
        let code = Int(reply.prefix(3)) ?? 0
        #expect(
          allowed.union([500, 501, 421]).contains(code),
          "\(command) \(name): \(reply) is not what RFC \(section) allows")
        #expect(reply.hasSuffix("\r\n"))
        return "\(code)"
      }
      matrix.rows.append((command, section, answers))
    }
    return matrix
  }

  // MARK: POP3

  /// The command, where it is specified, and the states in which it may succeed (RFC 1939 §4 to §6). As at
  /// other servers, a second USER corrects the first, and an argument where none belongs is passed over.
  static let pop3: [(String, String, Set<Int>)] = [
    ("USER bob", "1939 §7", [0, 1]), ("USER", "1939 §7", []), ("USER nobody", "1939 §7", [0, 1]),
    ("PASS hunter2", "1939 §7", [1]), ("PASS wrong", "1939 §7", []),
    ("PASS", "1939 §7", []), ("APOP bob 00000000000000000000000000000000", "1939 §7", []), ("STAT", "1939 §5", [2, 3]),
    ("STAT 1", "1939 §5", [2, 3]), ("LIST", "1939 §5", [2, 3]),
    ("LIST 1", "1939 §5", [2]), ("LIST 2", "1939 §5", [2, 3]), ("LIST 0", "1939 §5", []), ("LIST 3", "1939 §5", []),
    ("LIST -1", "1939 §5", []),
    ("LIST 18446744073709551616", "1939 §5", []), ("LIST x", "1939 §5", []), ("RETR 1", "1939 §5", [2]),
    ("RETR 2", "1939 §5", [2, 3]), ("RETR", "1939 §5", []),
    ("RETR 0", "1939 §5", []), ("RETR 18446744073709551616", "1939 §5", []), ("DELE 1", "1939 §5", [2]),
    ("DELE 2", "1939 §5", [2, 3]), ("DELE 9", "1939 §5", []), ("DELE", "1939 §5", []),
    ("RSET", "1939 §5", [2, 3]), ("TOP 2 0", "1939 §7", [2, 3]), ("TOP 1", "1939 §7", []), ("TOP 1 -1", "1939 §7", []),
    ("UIDL", "1939 §7", [2, 3]), ("UIDL 2", "1939 §7", [2, 3]),
    ("UIDL 7", "1939 §7", []), ("NOOP", "1939 §5", [2, 3]), ("CAPA", "2449 §5", [0, 1, 2, 3]),
    ("STLS", "2595 §4", [0, 1]), ("AUTH", "5034 §4", [0, 1]),
    ("AUTH PLAIN AGJvYgBodW50ZXIy", "5034 §4", [0, 1]), ("AUTH PLAIN !!!", "5034 §4", []),
    ("AUTH UNKNOWN", "5034 §4", []), ("QUIT", "1939 §4, §6", [0, 1, 2, 3]), ("XYZZY", "1939 §3", []),
    ("", "1939 §3", []),
    ("NOOP \(long)", "2449 §4", []),
  ]
  private func pop3Matrix() -> Matrix {
    let states: [(String, [String])] = [
      ("AUTHORIZATION", []), ("after USER", ["USER bob"]), ("TRANSACTION", ["USER bob", "PASS hunter2"]),
      ("message 1 deleted", ["USER bob", "PASS hunter2", "DELE 1"]),
    ]
    var matrix = Matrix(title: "POP3", note: "The maildrop has two messages.", states: states.map(\.0))
    for (command, section, allowed) in Self.pop3 {
      let answers = states.enumerated().map { index, state in
        var play = POP3ServerPlay { $0.offersTLS = true }
        for line in state.1 { _ = play.say(line) }
        let reply = play.say(command)
        #expect(
          reply.hasPrefix("+OK") == allowed.contains(index),
          "\(command), \(state.0): \(reply) is not what RFC \(section) says")
        #expect(reply.hasPrefix("+OK") || reply.hasPrefix("-ERR"), "\(reply)")
        return String(reply.prefix { $0 != " " && $0 != "\r\n" })
      }
      matrix.rows.append((command, section, answers))
    }
    return matrix
  }

  // MARK: IMAP

  /// The command, where it is specified, and the states in which it may be OK: not authenticated, authenticated,
  /// selected, selected with EXAMINE (RFC 9051 §6).
  static let imap: [(String, String, Set<Int>)] = [
    ("CAPABILITY", "9051 §6.1.1", [0, 1, 2, 3]), ("NOOP", "9051 §6.1.2", [0, 1, 2, 3]),
    ("LOGOUT", "9051 §6.1.3", [0, 1, 2, 3]), ("NOOP x", "9051 §6.1.2", []),
    ("STARTTLS", "9051 §6.2.1", [0]), ("LOGIN bob hunter2", "9051 §6.2.3", [0]), ("LOGIN bob wrong", "9051 §6.2.3", []),
    ("LOGIN bob", "9051 §6.2.3", []),
    ("AUTHENTICATE PLAIN AGJvYgBodW50ZXIy", "9051 §6.2.2", [0]), ("AUTHENTICATE UNKNOWN", "9051 §6.2.2", []),
    ("ENABLE IMAP4rev2", "9051 §6.3.1", [1]), ("ENABLE", "9051 §6.3.1", []),
    ("SELECT INBOX", "9051 §6.3.2", [1, 2, 3]), ("SELECT inbox", "9051 §5.1", [1, 2, 3]),
    ("SELECT Nowhere", "9051 §6.3.2", []), ("SELECT", "9051 §6.3.2", []), ("EXAMINE INBOX", "9051 §6.3.3", [1, 2, 3]),
    ("CREATE Projects", "9051 §6.3.4", [1, 2, 3]), ("CREATE INBOX", "9051 §6.3.4", []),
    ("CREATE ../x", "9051 §6.3.4", []), ("CREATE a//b", "9051 §6.3.4", []), ("DELETE Trash", "9051 §6.3.5", [1, 2, 3]),
    ("DELETE INBOX", "9051 §6.3.5", []), ("DELETE Nowhere", "9051 §6.3.5", []),
    ("RENAME Trash Bin", "9051 §6.3.6", [1, 2, 3]), ("RENAME Nowhere Bin", "9051 §6.3.6", []),
    ("SUBSCRIBE Sent", "9051 §6.3.7", [1, 2, 3]),
    ("UNSUBSCRIBE Sent", "9051 §6.3.8", [1, 2, 3]), ("LIST \"\" *", "9051 §6.3.9", [1, 2, 3]),
    ("LIST", "9051 §6.3.9", []), ("LSUB \"\" *", "3501 §6.3.9", [1, 2, 3]), ("NAMESPACE", "9051 §6.3.10", [1, 2, 3]),
    ("STATUS INBOX (MESSAGES)", "9051 §6.3.11", [1, 2, 3]), ("STATUS INBOX ()", "9051 §6.3.11", []),
    ("STATUS INBOX (X)", "9051 §6.3.11", []), ("APPEND Sent {3+}\r\nabc", "9051 §6.3.12", [1, 2, 3]),
    ("APPEND Nowhere {3+}\r\nabc", "9051 §6.3.12", []), ("IDLE\r\nDONE", "9051 §6.3.13", [1, 2, 3]),
    ("CLOSE", "9051 §6.4.1", [2, 3]), ("UNSELECT", "9051 §6.4.2", [2, 3]), ("EXPUNGE", "9051 §6.4.3", [2]),
    ("SEARCH ALL", "9051 §6.4.4", [2, 3]), ("SEARCH 1:* UNSEEN", "9051 §6.4.4", [2, 3]), ("SEARCH", "9051 §6.4.4", []),
    ("SEARCH XYZ", "9051 §6.4.4", []), ("SEARCH CHARSET X ALL", "9051 §6.4.4", []),
    ("FETCH 1 FLAGS", "9051 §6.4.5", [2, 3]), ("FETCH 1:* (UID BODY.PEEK[])", "9051 §6.4.5", [2, 3]),
    ("FETCH 0 FLAGS", "9051 §9", []), ("FETCH 3 FLAGS", "9051 §6.4.5", []), ("FETCH 4294967296 FLAGS", "9051 §9", []),
    ("FETCH 1 XYZ", "9051 §6.4.5", []), ("FETCH 1 BODY[", "9051 §9", []),
    ("STORE 1 +FLAGS (\\Seen)", "9051 §6.4.6", [2]), ("STORE 1 +FLAGS (\\Recent)", "9051 §6.4.6", []),
    ("STORE 1 FLAGS", "9051 §6.4.6", []),
    ("COPY 1 Sent", "9051 §6.4.7", [2, 3]), ("COPY 1 Nowhere", "9051 §6.4.7", []), ("MOVE 1 Sent", "9051 §6.4.8", [2]),
    ("UID FETCH 1 FLAGS", "9051 §6.4.9", [2, 3]), ("UID FETCH 99 FLAGS", "9051 §6.4.9", [2, 3]),
    ("UID EXPUNGE 1", "9051 §6.4.9", [2]), ("UID XYZ 1", "9051 §6.4.9", []), ("CHECK", "3501 §6.4.1", [2, 3]),
    ("XYZZY", "9051 §6", []), ("", "9051 §2.2.1", []),
  ]
  private func imapMatrix() -> Matrix {
    let states: [(String, [String])] = [
      ("not authenticated", []), ("authenticated", ["LOGIN bob hunter2"]),
      ("selected", ["LOGIN bob hunter2", "SELECT INBOX"]),
      ("read-only", ["LOGIN bob hunter2", "EXAMINE INBOX"]),
    ]
    var matrix = Matrix(
      title: "IMAP", note: "INBOX has two messages. The status of the tagged response.", states: states.map(\.0))
    for (command, section, allowed) in Self.imap {
      let answers = states.enumerated().map { index, state in
        var play = IMAPServerPlay { $0.offersTLS = true }
        for line in state.1 { _ = play.say(line) }
        let reply = play.say(command)
        // A continuation line of IDLE, where it was refused, is a command of its own.
        let tagged = reply.components(separatedBy: "\r\n").first { $0.hasPrefix("t ") } ?? reply
        let status = tagged.split(separator: " ").dropFirst().first.map(String.init) ?? "–"
        #expect(
          (status == "OK") == allowed.contains(index),
          "\(command), \(state.0): \(reply) is not what RFC \(section) says")
        #expect(["OK", "NO", "BAD"].contains(status), "\(command), \(state.0): \(reply)")
        return status
      }
      matrix.rows.append((command, section, answers))
    }
    return matrix
  }

  @Test func everyCommandInEveryStateIsAnsweredAsTheRFCsSay() throws {
    let page = """
      # What the lab's servers answer

      Every command in every state, with good, bad and boundary arguments, beside the section of the RFC that says what is
      right. A test plays all of them, compares them with what the RFC allows, and with this page, which it has written.

      \([smtpMatrix(), pop3Matrix(), imapMatrix()].map(\.markdown).joined(separator: "\n"))
      """
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let file = root.appending(path: "Documentation/server-answers.md")
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] != nil { try Data(page.utf8).write(to: file) }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(recorded == page, "RECORD_GOLDENS=1 records it, after a look at the difference")
  }
}
