import Bytes
import MailProtocols
import Testing

@testable import MailSystem

@Suite struct SMTPClientSessionTests {
  static let envelope = Envelope(
    from: SMTPPath(localPart: "bob", domain: "b.example"),
    to: ["bob", "carol", "tim"].map { SMTPPath(localPart: $0, domain: "b.example") })
  static let message = Array("Subject: x\r\n\r\n.dot\r\n..dots\r\n".utf8)

  /// Lets a client and our server speak with each other, in pieces of at most `cut` octets.
  static func converse(
    _ client: inout SMTPClientSession, _ server: inout SMTPServerPlay, cut: Int = Int.max
  ) -> String {
    var said = ""
    var heard = 0
    for _ in 0..<1000 {
      var isQuiet = true
      let replies = Array(server.replies.utf8.dropFirst(heard))
      heard += replies.count
      for start in stride(from: 0, to: replies.count, by: min(cut, max(1, replies.count))) {
        client.receive(replies[start..<min(replies.count, start + min(cut, replies.count))].span)
        isQuiet = false
      }
      let octets = client.takeOutput()
      if !octets.isEmpty {
        said += String(decoding: octets, as: UTF8.self)
        server.send(octets, cut: cut)
        isQuiet = false
      }
      if client.takeAction() == .startTLS {
        client.beginProtected()
        isQuiet = false
      }
      if isQuiet { break }
    }
    return said
  }
  private static func code(_ fate: SMTPClientSession.Fate) -> String {
    switch fate {
    case .accepted(let reply): "accepted \(reply.code)"
    case .deferred(let reply): "deferred \(reply.code)"
    case .refused(let reply): "refused \(reply.code)"
    }
  }

  @Test(arguments: [Int.max, 1, 5], SMTPServerConfiguration.Service.allCases)
  func aMessageArrivesAsItWasGiven(_ cut: Int, _ service: SMTPServerConfiguration.Service) {
    var server = SMTPServerPlay(service) { $0.offersTLS = true }
    var client = SMTPClientSession(
      helloName: "a.example", envelope: Self.envelope, message: Self.message,
      login: service == .submission ? .init(user: "bob", password: "hunter2") : nil, protection: .ifOffered,
      octetSource: .seeded(2))
    let said = Self.converse(&client, &server, cut: cut)
    #expect(
      client.fates.map(Self.code) == ["accepted 250", "refused 550", "accepted 250"], "\(said)\n\(server.replies)")
    #expect(server.messages.first?.text.hasSuffix(String(decoding: Self.message, as: UTF8.self)) == true)
    #expect(said.hasSuffix("\r\n.\r\nQUIT\r\n"))
    #expect(server.isClosed)
    #expect(said.contains("STARTTLS\r\nEHLO a.example\r\n"))
  }
  @Test(arguments: SASLMechanism.allCases) func everyLogin(_ mechanism: SASLMechanism) {
    for (password, fate) in [("hunter2", "accepted 250"), ("wrong", "refused 535")] {
      var server = SMTPServerPlay(.submission)
      var client = SMTPClientSession(
        helloName: "a.example",
        envelope: Envelope(from: Self.envelope.reversePath, to: [Self.envelope.recipients[0].path]),
        message: Self.message, login: .init(user: "bob", password: password, mechanism: mechanism),
        octetSource: .seeded(3))
      let said = Self.converse(&client, &server)
      #expect(client.fates.map(Self.code) == [fate], "\(said)\n\(server.replies)")
      #expect(said.contains("AUTH \(mechanism.rawValue)"))
    }
  }
  /// RFC 5802 §5: who does not know the password cannot sign, and gets no message.
  @Test func aServerMustProveThatItKnowsThePassword() {
    var client = SMTPClientSession(
      helloName: "a.example", envelope: Self.envelope, message: Self.message,
      login: .init(user: "bob", password: "hunter2"), octetSource: .seeded(3))
    for reply in ["220 hi", "250-hi\r\n250 AUTH SCRAM-SHA-256", "235 welcome", "221"] {
      client.receive(Array("\(reply)\r\n".utf8).span)
    }
    #expect(client.fates.map(Self.code) == ["refused 535", "refused 535", "refused 535"])
    #expect(!String(decoding: client.takeOutput(), as: UTF8.self).contains("MAIL"))
  }
  @Test func nobodyIsWanted() {
    var server = SMTPServerPlay()
    let paths = [SMTPPath(localPart: "carol", domain: "b.example"), SMTPPath(localPart: "eve", domain: "c.example")]
    var client = SMTPClientSession(
      helloName: "a.example", envelope: Envelope(from: nil, to: paths), message: Self.message)
    _ = Self.converse(&client, &server)
    #expect(client.fates.map(Self.code) == ["refused 550", "refused 550"])
    #expect(server.messages.isEmpty)
  }
  @Test func aServerThatHasNoRoomDefersTheMessage() {
    var server = SMTPServerPlay()
    server.custody = .failed
    var client = SMTPClientSession(helloName: "a.example", envelope: Self.envelope, message: Self.message)
    _ = Self.converse(&client, &server)
    #expect(client.fates.map(Self.code) == ["deferred 452", "refused 550", "deferred 452"])
  }

  /// What a server may say that is not ours, line by line, and what becomes of one recipient.
  @Test(arguments: [
    (["554 no"], "refused 554"), (["421 busy"], "deferred 421"),
    (["220 hi", "502 what?", "250 hi", "250", "250", "354", "250 ok", "221"], "accepted 250"),
    (["220 hi", "250 hi", "451 later", "221"], "deferred 451"),
    (["220 hi", "250 hi", "250", "450 later", "221"], "deferred 450"),
    (["220 hi", "250 hi", "250", "250", "354 go", "554 spam", "221"], "refused 554"),
    (["220 hi", "250 hi", "250", "250", "451 later", "221"], "deferred 451"),
    (["220-hi\r\n220 you", "250-hi\r\n250 there", "250-a\r\n250 b", "250", "354", "250 ok", "221"], "accepted 250"),
    (["HTTP/1.1 400 Bad Request"], "deferred 421"),
    (["220 hi", "250 hi", "250", "250", "354", "421 going down"], "deferred 421"),
  ])
  func otherServers(_ replies: [String], _ fate: String) {
    for cut in [Int.max, 1] {
      var client = SMTPClientSession(
        helloName: "a.example", envelope: Envelope(from: nil, to: [Self.envelope.recipients[0].path]),
        message: Self.message)
      for reply in replies {
        let octets = Array("\(reply)\r\n".utf8)
        for start in stride(from: 0, to: octets.count, by: min(cut, octets.count)) {
          client.receive(octets[start..<min(octets.count, start + min(cut, octets.count))].span)
        }
        _ = client.takeOutput()
      }
      #expect(client.fates.map(Self.code) == [fate])
      #expect(client.takeAction() == .close)
    }
  }
  @Test func aLostConnectionLosesNothing() {
    var client = SMTPClientSession(
      helloName: "a.example", envelope: Envelope(from: nil, to: [Self.envelope.recipients[0].path]),
      message: Self.message)
    for reply in ["220 hi", "250 hi", "250", "250", "354"] { client.receive(Array("\(reply)\r\n".utf8).span) }
    client.lostConnection()
    #expect(client.fates.map(Self.code) == ["deferred 421"])
  }
}
