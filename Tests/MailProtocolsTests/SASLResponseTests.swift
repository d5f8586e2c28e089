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
    ("SCRAM-SHA-256", ["n,,n=user,r=abc"], "", ""),
  ])
  func tellsUserAndPassword(_ mechanism: String, _ steps: [String], _ user: String, _ password: String) {
    let result = read(steps.map(base64), mechanism)
    #expect(result.user == user)
    #expect(result.password == password)
    #expect(result.isValid)
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
    let mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "XOAUTH2", "OAUTHBEARER", "X"]
    for _ in 0..<3_000 {
      var raw = (0..<Int.random(in: 0...24, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      if Bool.random(using: &random) { raw = raw.map { [0, 32, 97, 34, 61, 1, 44][Int($0) % 7] } }
      if Bool.random(using: &random) {
        raw += "username=\"user=n,a=".octets.prefix(Int.random(in: 0...20, using: &random))
      }
      let response = Bool.random(using: &random) ? Base64.encode(raw.span).text : raw.text
      _ = read([response, response, response], mechanisms.randomElement(using: &random) ?? "X")
    }
  }
}
