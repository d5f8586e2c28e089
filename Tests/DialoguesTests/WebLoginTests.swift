import Bytes
import TestSupport
import Testing

@testable import Dialogues

/// Logins of webmail, in each of their forms.
@Suite struct WebLoginTests {
  struct Login: Sendable, CustomTestStringConvertible {
    var request: String
    var mechanism: String
    var user: String?
    var password: String?
    var accepted: Bool?
    /// What must not be seen when passwords are masked.
    var secrets: [String]
    var testDescription: String { String(request.prefix(40)) }
  }
  private static func post(_ type: String, _ body: String) -> String {
    "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }
  private static func get(_ field: String) -> String { "GET /inbox HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n" }
  private static let part = "--=b\r\nContent-Disposition: form-data; name="

  static let logins = [
    Login(
      request: post(
        "application/json; charset=utf-8", #"{"login": {"username": "bob", "pass\u0077ord": "ge\"heim1"}}"#),
      mechanism: "JSON", user: "bob", password: "ge\"heim1", secrets: ["heim1"]),
    Login(
      request: post(
        "multipart/form-data; boundary==b",
        "\(part)\"_task\"\r\n\r\nlogin\r\n\(part)\"_user\"\r\n\r\nalice\r\n\(part)\"_pass\"\r\n\r\ngehe&im=1\r\n--=b--\r\n"
      ),
      mechanism: "form", user: "alice", password: "gehe&im=1", secrets: ["gehe"]),
    Login(
      request: post("application/x-www-form-urlencoded", "_token=t0k&j_username=bob&j_password=geheim1&login=Log+in"),
      mechanism: "form", user: "bob", password: "geheim1", secrets: ["geheim1", "t0k"]),
    Login(
      request: post("application/x-www-form-urlencoded", "user%5Bemail%5D=q%40x&user%5Bpassword%5D=geheim1"),
      mechanism: "form", user: "q@x", password: "geheim1", secrets: ["geheim1"]),
    Login(
      request: post("application/x-www-form-urlencoded", "compass=north&login_username=bob&secretkey=geheim1"),
      mechanism: "form", user: "bob", password: "geheim1", secrets: ["geheim1"]),
    Login(
      request: post("application/x-www-form-urlencoded", "user=bob&password="), mechanism: "form", user: "bob",
      password: "", secrets: []),
    Login(
      request: post("application/json", #"{"user": "bob", "password": ""}"#), mechanism: "JSON", user: "bob",
      password: "", secrets: []),
    Login(
      request: "GET /login?user=bob&password= HTTP/1.1\r\nHost: x\r\n\r\n", mechanism: "query", user: "bob",
      password: "", secrets: []),
    Login(
      request: post("application/x-www-form-urlencoded", "user=bob&password=&password2=geheim1"), mechanism: "form",
      user: "bob", password: "geheim1", secrets: ["geheim1"]),
    Login(
      request: "GET /login?user=eve&password=geheim1 HTTP/1.1\r\nHost: x\r\n\r\n", mechanism: "query", user: "eve",
      password: "geheim1", secrets: ["geheim1"]),
    Login(
      request: get("Proxy-Authorization: Basic cDpnZWhlaW0x"), mechanism: "Basic", user: "p", password: "geheim1",
      accepted: true, secrets: ["geheim1", "cDpnZWhlaW0x"]),
    Login(
      request: get(#"Authorization: Digest username="Mu\"fasa", realm="r, username=x", response="6629fae4""#),
      mechanism: "Digest", user: "Mu\"fasa", accepted: true, secrets: ["6629fae4"]),
    Login(
      request: get("Authorization: Digest realm=r, username*=UTF-8''J%C3%A4s%C3%B8n+, response=66"),
      mechanism: "Digest", user: "Jäsøn+", accepted: true, secrets: ["=66"]),
    Login(
      request: get("Authorization: Digest username=\"488869477bf257147b804c45308cd62a\", userhash=true"),
      mechanism: "Digest", accepted: true, secrets: []),
    Login(
      request: get("Authorization: Bearer mF_9.B5f"), mechanism: "Bearer", accepted: true, secrets: ["mF_9.B5f"]),
    Login(
      request: get("Authorization: NTLM \(NTLM.authentication)"), mechanism: "NTLM", user: "alice", accepted: true,
      secrets: [NTLM.authentication]),
    Login(
      request: get("Authorization: Negotiate \(NTLM.authentication)"), mechanism: "NTLM", user: "alice", accepted: true,
      secrets: [NTLM.authentication]),
    Login(
      request: get("Authorization: Negotiate YIIKJwYG"), mechanism: "Negotiate", accepted: true, secrets: ["YIIKJwYG"]),
    Login(request: get("Authorization: HOBA abcd"), mechanism: "HOBA", accepted: true, secrets: ["abcd"]),
  ]
  private func script(_ login: Login, _ answer: String = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx") -> Script {
    Script("HTTP", port: 80, [client(login.request), server(answer)])
  }

  @Test(arguments: logins) func areFound(_ login: Login) throws {
    let conversation = try #require(try conversations(script(login).dialogue(lines)).first)
    let credential = try #require(conversation.credentials.first)
    #expect(conversation.credentials.count == 1)
    #expect(credential.mechanism == login.mechanism)
    #expect(credential.username == login.user)
    #expect(credential.password == login.password)
    #expect(credential.accepted == login.accepted)
    let decoded = try steps(script(login).dialogue(lines)).flatMap(\.decoded).map(\.text)
    for text in [login.user, login.password].compactMap(\.self) { #expect(decoded.contains(text), "\(decoded)") }
  }
  /// What a page has hidden in its form stands before the login, and may be longer than all the rest.
  @Test func aLoginBehindMuchElseIsFound() throws {
    let hidden = String(repeating: "v", count: 5_000)
    let form = "state=\(hidden)&user=alice&password=geheim1&more=\(hidden)"
    let login = Login(request: Self.post("application/x-www-form-urlencoded", form), mechanism: "form", secrets: [])
    for cut in [lines, { [$0] }, Self.thousands] as [([UInt8]) -> [[UInt8]]] {
      let conversation = try #require(try conversations(script(login).dialogue(cut)).first)
      #expect(conversation.credentials.map(\.username) == ["alice"])
      #expect(conversation.credentials.map(\.password) == ["geheim1"])
      let text = try #require(conversation.messages.first?.text)
      #expect(text.content == String(form.prefix(4_096)) && text.isCut)
      // Where all of the form stands, frame by frame.
      let byteCount = conversation.credentials[0].bytes.reduce(0) { $0 + $1[2] }
      #expect(byteCount == form.utf8.count)
      #expect(conversation.omitted == 0)
    }
  }
  @Test func ofAFormThatIsCutThePasswordMayBeCut() throws {
    let form = "user=alice&password=\(String(repeating: "g", count: 70_000))"
    let login = Login(request: Self.post("application/x-www-form-urlencoded", form), mechanism: "form", secrets: [])
    let conversation = try #require(try conversations(script(login).dialogue(Self.thousands)).first)
    #expect(conversation.credentials.isEmpty)
    #expect(conversation.omitted == 1)
  }
  /// `octets` in pieces of a thousand.
  private static func thousands(_ octets: [UInt8]) -> [[UInt8]] {
    stride(from: 0, to: octets.count, by: 1_000).map { Array(octets[$0..<min($0 + 1_000, octets.count)]) }
  }
  /// The frame that ends a body in chunks says nothing of it.
  @Test func aLoginInChunksStandsWhereItWasSaid() throws {
    let head =
      "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    let conversation = try #require(
      try conversations(
        Script("chunks", port: 80, [client(head), client("19\r\nuser=bob&password=geheim1\r\n"), client("0\r\n\r\n")])
          .dialogue { [$0] }
      ).first)
    let credential = try #require(conversation.credentials.first)
    let heads = try #require(conversation.messages.first?.frameRange.first)
    #expect(credential.password == "geheim1")
    #expect(credential.bytes.map { $0[2] } == [25])
    #expect(credential.frames.first == heads + 1)
  }
  @Test(arguments: logins) func areMasked(_ login: Login) throws {
    let text = try masked(script(login).dialogue(lines))
    for secret in login.secrets { #expect(!text.contains(secret), "\(secret) in \(text)") }
  }
  /// Secrets that are no logins, or not known as such.
  @Test(arguments: [
    get("X-Auth-Token: geheim"), get("Cookie: a=b; api_key=geheim"), get("Referer: http://bob:geheim@x/"),
    post("text/plain", #"{"password":"geheim"}"#), post("text/plain", "user=bob\r\npassword=geheim\r\n"),
    post("application/json", #"{"client_secret":["geheim"]}"#),
  ])
  func otherSecretsAreMasked(_ request: String) throws {
    let text = try masked(script(Login(request: request, mechanism: "", secrets: [])).dialogue(lines))
    #expect(!text.contains("geheim"), "\(text)")
  }
  @Test(arguments: [
    get("Authorization: NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAA="), "GET /?page=2 HTTP/1.1\r\nHost: x\r\n\r\n",
    post("application/json", #"{"subject": "password", "to": "bob"}"#),
    post("application/x-www-form-urlencoded", "_token=1&subject=x"),
    post("multipart/form-data; boundary==b", "\(part)\"password\"; filename=\"a\"\r\n\r\nx\r\n--=b--\r\n"),
    // Nobody logs in with neither name nor password, and a form's value may be cut off.
    post("application/x-www-form-urlencoded", "user=&password="),
    post("application/x-www-form-urlencoded", "password="),
    post("application/x-www-form-urlencoded", "x=\(String(repeating: "x", count: 65_517))&user=b&password=geheim1"),
  ])
  func areNone(_ request: String) throws {
    let login = Login(request: request, mechanism: "", secrets: [])
    #expect(try conversations(script(login).dialogue(lines)).first?.credentials.isEmpty == true)
  }
  @Test(arguments: [
    ("Authorization", 401, false), ("Authorization", 407, nil), ("Authorization", 302, true),
    ("Authorization", 500, nil),
    ("Proxy-Authorization", 407, false), ("Proxy-Authorization", 401, true),
  ])
  func whatAStatusSaysOfTheLogin(_ field: String, _ status: Int, _ accepted: Bool?) throws {
    let login = Login(request: Self.get("\(field): Basic cDpnZWhlaW0x"), mechanism: "Basic", secrets: [])
    let answer = "HTTP/1.1 \(status) Well\r\nContent-Length: 0\r\n\r\n"
    let found = try conversations(script(login, answer).dialogue(lines)).first?.credentials.first
    #expect(found?.accepted == accepted && found?.reply == "HTTP/1.1 \(status) Well")
  }
}

/// Messages of NTLM in base64.
enum NTLM {
  /// Type 3, of the user `alice` in UTF-16 ([MS-NLMP] §2.2.1.3).
  static let authentication: String = {
    var message = Array("NTLMSSP".utf8) + [0, 3, 0, 0, 0]
    message += [UInt8](repeating: 0, count: 24)
    message += [10, 0, 10, 0, 64, 0, 0, 0]
    message += [UInt8](repeating: 0, count: 16) + [1, 0, 0, 0]
    for octet in "alice".utf8 { message += [octet, 0] }
    return String(decoding: Base64.encode(message.span), as: UTF8.self)
  }()
}
