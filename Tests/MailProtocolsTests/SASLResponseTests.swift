import Bytes
import Testing

@testable import MailProtocols

@Suite struct SASLResponseTests {
  private func read(_ responses: [String], _ mechanism: String) -> (user: String, password: String, isValid: Bool) {
    var user = ByteWriter()
    var password = ByteWriter()
    var isValid = true
    let kind = SASLResponse.Mechanism.parse(mechanism.octets.span)
    for (step, response) in responses.enumerated() {
      let octets = response.octets
      var scratch = ByteWriter()
      let isRead = SASLResponse.read(
        octets.span, step: step, of: kind, userName: &user, password: &password, scratch: &scratch)
      if !isRead { isValid = false }
    }
    return (user.withOctets { $0.text() }, password.withOctets { $0.text() }, isValid)
  }
  private func base64(_ text: String) -> String { Base64.encode(text.octets.span).text }

  @Test(arguments: [
    ("PLAIN", ["\0alice\0secret"], "alice", "secret"), ("plain", ["admin\0alice\0"], "alice", ""),
    ("PLAIN", ["no separators"], "", ""), ("PLAIN", ["one\0only"], "", ""), ("PLAIN", ["\0\0"], "", ""),
    ("PLAIN", ["\0a\0b\0c"], "a", "b\0c"), ("PLAIN", [""], "", ""), ("LOGIN", ["alice", "secret"], "alice", "secret"),
    ("LOGIN", ["alice", "secret", "more"], "alice", "secret"), ("LOGIN", ["", ""], "", ""),
    ("CRAM-MD5", ["tim b913a602c7eda7a495b4e6e7334d3890"], "tim", ""), ("CRAM-MD5", ["two words abc"], "two words", ""),
    ("CRAM-MD5", ["nospace"], "", ""), ("CRAM-MD5", [" x"], "", ""),
    ("DIGEST-MD5", ["charset=utf-8,username=\"chris\",realm=\"elwood\""], "chris", ""),
    ("DIGEST-MD5", ["username=\"cut"], "cut", ""), ("DIGEST-MD5", ["realm=\"x\""], "", ""),
    ("XOAUTH2", ["user=a@example.org\u{1}auth=Bearer token\u{1}\u{1}"], "a@example.org", ""),
    ("OAUTHBEARER", ["n,a=a@example.org,\u{1}host=x\u{1}auth=Bearer token\u{1}\u{1}"], "a@example.org", ""),
    ("OAUTHBEARER", ["n,,\u{1}auth=Bearer token\u{1}\u{1}"], "", ""),
    // RFC 5802 §5, §5.1
    ("SCRAM-SHA-256", ["n,,n=user,r=abc", "c=biws,r=abc,p=x"], "user", ""),
    ("SCRAM-SHA-1", ["y,a=x,n=a=2Cb=3Dc,r=1"], "a,b=c", ""),
    ("SCRAM-SHA-256-PLUS", ["p=tls-unique,,n=cut=2"], "cut=2", ""), ("SCRAM-SHA-1", ["c=biws,r=1"], "", ""),
    // [MS-NLMP] §2.2.1.1: a negotiation names nobody.
    ("NTLM", ["NTLMSSP\0\u{1}\0\0\0\u{7}\0\0\0"], "", ""), ("NTLM", ["NTLMSSP\0\u{3}\0\0\0"], "", ""),
  ])
  func tellsUserAndPassword(_ mechanism: String, _ steps: [String], _ user: String, _ password: String) {
    let result = read(steps.map(base64), mechanism)
    #expect(result.user == user)
    #expect(result.password == password)
    #expect(result.isValid)
  }

