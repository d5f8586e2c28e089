import CTLS
import Testing

@testable import TransportSecurity

/// Two sides of TLS that talk to each other in memory.
@Suite struct TLSConnectionTests {
  private static let time = 1_788_249_600

  /// Octets that count up, from a beginning of their own.
  private final class Octets {
    var next: UInt32
    init(_ seed: UInt32) { next = seed }
    func take(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in
        next = next &* 1_103_515_245 &+ 12_345
        return UInt8(truncatingIfNeeded: next >> 16)
      }
    }
  }
  private static func authority(seed: UInt32?) throws -> TLSAuthority {
    guard let seed else { return try TLSAuthority(at: time) }
    let octets = Octets(seed)
    return try TLSAuthority(at: time) { octets.take($0) }
  }
  /// Carries octets until nobody has any; what each side has sent.
  @discardableResult private func carry(_ client: TLSConnection, _ server: TLSConnection) -> [[UInt8]] {
    var flights: [[UInt8]] = []
    while true {
      let (asked, answered) = (client.takeOutput(), server.takeOutput())
      if asked.isEmpty, answered.isEmpty { return flights }
      flights += [asked, answered]
      server.receive(asked)
      client.receive(answered)
    }
  }

  /// A name ends where it ends, whatever lies behind it in memory.
  @Test func namesOfEveryLengthAreTakenAsTheyAre() throws {
    let authority = try Self.authority(seed: 7)
    for length in 1...90 {
      for _ in 0..<8 {
        // What is freed here lies where the name's octets will.
        var spoiled = (0..<64).map { [UInt8](repeating: 0xFF, count: length + $0) }
        spoiled.removeAll()
        _ = try authority.issue(to: [String(repeating: "a", count: length)])
      }
    }
  }
  /// Errors of others that use the library on the same thread are no errors of TLS.
  @Test(arguments: [nil, 7]) func errorsOfOthersAreNone(_ seed: UInt32?) throws {
    let authority = try Self.authority(seed: seed)
    let (client, server) = (
      try authority.connection(to: "example.edu"), try authority.issue(to: ["example.edu"]).connection()
    )
    while true {
      let (asked, answered) = (client.takeOutput(), server.takeOutput())
      if asked.isEmpty, answered.isEmpty { break }
      #expect(unsafe BIO_new_file("/nonexistent/file", "r") == nil && ERR_peek_error() != 0)
      server.receive(asked)
      #expect(unsafe BIO_new_file("/nonexistent/file", "r") == nil)
      client.receive(answered)
    }
    client.send(Array("HELO".utf8))
    let said = client.takeOutput()
    #expect(unsafe BIO_new_file("/nonexistent/file", "r") == nil)
    server.receive(said)
    #expect(client.state == .open && server.state == .open)
    ERR_clear_error()
  }
  @Test(arguments: [nil, 7]) func bothSidesHearWhatTheOtherSays(_ seed: UInt32?) throws {
    let authority = try Self.authority(seed: seed)
    let credential = try authority.issue(to: ["mail.example.edu", "example.edu"])
    let (client, server) = (try authority.connection(to: "example.edu"), try credential.connection())
    let flights = carry(client, server)
    #expect(client.state == .open)
    #expect(server.state == .open)
    let message = [UInt8](repeating: 65, count: 100_000)
    client.send(message)
    server.send(Array("250 ok\r\n".utf8))
    let records = carry(client, server)
    #expect(server.takePlaintext() == message)
    #expect(client.takePlaintext() == Array("250 ok\r\n".utf8))
    // Handshake records come first (RFC 8446 §5.1), then application data alone.
    #expect(flights[0].prefix(2) == [22, 3])
    #expect(records.flatMap(\.self).first == 23)
    #expect(Set(client.keyLog) == Set(server.keyLog))
    #expect(Set(client.keyLog.compactMap { $0.split(separator: " ").first }).contains("CLIENT_TRAFFIC_SECRET_0"))
    client.close()
    carry(client, server)
    #expect(server.state == .closedByPeer)
  }
  @Test func theSameOctetsGiveTheSameRecords() throws {
    func flights(_ seed: UInt32) throws -> [[UInt8]] {
      let authority = try Self.authority(seed: seed)
      let credential = try authority.issue(to: ["mail.example.edu"])
      let (client, server) = (try authority.connection(to: "mail.example.edu"), try credential.connection())
      var flights = carry(client, server)
      client.send(Array("EHLO client.example.org\r\n".utf8))
      flights += carry(client, server)
      return flights + [Array(authority.pem.utf8)]
    }
    #expect(try flights(3) == flights(3))
    #expect(try flights(3) != flights(4))
  }
  @Test func anotherNameIsNotBelieved() throws {
    let authority = try Self.authority(seed: 1)
    let credential = try authority.issue(to: ["mail.example.edu"])
    let (client, server) = (try authority.connection(to: "mail.example.org"), try credential.connection())
    carry(client, server)
    guard case .failed(let error) = client.state else {
      Issue.record("the client believes it")
      return
    }
    #expect(error.description.contains("not believed"))
    guard case .failed = server.state else {
      Issue.record("the server was not told")
      return
    }
  }
  @Test func anotherAuthorityIsNotBelieved() throws {
    let credential = try Self.authority(seed: 1).issue(to: ["mail.example.edu"])
    let (client, server) = (
      try Self.authority(seed: 2).connection(to: "mail.example.edu"), try credential.connection()
    )
    carry(client, server)
    guard case .failed = client.state else {
      Issue.record("the client believes it")
      return
    }
  }
  @Test(arguments: ["EHLO client\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}hello", ""]) func whatIsNoTLSFails(_ text: String)
    throws
  {
    let server = try Self.authority(seed: 1).issue(to: ["mail.example.edu"]).connection()
    server.receive(Array(text.utf8))
    if text.isEmpty {
      #expect(server.state == .handshaking)
    } else {
      guard case .failed = server.state else {
        Issue.record("it is taken for TLS")
        return
      }
    }
    #expect(server.takePlaintext().isEmpty)
    server.send([1])
    #expect(server.takePlaintext().isEmpty)
  }
}
