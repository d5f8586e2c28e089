import Bytes
import Testing

@testable import WebProtocols

extension BasicCredentials {
  static func parse(_ value: [UInt8]) -> BasicCredentials? { parse(value.span) }
}

@Suite struct BasicCredentialsTests {
  @Test(arguments: [
    // RFC 7617 §2, §2.1
    ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin", "open sesame"), ("basic  dGVzdDoxMjPCow==", "test", "123£"),
    ("BASIC YTpiOmM", "a", "b:c"), ("Basic Og==", "", ""),
  ])
  func parses(_ value: String, _ user: String, _ password: String) {
    let expected = BasicCredentials(user: Array(user.utf8), password: Array(password.utf8))
    #expect(BasicCredentials.parse(Array(value.utf8)) == expected)
    var writer = ByteWriter()
    expected.encode(into: &writer)
    #expect(BasicCredentials.parse(writer.withOctets { $0.copied() }) == expected)
  }
  @Test(arguments: ["", "Basic", "Basic ", "Bearer QTpi", "Basic QUI=", "Basic ???"])
  func isNone(_ value: String) { #expect(BasicCredentials.parse(Array(value.utf8)) == nil) }
}

@Suite struct FormDecoderTests {
  private func fields(_ body: String) -> [FormField] {
    let octets = Array(body.utf8)
    return FormDecoder.decode(octets.span).fields
  }
  @Test(arguments: [
    ("a=b&c=d", ["a=b", "c=d"]), ("to=bob%40x&s=two+words", ["to=bob@x", "s=two words"]), ("a", ["a="]), ("=b", ["=b"]),
    ("&&a=b&", ["a=b"]), ("a=b=c", ["a=b=c"]), ("a=%C3%A9%e9", ["a=Ã©é"]), ("a=%zz%4", ["a=%zz%4"]), ("", []),
    ("a=%", ["a=%"]),
  ])
  func decodes(_ body: String, _ expected: [String]) {
    #expect(fields(body).map { "\($0.name)=\($0.value)" } == expected)
  }

  @Test func comesBackFromTheWire() {
    let form = [
      FormField(name: "a&b=", value: "c d+é%\r\n"), FormField(name: "", value: ""), FormField(name: "x", value: ""),
    ]
    #expect(fields(FormDecoder.encode(form)) == form)
  }
  @Test func limitsAreReported() {
    let many = Array(String(repeating: "a=b&", count: HTTPLimits.formFieldCount + 1).utf8)
    var result = FormDecoder.decode(many.span)
    #expect(result.reachedLimit && result.fields.count == HTTPLimits.formFieldCount)
    let long = Array("a=".utf8) + [UInt8](repeating: 98, count: HTTPLimits.formFieldOctets + 1)
    result = FormDecoder.decode(long.span)
    #expect(result.reachedLimit && result.fields.first?.value.utf8.count == HTTPLimits.formFieldOctets)
  }
}
