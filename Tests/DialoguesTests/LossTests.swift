import TestSupport
import Testing

@testable import Dialogues

/// What is not captured leaves a hole where it was, and nowhere else: no reply moves to another command, nobody is blamed
/// for what may have been said, and nothing is denied that may have happened.
@Suite struct LossTests {
  /// One command after the other, every line of it unlike all others.
  private static let smtp = Script(
    "SMTP", port: 25,
    [
      server("220 mail.example.org ESMTP\r\n"), client("EHLO client.example\r\n"),
      server("250-mail.example.org\r\n250-SIZE 1000\r\n250 AUTH LOGIN\r\n"), client("AUTH LOGIN\r\n"),
      server("334 VXNlcm5hbWU6\r\n"), client("YWxpY2U=\r\n"), server("334 UGFzc3dvcmQ6\r\n"),
      client("c2VjcmV0d29yZA==\r\n"), server("235 2.7.0 alice\r\n"), client("MAIL FROM:<a@example.org>\r\n"),
      server("250 from a\r\n"), client("RCPT TO:<b@example.com>\r\n"), server("250 to b\r\n"), client("DATA\r\n"),
      server("354 the first\r\n"), client("Subject: one\r\n\r\nthe first text\r\n.\r\n"), server("250 queued 1\r\n"),
      client("MAIL FROM:<c@example.org>\r\n"), server("250 from c\r\n"), client("RCPT TO:<d@example.com>\r\n"),
      server("550 to d\r\n"), client("RCPT TO:<e@example.com>\r\n"), server("250 to e\r\n"), client("DATA\r\n"),
      server("354 the second\r\n"), client("Subject: two\r\n\r\nthe second text\r\n.\r\n"), server("250 queued 2\r\n"),
      client("QUIT\r\n"), server("221 bye\r\n"),
    ])
  private static let pop3 = Script(
    "POP3", port: 110,
    [
      server("+OK ready\r\n"), client("USER bob\r\n"), server("+OK go on\r\n"), client("PASS geheim\r\n"),
      server("+OK in\r\n"), client("STAT\r\n"), server("+OK 2 200\r\n"), client("LIST\r\n"),
      server("+OK list\r\n1 100\r\n2 100\r\n.\r\n"), client("RETR 1\r\n"),
      server("+OK first\r\nSubject: one\r\n\r\nthe first text\r\n.\r\n"), client("RETR 2\r\n"),
      server("+OK second\r\nSubject: two\r\n\r\nthe second text\r\n.\r\n"), client("DELE 1\r\n"),
      server("+OK deleted\r\n"), client("QUIT\r\n"), server("+OK bye\r\n"),
    ])
  private static let imap = Script(
    "IMAP", port: 143,
    [
      server("* OK ready\r\n"), client("a AUTHENTICATE PLAIN\r\n"), server("+ \r\n"), client("AGJvYgBnZWhlaW0=\r\n"),
      server("a OK in\r\n"), client("b SELECT INBOX\r\n"), server("* 2 EXISTS\r\nb OK selected\r\n"),
      client("c FETCH 1 BODY[]\r\n"),
      server("* 1 FETCH (BODY[] {31}\r\nSubject: one\r\n\r\nthe first one\r\n)\r\nc OK fetched\r\n"),
      client("d LOGOUT\r\n"), server("* BYE now\r\nd OK out\r\n"),
    ])
  private static let violations = [
    "command-before-greeting", "mail-before-hello", "nested-mail", "recipient-before-mail", "data-before-recipient",
    "message-before-permission", "unknown-reply",
  ]

