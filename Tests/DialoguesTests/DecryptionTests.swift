import Bytes
import Foundation
import Packets
import TestSupport
import Testing

@testable import Dialogues

/// Conversations inside TLS whose secrets are known. OpenSSL speaks; the same dialogue in clear says what must be found.
@Suite struct DecryptionTests {
  /// What is said, apart from TLS, the ports and the octets of the wire.
  private static func said(_ json: [UInt8]) throws -> String {
    let text = try withoutEvidence(json)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let kept = object.filter {
      ["protocol", "opening", "exchanges", "credentials", "messages", "gaps"].contains($0.key)
    }
    return String(
      decoding: try JSONSerialization.data(withJSONObject: kept, options: [.sortedKeys, .prettyPrinted]), as: UTF8.self)
  }
  private static func read(_ json: [UInt8]) throws -> Conversation {
    try JSONDecoder().decode(Conversation.self, from: Data(json))
  }

  @Test(arguments: Script.all) func whatIsSaidInsideIsToldAsIfInClear(_ script: Script) throws {
    let clear = try #require(try analyse(script.dialogue { [$0] }).first)
    let veil = try Veil(script)
    for longest in [1 << 20, 300, 1] {
      var random = SeededRandom(seed: UInt64(longest))
      let dialogue = veil.script.dialogue { randomCuts($0, longest: longest, using: &random) }
      let hidden = try analyse(dialogue)
      #expect(try Self.read(try #require(hidden.first)).protocol == "tls" && hidden.count == 1)
      let found = try analyse(dialogue, keys: KeyPieces(veil.keyLog))
      #expect(try Self.said(try #require(found.first)) == Self.said(clear), "\(script.name), \(longest)")
      let protection = try #require(try Self.read(found[0]).protection)
      #expect(protection.version == "TLS 1.3" && protection.cipherSuite?.hasPrefix("TLS_AES") == true)
      #expect(protection.decryption?.frame != nil && protection.decryption?.obstacle == nil)
    }
  }
  /// After STARTTLS the conversation goes on, and what was said before stays what it was.
  @Test func behindSTARTTLSItGoesOn() throws {
    let clear: [(Bool, String)] = [
      server("220 mail.example ESMTP\r\n"), client("EHLO a\r\n"), server("250 STARTTLS\r\n"), client("STARTTLS\r\n"),
      server("220 go\r\n"),
    ]
    let hidden = [
      client("EHLO b\r\n"), server("250 AUTH PLAIN\r\n"), client("AUTH PLAIN AGFsaWNlAGNsb3Zl\r\n"),
      server("235 welcome\r\n"), client("QUIT\r\n"), server("221 bye\r\n"),
    ]
    let veil = try Veil(Script("STARTTLS", port: 587, clear + hidden), clearTurns: clear.count)
    let conversation = try Self.read(
      try #require(try analyse(veil.script.dialogue { [$0] }, keys: KeyPieces(veil.keyLog)).first))
    #expect(conversation.protection?.kind == "starttls" && conversation.protection?.frames.count == 2)
    #expect(conversation.credentials.first?.username == "alice" && conversation.credentials.first?.password == "clove")
    let verbs = conversation.exchanges?.compactMap { $0.request?.verb }
    #expect(verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "QUIT"])
    #expect(conversation.closing.quit != nil && conversation.anomalies.isEmpty)
    // The ladder says where TLS begins to be read, and masks what is secret inside, too.
    let told = try steps(veil.script.dialogue { [$0] }, masked: true, keys: KeyPieces(veil.keyLog))
    #expect(told.contains { $0.kind == .protection && $0.code == "read" && $0.line.hasPrefix("TLS 1.3, TLS_AES") })
    #expect(told.contains { $0.verb == "QUIT" } && !told.contains { "\($0)".contains("AGFsaWNlAGNsb3Zl") })
  }
  /// A line's place is that of its encrypted octets.
  @Test func evidenceNamesTheEncryptedOctets() throws {
    let veil = try Veil(
      Script(
        "lines", port: 995,
        [
          server("+OK hi\r\n"), client("USER alice\r\n"), server("+OK\r\n"), client("PASS clove\r\n"),
          server("+OK\r\n"), client("STAT\r\n"), server("+OK 0 0\r\n"), client("NOOP\r\n"), server("+OK\r\n"),
          client("QUIT\r\n"), server("+OK bye\r\n"),
        ]))
    let dialogue = veil.script.dialogue { [$0] }
    let conversation = try Self.read(try #require(try analyse(dialogue, keys: KeyPieces(veil.keyLog)).first))
    var lineCount = 0
    for exchange in conversation.exchanges ?? [] {
      guard let request = exchange.request else { continue }
      let place = try #require(request.bytes.first)
      let packet = dialogue.packets[place[0] - 1]
      #expect(request.frames == [place[0]] && packet.isFromClient)
      // Ethernet (14), IPv4 (20), TCP (20), the record's header (5); behind the line a type (1) and a tag (16).
      #expect(place[1] == 59 && place[2] == packet.payload.count - 5 - 17)
      #expect(place[2] == request.line.utf8.count + 2)
      lineCount += 1
    }
    #expect(lineCount >= 5)
  }

  // MARK: What cannot be read

  @Test func secretsThatAreMissingOrWrongAreSaid() throws {
    let veil = try Veil(Script.smtp)
    let dialogue = veil.script.dialogue { [$0] }
    let other = try Veil(Script.pop3).keyLog
    // The labels and randoms of this connection, with other secrets.
    let wrong = veil.keyLog.split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      return "\(words[0]) \(words[1]) \(String(words[2].reversed()))"
    }.joined(separator: "\n")
    for (log, name) in [(other, "no-secrets"), ("", "no-secrets"), (wrong, "wrong-secrets")] {
      let conversation = try Self.read(try #require(try analyse(dialogue, keys: KeyPieces(log)).first))
      #expect(conversation.protocol == "tls" && conversation.protection?.frames.count == 2)
      let decryption = try #require(conversation.protection?.decryption)
      #expect(decryption.obstacle?.name == name && decryption.frame == nil)
      #expect(conversation.credentials.isEmpty && conversation.messages.isEmpty)
    }
  }
  /// Programs write secrets down when they have them; whoever listens may be faster.
  @Test(arguments: 0...6) func secretsMayComeLate(_ delay: Int) throws {
    let veil = try Veil(Script.imap)
    let dialogue = veil.script.dialogue { [$0] }
    let clear = try #require(try analyse(Script.imap.dialogue { [$0] }).first)
    let lines = veil.keyLog.split(separator: "\n").map { "\($0)\n" }
    let late = KeyPieces(Array(repeating: "", count: delay) + lines)
    let found = try #require(try analyse(dialogue, keys: late).first)
    #expect(try Self.said(found) == Self.said(clear))
  }
  /// Secrets that a capture brings along need nobody to name them.
  @Test func aCaptureMayBringItsSecrets() throws {
    let veil = try Veil(Script.smtp)
    let frames = veil.script.dialogue { [$0] }.frames
    var writer = PCAPNGWriter()
    var output = ByteWriter()
    writer.append(PCAPNGWriter.Section(), to: &output)
    writer.append(PCAPNGWriter.Interface(linkType: .ethernet), to: &output)
    writer.append(secrets: Array(veil.keyLog.utf8).span, to: &output)
    for (index, frame) in frames.enumerated() {
      writer.append(frame.span, at: Timestamp(nanoseconds: Int64(index) * 1_000_000), to: &output)
    }
    let found = try analyse(capture: output.withOctets { $0.copied() }, options: DissectionOptions())
    let clear = try #require(try analyse(Script.smtp.dialogue { [$0] }).first)
    #expect(try Self.said(try #require(found.first)) == Self.said(clear))
  }
  /// What is said inside and is none of our protocols stays TLS.
  @Test func foreignTalkInsideStaysTLS() throws {
    let script = Script("chat", port: 4_433, [server("hello?\r\n"), client("who is there\r\n"), server("nobody\r\n")])
    let veil = try Veil(script)
    let conversation = try Self.read(
      try #require(try analyse(veil.script.dialogue { [$0] }, keys: KeyPieces(veil.keyLog)).first))
    #expect(conversation.protocol == "tls" && conversation.protection?.decryption?.frame != nil)
    #expect(conversation.protection?.frames.count == 2 && conversation.protection?.serverName == "mail.example")
  }
  /// `-d` names what is spoken inside.
  @Test func aForcedProtocolIsTheOneInside() throws {
    let script = Script("bare", port: 9_993, [server("220 hi\r\n"), client("NOOP\r\n"), server("250 ok\r\n")])
    let veil = try Veil(script)
    var options = DissectionOptions()
    options.forced[9_993] = .smtp
    let conversation = try Self.read(
      try #require(try analyse(veil.script.dialogue { [$0] }, options: options, keys: KeyPieces(veil.keyLog)).first))
    #expect(conversation.protocol == "smtp" && conversation.exchanges?.last?.request?.verb == "NOOP")
  }

  /// A client that does not believe its server says so in clear, when the server is read already (RFC 8446 §6.2).
  @Test func aRefusedCertificateIsTold() throws {
    let veil = try Veil(Script("refused", port: 995, []), serverName: "other.example")
    let dialogue = veil.script.dialogue { [$0] }
    let hidden = try Self.read(try #require(try analyse(dialogue).first))
    let read = try Self.read(try #require(try analyse(dialogue, keys: KeyPieces(veil.keyLog)).first))
    #expect(hidden.protection?.alert != nil && read.protection?.alert == hidden.protection?.alert)
    #expect(read.protocol == "tls" && read.protection?.decryption?.obstacle == nil)
  }
  /// Some programs write down only what applications are protected with.
  @Test func secretsOfTheHandshakeAreNotNeeded() throws {
    let veil = try Veil(Script.smtp)
    let clear = try #require(try analyse(Script.smtp.dialogue { [$0] }).first)
    for label in ["CLIENT_HANDSHAKE", "SERVER_HANDSHAKE", "_HANDSHAKE"] {
      let log = veil.keyLog.split(separator: "\n").filter { !$0.contains(label) }.joined(separator: "\n")
      let found = try #require(try analyse(veil.script.dialogue { [$0] }, keys: KeyPieces(log)).first)
      #expect(try Self.said(found) == Self.said(clear), "without \(label)")
    }
  }

  // MARK: Loss and damage

  /// The end of a handshake says nothing that anybody would miss.
  @Test func aLostFinishedIsNotMissed() throws {
    let veil = try Veil(Script.pop3)
    var dialogue = veil.script.dialogue { [$0] }
    let spoken = dialogue.packets.indices.filter { !dialogue.packets[$0].payload.isEmpty }
    let finished = try #require(spoken.filter { dialogue.packets[$0].isFromClient }.dropFirst().first)
    #expect(dialogue.packets[finished].payload.count < 120)
    dialogue.packets.remove(at: finished)
    let found = try Self.read(try #require(try analyse(dialogue, keys: KeyPieces(veil.keyLog)).first))
    let whole = try Self.read(
      try #require(try analyse(veil.script.dialogue { [$0] }, keys: KeyPieces(veil.keyLog)).first))
    #expect(found.protocol == "pop3" && !found.anomalies.contains { $0.name == "plaintext-after-starttls" })
    #expect(found.opening.first == "server" && found.messages.count == whole.messages.count)
    #expect(found.credentials.map(\.password) == whole.credentials.map(\.password) && !whole.credentials.isEmpty)
  }

  /// A segment that is missing takes its records with it, and no more.
  @Test func whatIsLostInsideIsAGap() throws {
    let body = (0..<4_000).map { "line \($0)\r\n" }.joined()
    let script = Script(
      "big", port: 995,
      [
        server("+OK hi\r\n"), client("USER alice\r\n"), server("+OK\r\n"), client("PASS clove\r\n"), server("+OK\r\n"),
        client("RETR 1\r\n"), server("+OK\r\nSubject: big\r\n\r\n" + body + ".\r\n"), client("NOOP\r\n"),
        server("+OK still here\r\n"), client("QUIT\r\n"), server("+OK bye\r\n"),
      ])
    let veil = try Veil(script)
    let dialogue = veil.script.dialogue { octets in
      stride(from: 0, to: octets.count, by: 1_400).map { Array(octets[$0..<min($0 + 1_400, octets.count)]) }
    }
    let segments = dialogue.packets.indices.filter { dialogue.packets[$0].payload.count == 1_400 }
    var (seen, tornCount) = (0, 0)
    for lost in segments.dropFirst(3) {
      var torn = dialogue
      torn.packets.remove(at: lost)
      let found = try analyse(torn, keys: KeyPieces(veil.keyLog))
      let conversation = try Self.read(try #require(found.first))
      #expect(conversation.protocol == "pop3" && conversation.credentials.first?.password == "clove")
      // With its first record a message is lost altogether.
      #expect(conversation.messages.allSatisfy { !$0.isComplete } && conversation.gaps.count >= 1)
      tornCount += conversation.messages.count
      #expect(conversation.exchanges?.contains { $0.replies.contains { $0.lines == ["+OK still here"] } } == true)
      #expect(conversation.protection?.decryption?.obstacle == nil && conversation.closing.quit != nil)
      seen += 1
    }
    #expect(seen > 15 && tornCount > 10)
  }
  /// Octets that were changed on the way open nothing, and nothing is made up of them.
  @Test func changedOctetsNeverSpeak() throws {
    let veil = try Veil(Script.smtp)
    let seed = printedSeed("changedOctetsNeverSpeak")
    var random = SeededRandom(seed: seed)
    let clear = try Self.read(try #require(try analyse(Script.smtp.dialogue { [$0] }).first))
    let lines = Set(
      (clear.exchanges ?? []).compactMap { $0.request?.line } + clear.exchanges!.flatMap { $0.replies.flatMap(\.lines) }
    )
    for round in 0..<300 {
      var script = veil.script
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let turn = Int.random(in: 0..<script.turns.count, using: &random)
        let place = Int.random(in: 0..<script.turns[turn].octets.count, using: &random)
        script.turns[turn].octets[place] ^= UInt8.random(in: 1...255, using: &random)
      }
      let found = try analyse(
        script.dialogue { randomCuts($0, longest: 900, using: &random) }, keys: KeyPieces(veil.keyLog))
      for json in found {
        let conversation = try Self.read(json)
        guard conversation.protection?.decryption?.frame != nil else { continue }
        for exchange in conversation.exchanges ?? [] {
          for line in exchange.replies.flatMap(\.lines) + (exchange.request.map { [$0.line] } ?? []) {
            #expect(lines.contains(line), "round \(round) of seed \(seed): \(line)")
          }
        }
      }
    }
  }
}
