import Bytes
import Ciphers
import Testing

@testable import MailSystem

/// A device: a POP3 client session, and what it has kept.
struct POP3ClientPlay {
  var session: POP3ClientSession
  var kept: [POP3ClientSession.Message] = []
  var said = ""
  var isClosed = false
  /// Whether the device has room.
  var hasRoom = true

  init(user: String = "bob", password: String = "hunter2", _ change: (inout POP3ClientConfiguration) -> Void = { _ in })
  {
    var configuration = POP3ClientConfiguration(user: user, password: password)
    change(&configuration)
    session = POP3ClientSession(configuration, octetSource: .seeded(7))
  }
  /// The server says octets, in pieces of at most `cut`; returns what the client says.
  mutating func hear(_ octets: [UInt8], cut: Int = Int.max) -> String {
    let before = said.utf8.count
    var rest = octets[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(cut))
      rest = rest.dropFirst(piece.count)
      session.receive(piece.span)
      act()
    }
    return String(decoding: said.utf8.dropFirst(before), as: UTF8.self)
  }
  mutating func hear(_ text: String) -> String { hear(Array(text.utf8)) }
  private mutating func act() {
    while true {
      said += String(decoding: session.takeOutput(), as: UTF8.self)
      switch session.takeAction() {
      case nil: return
      case .startTLS: session.beginProtected()
      case .keep(let message):
        if hasRoom { kept.append(message) }
        session.kept(hasRoom)
      case .close: isClosed = true
      }
    }
  }
  /// Lets the client and our server speak until both are silent.
  mutating func converse(with server: inout POP3ServerPlay, cut: Int = Int.max) {
    var heard = 0
    for _ in 0..<1000 {
      let replies = Array(server.replies.utf8.dropFirst(heard))
      heard += replies.count
      let answer = hear(replies, cut: cut)
      if replies.isEmpty, answer.isEmpty { return }
      server.send(answer, cut: cut)
    }
  }
  var texts: [String] { kept.map { String(decoding: $0.octets, as: UTF8.self) } }
}

@Suite struct POP3ClientSessionTests {
  static let texts = ["Subject: one\r\n\r\nfirst\r\n.second\r\nthird\r\n", "Subject: two\r\n\r\n"]

  @Test(arguments: [Int.max, 3, 1]) func messagesArriveAsTheyAreAndGoWhenTheyShould(_ cut: Int) {
    for mode in [POP3ClientConfiguration.Mode.keep, .delete] {
      var server = POP3ServerPlay()
      var device = POP3ClientPlay { $0.mode = mode }
      device.converse(with: &server, cut: cut)
      #expect(device.texts == Self.texts)
      #expect(device.kept.map(\.uniqueID) == ["a1", "b2"])
      #expect(device.session.failure == nil)
      #expect(device.isClosed)
      #expect(server.updates == [mode == .keep ? [] : [0, 1]])
      #expect(device.session.deleted.map(\.uniqueID) == (mode == .keep ? [] : ["a1", "b2"]))
    }
  }
  @Test func twoDevicesEachFetchWhatTheyHaveNot() {
    var server = POP3ServerPlay()
    var phone = POP3ClientPlay { $0.knownUniqueIDs = ["a1"] }
    phone.converse(with: &server)
    #expect(phone.kept.map(\.uniqueID) == ["b2"])
    var desk = POP3ServerPlay()
    desk.messages.append(("c3", "Subject: three\r\n\r\n..\r\n"))
    var device = POP3ClientPlay { $0.mode = .delete }
    device.converse(with: &desk)
    #expect(device.kept.map(\.uniqueID) == ["a1", "b2", "c3"])
    #expect(device.texts.last == "Subject: three\r\n\r\n..\r\n")
  }
  /// What a lost connection left at the server is deleted without being fetched twice.
  @Test func whatIsKnownIsOnlyDeleted() {
    var server = POP3ServerPlay()
    var device = POP3ClientPlay {
      $0.mode = .delete
      $0.knownUniqueIDs = ["a1"]
    }
    device.converse(with: &server)
    #expect(device.kept.map(\.uniqueID) == ["b2"])
    #expect(server.updates == [[0, 1]])
    #expect(!device.said.contains("RETR 1"))
  }
  private static let logins: [POP3ClientConfiguration.Login] =
    [.password, .apop, .authenticate(nil)] + SASLMechanism.allCases.map { .authenticate($0) }

