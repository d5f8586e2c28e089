import Bytes
import Ciphers
import MailProtocols
import Testing

@testable import MailSystem

/// Every example of RFC 4954 that applies, played.
@Suite struct RFC4954ExampleTests {

  /// The greeting is a whole reply here; the RFC's begins with `220-` and does not go on.
  static let examples: [SMTPExample] = [
    SMTPExample(
      "4.1 PLAIN", .submission,
      script: """
        S: 220 smtp.example.com ESMTP Server
        C: EHLO client.example.com
        S: 250-smtp.example.com Hello client.example.com
        S: 250-AUTH GSSAPI DIGEST-MD5
        S: 250-ENHANCEDSTATUSCODES
        S: 250 STARTTLS
        C: STARTTLS
        S: 220 Ready to start TLS
        <TLS negotiation proceeds, further commands protected by TLS layer>
        C: EHLO client.example.com
        S: 250-smtp.example.com Hello client.example.com
        S: 250 AUTH GSSAPI DIGEST-MD5 PLAIN
        C: AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=
        S: 235 2.7.0 Authentication successful
        """),
    SMTPExample(
      "4.1 PLAIN without initial response", .protected,
      script: """
        C: EHLO client.example.com
        S: 250-smtp.example.com Hello client.example.com
        S: 250 AUTH GSSAPI DIGEST-MD5 PLAIN
        C: AUTH PLAIN
        S: 334
        C: dGVzdAB0ZXN0ADEyMzQ=
        S: 235 2.7.0 Authentication successful
        """),
    SMTPExample(
      "4.1 CRAM-MD5", .submission,
      script: """
        S: 220 smtp.example.com ESMTP Server
        C: EHLO client.example.com
        S: 250-smtp.example.com Hello client.example.com
        S: 250-AUTH DIGEST-MD5 CRAM-MD5
        S: 250-ENHANCEDSTATUSCODES
        S: 250 STARTTLS
        C: AUTH CRAM-MD5
        S: 334 PDQxOTI5NDIzNDEuMTI4Mjg0NzJAc291cmNlZm91ci5hbmRyZXcuY211LmVkdT4=
        C: cmpzMyBlYzNhNTlmZWQzOTVhYmExZWM2MzY3YzRmNGI0MWFjMA==
        S: 235 2.7.0 Authentication successful
        """),
    SMTPExample(
      "5.1 trusted", .greeted,
      script: """
        C: MAIL FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com
        S: 250 OK
        """),
    SMTPExample(
      "5.1 suppressed", .greeted,
      script: """
        C: MAIL FROM:<john+@example.org> AUTH=<>
        S: 250 OK
        """),
  ]
  private static let inventory = RFCInventory(
    ids: [
      "4.1 PLAIN", "4.1 PLAIN without initial response", "4.1 CRAM-MD5", "4.1 EXTERNAL", "5.1 trusted",
      "5.1 suppressed",
    ],
    notApplicable: ["4.1 EXTERNAL": "EXTERNAL is not supported: TLS clients show no certificate here"])

  @Test(arguments: examples, [Int.max, 1]) func serverAnswersAsShown(_ example: SMTPExample, _ cut: Int) {
    example.check(cut: cut)
  }
  @Test func noneIsMissing() { Self.inventory.check(played: Self.examples.map(\.example.id)) }

  // MARK: The client

  private func client(_ user: String, _ password: String, _ mechanism: SASLMechanism?) -> SMTPClientSession {
    SMTPClientSession(
      helloName: "client.example.com",
      envelope: Envelope(
        from: SMTPPath(localPart: "test", domain: "example.com"), to: [SMTPPath(localPart: "a", domain: "b.example")]),
      message: Array("x\r\n".utf8), login: .init(user: user, password: password, mechanism: mechanism),
      protection: .ifOffered, octetSource: .seeded(1))
  }
  private static let first =
    "250-smtp.example.com Hello client.example.com\n250-AUTH GSSAPI DIGEST-MD5\n250-ENHANCEDSTATUSCODES\n250 STARTTLS\n"

  /// §4.1: of what is offered under TLS, the client knows PLAIN alone.
  @Test(arguments: [Int.max, 1]) func clientLogsInUnderTLS(_ cut: Int) {
    var client = client("test", "1234", nil)
    let said = client.answers(
      to: [
        "220 smtp.example.com ESMTP Server\n", Self.first, "220 Ready to start TLS\n",
        "250-smtp.example.com Hello client.example.com\n250 AUTH GSSAPI DIGEST-MD5 PLAIN\n",
        "235 2.7.0 Authentication successful\n",
      ], cut: cut)
    #expect(said[0] == "EHLO client.example.com\r\n" && said[1] == "STARTTLS\r\n" && said[2] == said[0])
    // Nobody acts for another, so that the authorization identity is left out: AHRlc3QAMTIzNA==.
    #expect(said[3] == "AUTH PLAIN \(Base64.encode(Array("\u{0}test\u{0}1234".utf8).span).span.text())\r\n")
    #expect(said[4].hasPrefix("MAIL FROM:<test@example.com>"))
  }
  /// §4.1: the server has the first word of CRAM-MD5. With the password of RFC 2195, which is not rjs3's.
  @Test(arguments: [Int.max, 1]) func clientAnswersTheChallenge(_ cut: Int) {
    var client = client("rjs3", "tanstaaftanstaaf", .cramMD5)
    let said = client.answers(
      to: [
        "220 smtp.example.com ESMTP Server\n",
        "250-smtp.example.com Hello client.example.com\n250-AUTH DIGEST-MD5 CRAM-MD5\n250 ENHANCEDSTATUSCODES\n",
        "334 PDQxOTI5NDIzNDEuMTI4Mjg0NzJAc291cmNlZm91ci5hbmRyZXcuY211LmVkdT4=\n",
        "235 2.7.0 Authentication successful\n",
      ], cut: cut)
    #expect(said[1] == "AUTH CRAM-MD5\r\n")
    let code = DigestAlgorithm.md5.authenticationCode(
      Array("<4192942341.12828472@sourcefour.andrew.cmu.edu>".utf8),
      key: Array("tanstaaftanstaaf".utf8))
    let response = Array("rjs3 ".utf8) + LowerHexadecimal.encode(code)
    #expect(said[2] == "\(Base64.encode(response.span).span.text())\r\n")
    #expect(said[3].hasPrefix("MAIL FROM:<test@example.com>"))
  }
}
