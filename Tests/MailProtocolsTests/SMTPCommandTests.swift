import Bytes
import Testing

@testable import MailProtocols

@Suite struct SMTPCommandTests {
  static let usual: [(String, SMTPCommand<String>)] = [
    ("HELO client.example", .hello(domain: "client.example")),
    ("EHLO [127.0.0.2]", .extendedHello(domain: "[127.0.0.2]")), ("LHLO mx", .localHello(domain: "mx")),
    ("EHLO [IPv6:2001:db8::1]", .extendedHello(domain: "[IPv6:2001:db8::1]")),
    ("MAIL FROM:<alice@example.org>", .mail(reversePath: "alice@example.org", parameters: "")),
    ("MAIL FROM:<>", .mail(reversePath: "", parameters: "")),
    (
      "MAIL FROM:<a@example.org> SIZE=1000 BODY=8BITMIME",
      .mail(reversePath: "a@example.org", parameters: "SIZE=1000 BODY=8BITMIME")
    ),
    ("MAIL FROM:<\"a>b\"@example.org> RET=HDRS", .mail(reversePath: "\"a>b\"@example.org", parameters: "RET=HDRS")),
    ("RCPT TO:<bob@example.com>", .recipient(forwardPath: "bob@example.com", parameters: "")),
    (
      "RCPT TO:<@one.example,@two.example:bob@example.com> NOTIFY=NEVER",
      .recipient(forwardPath: "@one.example,@two.example:bob@example.com", parameters: "NOTIFY=NEVER")
    ),
    ("RCPT TO:<Postmaster>", .recipient(forwardPath: "Postmaster", parameters: "")),
    ("DATA", .data), ("BDAT 0", .binaryData(byteCount: 0, isLast: false)),
    ("BDAT 86 LAST", .binaryData(byteCount: 86, isLast: true)),
    ("BDAT 18446744073709551615", .binaryData(byteCount: .max, isLast: false)), ("RSET", .reset),
    ("NOOP", .noOperation), ("QUIT", .quit), ("VRFY bob", .verify("bob")), ("EXPN staff list", .expand("staff list")),
    ("HELP", .help("")), ("HELP MAIL", .help("MAIL")), ("STARTTLS", .startTLS),
    ("AUTH LOGIN", .authenticate(mechanism: "LOGIN", initialResponse: nil)),
    ("AUTH PLAIN AGEAYg==", .authenticate(mechanism: "PLAIN", initialResponse: "AGEAYg==")),
    ("AUTH EXTERNAL =", .authenticate(mechanism: "EXTERNAL", initialResponse: "=")),
  ]

  @Test(arguments: usual) func parses(_ line: String, _ command: SMTPCommand<String>) {
    #expect(smtpCommand(line) == command)
  }

  @Test(arguments: usual) func comesBackFromTheWire(_ line: String, _ command: SMTPCommand<String>) {
    #expect(command.wire == line.octets + [13, 10], "written as RFC 5321 spells it")
    #expect(smtpCommand(command.wire.withoutLineEnd) == command)
  }

  @Test(arguments: [
    ("ehlo client", SMTPCommand<String>.extendedHello(domain: "client")),
    ("EHLO", .extendedHello(domain: "")), ("hElO \t x  ", .hello(domain: "x")),
    ("mail from: <a@b>", .mail(reversePath: "a@b", parameters: "")),
    ("MAIL FROM : <a@b>\tSIZE=1 ", .mail(reversePath: "a@b", parameters: "SIZE=1")),
    ("MAIL FROM:a@b SIZE=1", .mail(reversePath: "a@b", parameters: "SIZE=1")),
    ("MAIL FROM:", .mail(reversePath: "", parameters: "")), ("MAIL FROM", .mail(reversePath: "", parameters: "")),
    ("MAIL FROM:<a@b", .mail(reversePath: "a@b", parameters: "")),
    ("MAIL FROM:<", .mail(reversePath: "", parameters: "")),
    ("MAIL FROM:<\"a\\\">\"@b>x", .mail(reversePath: "\"a\\\">\"@b", parameters: "x")),
    ("MAIL FROM:<a\\", .mail(reversePath: "a\\", parameters: "")),
    ("Rcpt To:<b@c>", .recipient(forwardPath: "b@c", parameters: "")),
    ("rcpt\tto:b@c", .recipient(forwardPath: "b@c", parameters: "")),
    ("data", .data), ("DATA ", .data), ("bdat 5 last", .binaryData(byteCount: 5, isLast: true)),
    ("BDAT 0005", .binaryData(byteCount: 5, isLast: false)), ("RSET now", .reset), ("noop hello", .noOperation),
    ("QUIT ", .quit), ("starttls ", .startTLS),
    ("auth\tlogin", .authenticate(mechanism: "login", initialResponse: nil)),
  ])
  func readsTheUnusualAsItIsMeant(_ line: String, _ command: SMTPCommand<String>) {
    #expect(smtpCommand(line) == command)
  }

  @Test(arguments: [
    ("", ""), ("QUI", "QUI"), ("QUITS", "QUITS"), ("XCLIENT ADDR=x", "XCLIENT"), ("MAIL", "MAIL"), ("RCPT bob", "RCPT"),
    ("MAILFROM:<a@b>", "MAILFROM:<a@b>"), ("DATA now", "DATA"), ("AUTH", "AUTH"), ("AUTH  ", "AUTH"),
    ("STARTTLS now", "STARTTLS"), ("STARTLED", "STARTLED"), ("BDAT", "BDAT"), ("BDAT x", "BDAT"), ("BDAT -1", "BDAT"),
    ("BDAT 5 FIRST", "BDAT"), ("BDAT 5LAST6", "BDAT"), ("BDAT 18446744073709551616", "BDAT"),
    ("BDAT 99999999999999999999999", "BDAT"), (" QUIT", ""), ("\0QUIT", "\0QUIT"), ("GET / HTTP/1.1", "GET"),
    ("-EHLO", "-EHLO"),
  ])
  func isUnknown(_ line: String, _ verb: String) { #expect(smtpCommand(line) == .unknown(verb: verb)) }

  @Test func neverTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("SMTPCommandTests.neverTraps: seed \(seed)")
    let keywords = Self.usual.map(\.0)
    for line in hostileLines(seed: seed, keywords: keywords) {
      let command = smtpCommand(line)
      // Whatever was understood can be written, and what was written read.
      _ = smtpCommand(command.wire.withoutLineEnd)
    }
  }
}
