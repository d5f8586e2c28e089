import Bytes
import Testing

@testable import MailProtocols

@Suite struct POP3CommandTests {
  static let usual: [(String, POP3Command<String>)] = [
    ("USER alice", .user(name: "alice")), ("USER alice@example.org", .user(name: "alice@example.org")),
    ("PASS secret", .password("secret")), ("PASS with two  words ", .password("with two  words ")),
    ("PASS  leading", .password(" leading")),
    ("APOP mrose c4c9334bac560ecc979e58001b3e22fb", .apop(name: "mrose", digest: "c4c9334bac560ecc979e58001b3e22fb")),
    ("APOP John Smith c4c9334b", .apop(name: "John Smith", digest: "c4c9334b")),
    ("STAT", .status), ("LIST", .list(message: nil)), ("LIST 2", .list(message: "2")),
    ("RETR 1", .retrieve(message: "1")), ("DELE 18446744073709551616", .delete(message: "18446744073709551616")),
    ("TOP 1 0", .top(message: "1", lines: "0")), ("UIDL", .uniqueIDListing(message: nil)),
    ("UIDL 3", .uniqueIDListing(message: "3")), ("CAPA", .capability), ("STLS", .startTLS),
    ("AUTH", .authenticate(mechanism: nil, initialResponse: nil)),
    ("AUTH PLAIN", .authenticate(mechanism: "PLAIN", initialResponse: nil)),
    ("AUTH PLAIN AGEAYg==", .authenticate(mechanism: "PLAIN", initialResponse: "AGEAYg==")), ("NOOP", .noOperation),
    ("RSET", .reset), ("QUIT", .quit),
  ]

  @Test(arguments: usual) func parses(_ line: String, _ command: POP3Command<String>) {
    #expect(pop3Command(line) == command)
  }

  @Test(arguments: usual) func comesBackFromTheWire(_ line: String, _ command: POP3Command<String>) {
    #expect(command.wire == line.octets + [13, 10])
    #expect(pop3Command(command.wire.withoutLineEnd) == command)
  }

  @Test(arguments: [
    ("user alice", POP3Command<String>.user(name: "alice")), ("USER", .user(name: "")),
    ("USER  Alice B. ", .user(name: "Alice B.")), ("pass", .password("")), ("PASS ", .password("")),
    ("  QUIT", .quit), ("quit now", .quit), ("Retr\t1", .retrieve(message: "1")), ("RETR", .retrieve(message: "")),
    ("RETR 0", .retrieve(message: "0")), ("RETR -1", .retrieve(message: "-1")),
    ("top 1", .top(message: "1", lines: "")),
    ("APOP", .apop(name: "", digest: "")), ("APOP mrose", .apop(name: "mrose", digest: "")),
    ("apop  John \t Smith  c4c9 ", .apop(name: "John \t Smith", digest: "c4c9")), ("LIST  7 8", .list(message: "7")),
  ])
  func readsTheUnusualAsItIsMeant(_ line: String, _ command: POP3Command<String>) {
    #expect(pop3Command(line) == command)
  }

  @Test(arguments: [
    ("", ""), ("   ", ""), ("QUI", "QUI"), ("QUITS", "QUITS"), ("XTND XMIT", "XTND"), ("\0TOP 1 2", "\0TOP"),
    ("GET / HTTP/1.1", "GET"), ("*1", "*1"), ("\0", "\0"), ("TO", "TO"),
  ])
  func isUnknown(_ line: String, _ verb: String) { #expect(pop3Command(line) == .unknown(verb: verb)) }

  @Test func whatIsUnderstoodComesBackAndNothingTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("POP3CommandTests: seed \(seed)")
    for line in hostileLines(seed: seed, keywords: Self.usual.map(\.0)) {
      // Octets that are no UTF-8 become text in Latin-1 and are other octets when written; CR and LF are never written.
      guard line.allSatisfy({ $0 < 128 && $0 != 13 && $0 != 10 }) else {
        let wire = pop3Command(line).wire
        #expect(!wire.withoutLineEnd.contains { $0 == 13 || $0 == 10 }, "seed \(seed): an argument begins another line")
        _ = pop3Command(wire)
        continue
      }
      let command = pop3Command(line)
      #expect(pop3Command(command.wire.withoutLineEnd) == command, "seed \(seed): \(line.text.debugDescription)")
    }
  }
}