  @Test(arguments: logins, [Int.max, 3, 1])
  func everyLogin(_ login: POP3ClientConfiguration.Login, _ cut: Int) {
    for isRight in [true, false] {
      var server = POP3ServerPlay()
      var device = POP3ClientPlay(password: isRight ? "hunter2" : "wrong") { $0.login = login }
      device.converse(with: &server, cut: cut)
      #expect(device.kept.count == (isRight ? 2 : 0))
      #expect(
        device.session.failure == (isRight ? nil : .init(.login, "-ERR [AUTH] user name or password wrong")))
      #expect(device.isClosed)
      if login != .password, login != .authenticate(.plain), login != .authenticate(.login) {
        #expect(!device.said.contains("hunter2"))
      }
    }
  }
  /// An initial response that makes the command longer than 255 octets waits for a challenge (RFC 5034 §4).
  @Test func aLongInitialResponseWaits() {
    let password = String(repeating: "p", count: 300)
    var device = POP3ClientPlay(password: password) { $0.login = .authenticate(.plain) }
    _ = device.hear("+OK\r\n")
    #expect(device.hear("+OK\r\nSASL PLAIN\r\n.\r\n") == "AUTH PLAIN\r\n")
    #expect(device.hear("+ \r\n").utf8.count > 400)
  }
  @Test func theWordsOfTLS() {
    for protection in [POP3ClientConfiguration.Protection.never, .ifOffered, .required] {
      for isOffered in [true, false] {
        var server = POP3ServerPlay { $0.offersTLS = isOffered }
        var device = POP3ClientPlay { $0.protection = protection }
        device.converse(with: &server)
        #expect(device.said.contains("STLS\r\nCAPA\r\n") == (isOffered && protection != .never))
        let isStuck = protection == .required && !isOffered
        #expect(device.session.failure == (isStuck ? .init(.protection, "the server does not offer TLS") : nil))
        #expect(device.said.contains("PASS") != isStuck)
        #expect(device.isClosed)
      }
    }
  }
  @Test func nothingIsBelievedThatCameInClearBehindSTLS() {
    var device = POP3ClientPlay { $0.protection = .required }
    _ = device.hear("+OK\r\n")
    _ = device.hear("+OK\r\nSTLS\r\n.\r\n")
    _ = device.hear("+OK begin\r\n+OK\r\nSASL PLAIN\r\n.\r\n")
    #expect(device.session.failure?.step == .protection)
    #expect(!device.said.contains("PASS"))
    #expect(device.isClosed)
  }
  @Test func aDeviceWithoutRoomDeletesNothing() {
    var server = POP3ServerPlay()
    var device = POP3ClientPlay { $0.mode = .delete }
    device.hasRoom = false
    device.converse(with: &server)
    #expect(device.session.failure?.step == .keeping)
    #expect(server.updates == [[]])
    #expect(device.session.deleted.isEmpty)
  }
  @Test func aMessageThatIsTooLargeStays() {
    var server = POP3ServerPlay()
    var device = POP3ClientPlay {
      $0.messageByteLimit = 20
      $0.mode = .delete
    }
    device.converse(with: &server)
    #expect(device.kept.map(\.uniqueID) == ["b2"])
    #expect(device.session.leftovers.map(\.message.uniqueID) == ["a1"])
    #expect(device.session.leftovers.map(\.reason) == ["39 octets, and the limit is 20"])
    #expect(server.updates == [[1]])
  }
}