  /// In UTF-16 or in octets, as the flags say ([MS-NLMP] §2.2.1.3).
  @Test(arguments: [UInt8(1), 2]) func anAuthenticationMessageOfNTLM(_ flags: UInt8) {
    var message = Array("NTLMSSP".utf8) + [0, 3, 0, 0, 0] + [UInt8](repeating: 0, count: 24)
    message += [10, 0, 10, 0, 64, 0, 0, 0] + [UInt8](repeating: 0, count: 16) + [flags, 0, 0, 0]
    message += flags == 1 ? "älice".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } : Array("WORK\\alice".utf8)
    var user = ByteWriter()
    NTLMMessage.appendUserName(of: message.span, to: &user)
    #expect(user.withOctets { $0.text() } == (flags == 1 ? "älice" : "WORK\\alice"))
    for count in message.indices {
      var cut = ByteWriter()
      NTLMMessage.appendUserName(of: message.span.extracting(0..<count), to: &cut)
      #expect(cut.count <= max(0, count - 64))
    }
  }
  @Test(arguments: [
    ("VXNlcm5hbWU6", "YWxpY2U=", "", "login 0"), ("UGFzc3dvcmQ6", "c2VjcmV0", "", "login 1"),
    ("", "AGJvYgBnZWhlaW0=", "", "plain 0"), ("", "YWxpY2U=", "UGFzc3dvcmQ6", "login 0"), ("", "c2VjcmV0", "", "none"),
    ("", "TlRMTVNTUAABAAAA", "", "none"), ("", "no base64", "", "none"),
  ])
  func anAnswerIsToldByItsChallenges(_ before: String, _ answer: String, _ behind: String, _ expected: String) {
    var scratch = ByteWriter()
    let (challenge, octets, next) = (before.octets, answer.octets, behind.octets)
    let guess = SASLResponse.guess(octets.span, after: challenge.span, before: next.span, scratch: &scratch)
    #expect((guess.map { "\($0.mechanism) \($0.step)" } ?? "none") == expected)
  }
  @Test(arguments: [
    ("VXNlcm5hbWU6", "Username:"), (" UGFzc3dvcmQ6 ", "Password:"), ("ntlm supported", nil), ("", nil),
    ("Username", nil),
    ("TlRMTVNTUAACAAAA", nil), ("PDEyMy40QG1haWw+", "<123.4@mail>"),
  ])
  func whatAChallengeSays(_ challenge: String, _ text: String?) {
    let octets = challenge.octets
    #expect(SASLResponse.text(ofChallenge: octets.span) == text)
  }
  @Test func theExampleOfRFC4616() {
    let result = read(["AHRpbQB0YW5zdGFhZnRhbnN0YWFm"], "PLAIN")
    #expect(result.user == "tim")
    #expect(result.password == "tanstaaftanstaaf")
  }

  @Test func blanksAroundAreNoMatter() { #expect(read([" \(base64("\0a\0b"))\t"], "PLAIN").user == "a") }

  @Test func anEmptyInitialResponseIsAnEqualsSign() {
    #expect(read(["="], "EXTERNAL").isValid)
    #expect(read([" = "], "EXTERNAL").isValid)
    #expect(read([""], "EXTERNAL").isValid)
  }

  @Test(arguments: ["*", "not base64", "AGEAYg=", "====", "A", "\u{e9}\u{e9}"]) func isNotBase64(_ response: String) {
    let result = read([response], "PLAIN")
    #expect(!result.isValid)
    #expect(result.user == "" && result.password == "")
  }

  @Test func neverTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("SASLResponseTests.neverTraps: seed \(seed)")
    var random = SeededRandom(seed: seed)
    let mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "XOAUTH2", "OAUTHBEARER", "SCRAM-SHA-1", "NTLM", "X"]
    for _ in 0..<3_000 {
      var raw = (0..<Int.random(in: 0...24, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      if Bool.random(using: &random) { raw = raw.map { [0, 32, 97, 34, 61, 1, 44][Int($0) % 7] } }
      if Bool.random(using: &random) {
        raw += "NTLMSSP\0username=\"user=n,a=".octets.prefix(Int.random(in: 0...20, using: &random))
      }
      let response = Bool.random(using: &random) ? Base64.encode(raw.span).text : raw.text
      _ = read([response, response, response], mechanisms.randomElement(using: &random) ?? "X")
    }
  }
}