  /// Any one packet is lost: whole turns, and turns in two pieces.
  @Test(arguments: [smtp, pop3, imap], [false, true]) func noReplyMoves(_ script: Script, _ isHalved: Bool) throws {
    let cut: ([UInt8]) -> [[UInt8]] = { octets in
      isHalved ? [Array(octets[..<(octets.count / 2)]), Array(octets[(octets.count / 2)...])] : [octets]
    }
    let whole = try #require(try conversations(script.dialogue(cut)).first)
    var owners: [String: String] = [:]
    for exchange in whole.exchanges ?? [] {
      for line in exchange.replies.flatMap(\.lines) { owners[line] = exchange.request?.line ?? "" }
    }
    let results = Dictionary(
      uniqueKeysWithValues: whole.messages.compactMap { message in
        message.fields.first.map { ($0.value, message.reply.map(\.lines) ?? []) }
      })
    let packets = script.dialogue(cut).packets
    for lost in packets.indices where !packets[lost].payload.isEmpty {
      var dialogue = script.dialogue(cut)
      dialogue.packets.remove(at: lost)
      let what = "without \(String(decoding: packets[lost].payload, as: UTF8.self).debugDescription)"
      let conversation = try #require(try conversations(dialogue).first, "\(what)")
      #expect(conversation.gaps.map(\.byteCount) == [packets[lost].payload.count], "\(what)")
      let found = conversation.anomalies.map(\.name)
      #expect(found.allSatisfy { !Self.violations.contains($0) }, "\(what): \(found)")
      for exchange in conversation.exchanges ?? [] {
        guard let request = exchange.request?.line, owners.values.contains(request) else { continue }
        for line in exchange.replies.flatMap(\.lines) where owners[line] != nil {
          #expect(
            owners[line] == request || request == "DATA" && line.hasPrefix("354"), "\(what): \(request) → \(line)")
        }
      }
      for message in conversation.messages {
        guard let subject = message.fields.first?.value, let result = results[subject] else { continue }
        // What is left of a torn line is told, too.
        let told = message.reply.map(\.lines)?.filter { owners[$0] != nil } ?? []
        #expect(told.allSatisfy(result.contains), "\(what): \(subject)")
      }
      if !"QUIT\r\n d LOGOUT\r\n".contains(String(decoding: packets[lost].payload, as: UTF8.self)) {
        #expect(conversation.closing.quit != nil, "\(what)")
      }
    }
  }
  /// Only one side was captured, with and without its SYN.
  @Test(arguments: [smtp, pop3, imap], [true, false]) func oneSideAloneBlamesNobody(_ script: Script, _ isClient: Bool)
    throws
  {
    for start in [0, 3] {
      var dialogue = script.dialogue { [$0] }
      dialogue.packets = dialogue.packets[start...].filter { $0.isFromClient == isClient }
      let conversation = try #require(try conversations(dialogue).first)
      #expect(conversation.anomalies.allSatisfy { !Self.violations.contains($0.name) }, "\(conversation.anomalies)")
      guard isClient else { continue }
      let login = try #require(conversation.credentials.first)
      #expect(login.password == (script.port == 25 ? "secretword" : "geheim"))
      // Masked, no packet of the password is shown, in base64 neither.
      var options = DissectionOptions()
      options.masksPasswords = true
      for secret in ["c2VjcmV0d29yZA==", "secretword", "AGJvYgBnZWhlaW0=", "geheim"] {
        let json = try #require(try analyse(dialogue, options: options).first)
        #expect(!String(decoding: json, as: UTF8.self).contains(secret))
      }
    }
  }
  /// The capture begins in the middle of a message.
  @Test func aMessageMayHaveBegunBefore() throws {
    let text = Array("the first text".utf8)
    var dialogue = Self.smtp.dialogue { octets in
      guard let place = octets.firstRange(of: text)?.lowerBound else { return lines(octets) }
      return [Array(octets[..<(place + 4)]), Array(octets[(place + 4)...])]
    }
    let begin = try #require(dialogue.packets.firstIndex { $0.payload.starts(with: text.dropFirst(4)) })
    dialogue.packets.removeFirst(begin)
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.messages.map(\.isComplete) == [false, true])
    #expect(conversation.messages.map { $0.reply?.lines } == [["250 queued 1"], ["250 queued 2"]])
    #expect(conversation.messages[1].envelope?.to.map(\.code) == [550, 250])
    #expect(conversation.anomalies.map(\.name) == ["midstream"])
    #expect(conversation.closing.quit?.replies.first?.code == 221)
  }
  /// The beginning of an exchange to log in was not captured: what answers the challenge is a secret all the same.
  @Test func aChallengeMayStandFirst() throws {
    var dialogue = Self.smtp.dialogue(lines)
    let begin = try #require(dialogue.packets.firstIndex { $0.payload.starts(with: Array("334 UGFz".utf8)) })
    dialogue.packets.removeFirst(begin)
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.credentials.first?.encoded == ["c2VjcmV0d29yZA=="])
    #expect(conversation.credentials.first?.accepted == true)
  }
  /// Octets within a password are missing.
  @Test(arguments: [smtp, pop3]) func aTornPasswordIsSaidToBe(_ script: Script) throws {
    var dialogue = script.dialogue { octets in
      octets.count < 12 ? [octets] : [octets[..<9], octets[9..<11], octets[11...]].map(Array.init)
    }
    let middle = try #require(
      dialogue.packets.firstIndex {
        $0.payload.starts(with: Array((script.port == 25 ? "c2VjcmV0d" : "PASS gehe").utf8))
      })
    dialogue.packets.remove(at: middle + 1)
    let conversation = try #require(try conversations(dialogue).first)
    let login = try #require(conversation.credentials.first)
    #expect(conversation.credentials.count == 1 && login.isComplete == false && login.accepted == true)
  }
  /// What is left of a line may be what is left of a password: it is masked as well.
  @Test(arguments: [("SMTP", 25), ("POP3", 110), ("IMAP", 143)] as [(String, UInt16)]) func whatIsLeftOfALineIsMasked(
    _ name: String, _ port: UInt16
  ) throws {
    let (greeting, login, answer) =
      switch port {
      case 25: ("220 mail.example ESMTP\r\n", "AUTH PLAIN AGFsaWNlAHNlY3JldHdvcmQ=\r\n", "235 ok\r\n")
      case 110: ("+OK ready\r\n", "PASS secretword and more\r\n", "+OK in\r\n")
      default: ("* OK IMAP4rev2\r\n", "a LOGIN alice secretword\r\n", "a OK in\r\n")
      }
    var dialogue = Script(name, port: port, [server(greeting), client(login), server(answer)]).dialogue { octets in
      String(decoding: octets, as: UTF8.self) == login
        ? [Array(octets[..<3]), Array(octets[3..<14]), Array(octets[14...])] : [octets]
    }
    let first = try #require(dialogue.packets.firstIndex { $0.isFromClient && !$0.payload.isEmpty })
    dialogue.packets.removeSubrange(first...first + 1)
    var options = DissectionOptions()
    options.masksPasswords = true
    options.exchanges = true
    let json = try #require(try analyse(dialogue, options: options).first)
    let left = login.dropFirst(14).dropLast(2)
    #expect(!String(decoding: json, as: UTF8.self).contains(left), "\(String(decoding: json, as: UTF8.self))")
    #expect(try steps(dialogue, masked: true).allSatisfy { !$0.line.contains(left) })
  }
  /// A greeting of which the beginning, or all, is missing was the server's first word all the same.
  @Test func aLostGreetingIsMissed() throws {
    var dialogue = Self.smtp.dialogue(lines)
    let greeting = try #require(dialogue.packets.firstIndex { !$0.payload.isEmpty })
    dialogue.packets.remove(at: greeting)
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.opening.first == "server" && conversation.opening.gaps?.server == 28)
    #expect(conversation.opening.gaps?.client == nil)
  }
  /// QUIT, or some of it, was not captured: what the server answered is told all the same (RFC 5321 §4.1.1.10).
  @Test(arguments: [["QUIT\r\n"], ["QU", "IT\r\n"]], ["221 bye\r\n", "221-good\r\n221 bye\r\n"])
  func theAnswerToALostQuitIsTold(_ pieces: [String], _ answer: String) throws {
    var dialogue = Script(
      "lost QUIT", port: 25,
      [
        server("220 mail.example ESMTP\r\n"), client("EHLO a\r\n"), server("250 mail.example\r\n"),
        client("NOOP\r\n"), server("250 ok\r\n"),
      ]
        + pieces.map(client) + [server(answer)]
    ).dialogue { [$0] }
    let lost = try #require(dialogue.packets.firstIndex { $0.payload == Array(pieces[0].utf8) })
    dialogue.packets.remove(at: lost)
    let conversation = try #require(try conversations(dialogue).first)
    let quit = try #require(conversation.closing.quit)
    #expect(quit.request == nil && quit.replies.map(\.code) == [221])
    #expect(quit.replies.map(\.lines) == [answer.split(separator: "\r\n").map(String.init)])
    #expect(quit.replies.first?.frames == [8 + pieces.count])
  }
  /// A server may say goodbye of its own accord: where nothing is missing, nobody has asked it to.
  @Test func aGoodbyeThatNobodyAskedForAnswersNoQuit() throws {
    let script = Script(
      "idle", port: 25,
      [
        server("220 mail.example ESMTP\r\n"), client("EHLO a\r\n"), server("250 mail.example\r\n"),
        server("221 too slow\r\n"),
      ])
    #expect(try conversations(script.dialogue(lines)).first?.closing.quit == nil)
  }
  /// A mailbox is read whole, and then the client quits.
  @Test func aLongConversationIsToldToItsEnd() throws {
    let body = "Subject: n\r\n" + String(repeating: "X-Filler: \(String(repeating: "x", count: 1_000))\r\n", count: 10)
    var turns = [
      server("+OK ready\r\n"), client("USER a\r\n"), server("+OK\r\n"), client("PASS b\r\n"), server("+OK\r\n"),
    ]
    for number in 1...600 {
      turns += [client("RETR \(number)\r\n"), server("+OK\r\n\(body)\r\ntext\r\n.\r\n")]
    }
    turns += [client("QUIT\r\n"), server("+OK bye\r\n")]
    let pieces: ([UInt8]) -> [[UInt8]] = { octets in
      stride(from: 0, to: octets.count, by: 1_400).map { Array(octets[$0..<min($0 + 1_400, octets.count)]) }
    }
    let conversation = try #require(try conversations(Script("long", port: 110, turns).dialogue(pieces)).first)
    #expect(conversation.omitted > 0)
    #expect(conversation.messages.count == 600 && conversation.messages.allSatisfy(\.isComplete))
    #expect(conversation.messages.last?.byteCount == body.utf8.count + 8)
    #expect(conversation.closing.quit?.replies.first?.lines == ["+OK bye"])
  }

  /// The queues of a network card, and taps that are merged, exchange packets of the two directions: nothing is missing
  /// then, and nothing is told otherwise.
  @Test(arguments: [smtp, pop3, imap]) func exchangedPacketsChangeNothing(_ script: Script) throws {
    let whole = script.dialogue { [$0] }
    let told = try #require(try conversations(whole).first)
    var exchangedCount = 0
    for first in whole.packets.indices.dropLast() {
      let pair = [whole.packets[first], whole.packets[first + 1]]
      guard pair.allSatisfy({ !$0.payload.isEmpty }), pair[0].isFromClient != pair[1].isFromClient else { continue }
      exchangedCount += 1
      var dialogue = whole
      dialogue.packets.swapAt(first, first + 1)
      let conversation = try #require(try conversations(dialogue).first)
      let what = "\(String(decoding: pair[0].payload, as: UTF8.self).debugDescription)"
      #expect(conversation.gaps == [] && conversation.anomalies.allSatisfy { $0.isCommon == true }, "\(what)")
      #expect(conversation.credentials.map(\.password) == told.credentials.map(\.password), "\(what)")
      #expect(conversation.credentials.map(\.accepted) == told.credentials.map(\.accepted), "\(what)")
      #expect(conversation.messages.map(\.byteCount) == told.messages.map(\.byteCount), "\(what)")
      #expect(conversation.messages.map(\.reply?.lines) == told.messages.map(\.reply?.lines), "\(what)")
      #expect(conversation.closing.quit?.replies.map(\.lines) == told.closing.quit?.replies.map(\.lines), "\(what)")
      #expect(conversation.opening.server?.lines == told.opening.server?.lines, "\(what)")
    }
    #expect(exchangedCount > 8)
    // All of them at once, in pairs.
    var dialogue = whole
    for first in stride(from: 3, to: dialogue.packets.count - 4, by: 2) { dialogue.packets.swapAt(first, first + 1) }
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.gaps == [])
    #expect(conversation.messages.map(\.byteCount) == told.messages.map(\.byteCount))
  }

  /// A protocol that was asked for is spoken also where the server's first words, which nobody would know, are lost.
  @Test func aForcedProtocolNeedsNoGreeting() throws {
    let script = Script(
      "forced", port: 7_777, [server("hello there\r\n"), client("XYZZY\r\n"), server("500 what\r\n")])
    var options = DissectionOptions()
    options.forced = [7_777: .smtp]
    var dialogue = script.dialogue { [$0] }
    let greeting = try #require(dialogue.packets.firstIndex { !$0.payload.isEmpty })
    dialogue.packets.remove(at: greeting)
    #expect(try conversations(dialogue, options: options).map(\.protocol) == ["smtp"])
    #expect(try conversations(dialogue) == [])
  }

  // MARK: What is whole is told as it was said

  /// Behind AUTH PLAIN with its response no answer is left to give, whatever the next command looks like.
  @Test(arguments: [true, false]) func commandsThatLookLikeAnswersAreNone(_ isSMTP: Bool) throws {
    let script =
      isSMTP
      ? Script(
        "SMTP", port: 25,
        [
          server("220 mail.example ESMTP\r\n"), client("EHLO a\r\n"), server("250 AUTH PLAIN\r\n"),
          client("AUTH PLAIN AGEAZ2VoZWlt\r\nETRN\r\nTURN\r\n"), server("235 in\r\n501 whom?\r\n500 no\r\n"),
        ])
      : Script(
        "POP3", port: 110,
        [
          server("+OK ready\r\n"), client("AUTH PLAIN AGEAZ2VoZWlt\r\nUTF8\r\nLAST\r\n"),
          server("+OK in\r\n+OK\r\n-ERR no\r\n"),
        ])
    for cut in [{ [$0] }, lines] as [([UInt8]) -> [[UInt8]]] {
      let conversation = try #require(try conversations(script.dialogue(cut)).first)
      #expect(conversation.credentials.map(\.accepted) == [true])
      #expect(conversation.credentials.first?.encoded == ["AGEAZ2VoZWlt"])
      #expect(
        conversation.exchanges?.compactMap { $0.request?.verb }.suffix(2)
          == (isSMTP ? ["ETRN", "TURN"] : ["UTF8", "LAST"]))
    }
  }
  /// One line that is no command is no message, and its end may be a password's.
  @Test func oneLineAloneIsNoMessage() throws {
    let script = Script(
      "tail", port: 25,
      [client("IN AGFsaWNlAGdlaGVpbQ==\r\n"), server("235 in\r\n"), client("QUIT\r\n"), server("221 bye\r\n")])
    var dialogue = script.dialogue { [$0] }
    dialogue.packets.removeFirst(3)
    var options = DissectionOptions()
    options.masksPasswords = true
    let json = String(decoding: try #require(try analyse(dialogue, options: options).first), as: UTF8.self)
    #expect(!json.contains("AGFsaWNl"))
    #expect(try conversations(dialogue).first?.messages == [])
  }
  /// An answer of LOGIN is lost: the challenge says that the other one is the password.
  @Test func aPasswordIsNoUserName() throws {
    var dialogue = Self.smtp.dialogue { [$0] }
    let name = try #require(dialogue.packets.firstIndex { $0.payload.starts(with: Array("YWxp".utf8)) })
    dialogue.packets.remove(at: name)
    let login = try #require(try conversations(dialogue).first?.credentials.first)
    #expect(login.username == nil && login.password == "secretword")
    let told = try steps(dialogue).flatMap(\.decoded).filter { $0.text == "secretword" }
    #expect(told.map(\.label) == ["password"])
  }
  /// APPEND's message is lost, and a LOGIN with literals follows: its words are no messages.
  @Test func aLostMessageTakesNoLoginWithIt() throws {
    var dialogue = Script(
      "append", port: 143,
      [
        server("* OK ready\r\n"), client("a APPEND x {14}\r\n"), server("+ go\r\n"), client("Subject: a\r\n\r\n\r\n"),
        server("a OK kept\r\n"), client("b LOGIN {5}\r\n"), server("+ go\r\n"), client("alice {6}\r\n"),
        server("+ go\r\n"),
        client("geheim\r\n"), server("b OK in\r\n"),
      ]
    ).dialogue { [$0] }
    let lost = try #require(dialogue.packets.firstIndex { $0.payload.starts(with: Array("Subject".utf8)) })
    dialogue.packets.remove(at: lost)
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.credentials.map(\.password) == ["geheim"] && conversation.messages.count == 1)
  }
  /// Two literals are refused in one packet.
  @Test func refusalsMayComeTogether() throws {
    let dialogue = Script(
      "refused", port: 143,
      [
        server("* OK ready\r\n"), client("a NOOP\r\nb LOGIN {5}\r\n"), server("a NO not now\r\nb BAD no literals\r\n"),
        client("c LOGIN alice geheim\r\n"), server("c OK in\r\n"),
      ]
    ).dialogue { [$0] }
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.credentials.map(\.password) == [nil, "geheim"])
  }
}
