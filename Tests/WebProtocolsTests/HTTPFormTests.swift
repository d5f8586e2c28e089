import Bytes
import Testing

@testable import WebProtocols

@Suite struct MultipartFormTests {
  private func fields(_ body: String) -> [String] {
    let octets = Array(body.utf8)
    return MultipartForm.decode(octets.span).map { "\($0.name)=\($0.value)" }
  }
  private static let whole =
    "--b\r\nContent-Disposition: form-data; name=\"_user\"\r\n\r\nalice\r\n"
    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nfile\r\n"
    + "--b\r\ncontent-type: text/plain\r\ncontent-disposition: form-data;name=text\r\n\r\ntwo\r\nlines --b\r\n--b--\r\n"

  @Test func decodes() { #expect(fields(Self.whole) == ["_user=alice", "text=two\r\nlines --b"]) }
  @Test(arguments: [
    ("", []), ("--b", []), ("--b\r\n", []), ("a=b", []), ("--b\r\n\r\nno name\r\n--b--", []),
    ("--b\nContent-Disposition: form-data; name=\"a\"\n\nbare\n--b--\n", ["a=bare"]),
    ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut", ["a=cut"]),
    ("--b\r\nContent-Disposition: form-data; name=\"a", ["a="]),
    ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b--", ["a="]),
  ])
  func readsWhatIsThere(_ body: String, _ expected: [String]) { #expect(fields(body) == expected) }

  @Test func anyBeginningCanBeRead() {
    let octets = Array(Self.whole.utf8)
    for count in octets.indices {
      let found = MultipartForm.decode(octets.span.extracting(0..<count))
      #expect(found.first.map { "alice".hasPrefix($0.value) } ?? true)
    }
  }
  @Test func fieldsAreLimited() {
    let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
    #expect(fields(String(repeating: part, count: HTTPLimits.formFieldCount + 2)).count == HTTPLimits.formFieldCount)
  }
}

@Suite struct JSONFormTests {
  private func fields(_ body: String) -> [String] {
    let octets = Array(body.utf8)
    return JSONForm.decode(octets.span).map { "\($0.name)=\($0.value)" }
  }
  @Test(arguments: [
    (#"{"username": "bob", "password": "geheim1"}"#, ["username=bob", "password=geheim1"]),
    (#"{"a":{"b":"c"},"d":[{"e":"f"},"g"],"h":-1.5e3,"i":true,"j":"k"}"#, ["b=c", "e=f", "h=-1.5e3", "j=k"]),
    (#"{"p":["x","y"]}"#, ["p=x"]), (#"{"a\"b":"\\\/\n\u00e9\ud83d\ude00"}"#, ["a\"b=\\/\né😀"]),
    (#"{"cut": "off"#, ["cut=off"]), (#"{"cut": "off\"#, ["cut=off\\"]), (#"{"a": "\u00"#, ["a=\0"]), ("", []),
    ("[1, 2]", []), (#""text""#, []), (#"{"a":null,"b":"c"}"#, ["b=c"]), (#"{"a":"b" "c":"d"}"#, ["a=b", "c=d"]),
  ])
  func decodes(_ body: String, _ expected: [String]) { #expect(fields(body) == expected) }

  @Test func fieldsAreLimited() {
    let many = "{" + String(repeating: #""a":"b","#, count: HTTPLimits.formFieldCount + 2)
    #expect(fields(many).count == HTTPLimits.formFieldCount)
  }
  /// Every text of these octets up to a length, so that no escape and no bracket is left out.
  @Test func neverTraps() {
    let alphabet = Array(#"{[":,\u1= "#.utf8)
    var bodies: [[UInt8]] = [[]]
    for _ in 0..<4 {
      bodies = bodies.flatMap { body in alphabet.map { body + [$0] } }
      for octets in bodies {
        _ = JSONForm.decode(octets.span)
        _ = HTTPAuthorization.digestUserName(in: octets.span)
      }
    }
  }
}

@Suite struct HTTPAuthorizationTests {
  @Test(arguments: [
    ("Basic QWxh", HTTPAuthorization.Scheme.basic, "QWxh"), ("digest  username=\"a\"", .digest, "username=\"a\""),
    ("BEARER mF_9.B5f ", .bearer, "mF_9.B5f"), ("NTLM TlRM", .ntlm, "TlRM"), ("Negotiate YII", .negotiate, "YII"),
    ("HOBA x", .other, "x"), ("Basic", .basic, ""),
  ])
  func parses(_ value: String, _ scheme: HTTPAuthorization.Scheme, _ credentials: String) {
    let octets = Array(value.utf8)
    let found = HTTPAuthorization.parse(octets.span)
    #expect(found?.scheme == scheme)
    let text = found.map { octets.span.extracting(octets.span.bounds($0.credentials)).text() }
    #expect(text == credentials)
  }
  @Test func anEmptyValueIsNone() {
    let octets = Array("  ".utf8)
    let isNone = HTTPAuthorization.parse(octets.span) == nil
    #expect(isNone)
  }
  @Test(arguments: [
    // RFC 7616 §3.9.1, §3.9.2
    (#"username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html""#, "Mufasa"),
    ("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, userhash=false", "Jäsøn Doe"),
    (#"username="488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec", userhash=true"#, nil),
    (#"realm="a, username=\"b\"", username = c"#, "c"), (#"username="a\"b\\""#, #"a"b\"#), ("realm=x", nil), ("", nil),
    ("username", nil), (#"username="cut"#, "cut"), ("username*=a", "a"),
  ])
  func namesTheUser(_ parameters: String, _ expected: String?) {
    let octets = Array(parameters.utf8)
    #expect(HTTPAuthorization.digestUserName(in: octets.span) == expected)
  }
}
