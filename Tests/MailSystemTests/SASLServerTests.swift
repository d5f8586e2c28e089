import Bytes
import Testing

@testable import MailSystem

@Suite struct SASLServerTests {
  static let now = Timestamp(nanoseconds: 0)

  /// RFC 7677 §3.
  @Test func theExchangeOfRFC7677() throws {
    let directory = MailDirectory(
      domains: ["a"], accounts: [MailAccount(name: "user@a", password: "pencil")], secret: [])
    let salt = Base64.decodeLenient(Array("W22ZaJ0SNY7soEsUEjb6gQ==".utf8).span)
    let scram = try #require(
      SCRAMServer(
        clientFirst: Array("n,,n=user,r=rOprNGfwEbeRWgbNEkqO".utf8),
        nonce: Array("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0".utf8),
        directory: directory, salt: salt))
    #expect(
      String(decoding: scram.firstMessage, as: UTF8.self)
        == "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
    let final =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    #expect(
      scram.judge(clientFinal: Array(final.utf8))
        == .accepted(user: "user@a", signature: Array("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=".utf8)))
    #expect(scram.judge(clientFinal: Array(final.replacing("p=dHz", with: "p=aHz").utf8)) == .refused)
    #expect(scram.judge(clientFinal: Array(final.replacing("c=biws", with: "c=eSws").utf8)) == .refused)
    #expect(scram.judge(clientFinal: Array("c=biws".utf8)) == nil)
  }
  /// RFC 2195 §2.
  @Test func theDigestOfRFC2195() {
    let challenge = Array("<1896.697170952@postoffice.reston.mci.net>".utf8)
    var server = SASLServer(
      .cramMD5, directory: SMTPServerPlay.directory, host: "x", nonce: [], now: Self.now, challenge: challenge)
    #expect(server.begin(initialResponse: nil) == .challenge(challenge))
    #expect(
      server.receive(Array("tim b913a602c7eda7a495b4e6e7334d3890".utf8)) == .succeeded(user: "tim@b.example"))
  }
  @Test func unknownUsersLookLikeKnownOnes() {
    for name in ["bob", "nobody"] {
      var server = SASLServer(.scramSHA256, directory: SMTPServerPlay.directory, host: "x", nonce: [1], now: Self.now)
      guard case .challenge(let first) = server.begin(initialResponse: Array("n,,n=\(name),r=abc".utf8)) else {
        Issue.record("no challenge for \(name)")
        continue
      }
      let text = String(decoding: first, as: UTF8.self)
      #expect(text.hasPrefix("r=abcAQ==,s=") && text.hasSuffix(",i=4096"))
      let proof = String(decoding: Base64.encode([UInt8](repeating: 0, count: 32).span), as: UTF8.self)
      #expect(server.receive(Array("c=biws,r=abcAQ==,p=\(proof)".utf8)) == .failed)
    }
  }
}
