import Bytes
import Testing

@testable import MailProtocols

@Suite struct ContentTypeTests {
  @Test(arguments: [
    ("text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii"),
    ("text/plain; charset=\"us-ascii\"", "charset", "us-ascii"),
    ("text/plain ; (c) CHARSET = utf-8 ;", "charset", "utf-8"), ("text/plain charset=utf-8", "charset", "utf-8"),
    ("multipart/mixed; boundary=gc0y0pkb9ex", "boundary", "gc0y0pkb9ex"),
    ("multipart/mixed;\r\n\tboundary=\"=_a b;c\"", "boundary", "=_a b;c"),
    ("multipart/mixed; boundary=\"open", "boundary", "open"),
    ("a/b; x=\"y\" name=z", "name", "z"), ("a/b; x=y\r\n name=z", "name", "z"), ("a/b; name=y\r\n z", "name", "y z"),
    ("a/b; x=\"y\"junk; name=z", "name", "z"), ("multipart/mixed; boundary=a=b", "boundary", "a=b"),
    ("multipart/mixed;;; ;boundary=x;;", "boundary", "x"),
    // RFC 2231 §3, §4, §4.1
    (
      "message/external-body; access-type=URL;\r\n URL*0=\"ftp://\";\r\n URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\"",
      "url", "ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"
    ),
    (
      "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", "title", "This is ***fun***"
    ),
    (
      "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20;\r\n title*1*=%2A%2A%2Afun%2A%2A%2A%20;\r\n title*2=\"isn't it!\"",
      "title", "This is even more ***fun*** isn't it!"
    ), ("a/b; name*1=b; name*0=a; name*3=d", "name", "ab"), ("a/b; name*=utf-8''%e2%82%ac; name=euro", "name", "€"),
    ("a/b; name*0*=iso-8859-1''%E9; name*1=\"%41\"", "name", "é%41"), ("a/b; name*=%zz%4", "name", "%zz%4"),
    ("a/b; name=\"=?iso-8859-1?q?=E9t=E9?= .txt\"", "name", "été .txt"),
    ("a/b; name=my file (1).pdf; x=y", "name", "my file (1).pdf"),
    ("a/b; name=\"a\\\"b\\\\c\"", "name", "a\"b\\c"), ("a/b; name=\"fol\r\n ded\"", "name", "fol ded"),
    ("a/b; name=", "name", ""),
  ])
  func parameters(_ value: String, _ attribute: String, _ expected: String) throws {
    let type = try #require(ContentType.parse(value.octets))
    #expect(type.parameters[attribute] == expected)
  }

  @Test(arguments: [
    ("Text/HTML", "text", "html"), ("text", "text", ""), (" text / plain ; a=b", "text", "plain"),
    ("(c)text(d)/plain", "text", "plain"),
    ("text;a=b", "text", ""),
  ])
  func types(_ value: String, _ type: String, _ subtype: String) throws {
    let parsed = try #require(ContentType.parse(value.octets))
    #expect(parsed.type == type)
    #expect(parsed.subtype == subtype)
  }
  @Test(arguments: ["", " ", ";", "/", "; charset=x", "(unclosed"]) func isNoType(_ value: String) {
    #expect(ContentType.parse(value.octets) == nil)
  }

  @Test func disposition() throws {
    let value = "ATTACHMENT; filename=genome.jpeg;\r\n modification-date=\"Wed, 12 Feb 1997 16:29:51 -0500\""
    let parsed = try #require(ContentDisposition.parse(value.octets))
    #expect(parsed.type == "attachment")
    #expect(parsed.filename == "genome.jpeg")
    #expect(parsed.parameters["modification-date"] == "Wed, 12 Feb 1997 16:29:51 -0500")
  }

  @Test(arguments: [
    "a.txt", "", "two words", "q\"uo\\te", "semi;colon", "Größe.pdf", "日本語の長いファイル名、何節にもわたって続くもの.txt",
    String(repeating: "long ", count: 40), "=?utf-8?q?a?=", "percent%41'quote'", "line\r\nend", " edge ",
  ])
  func comesBackFromTheWire(_ name: String) throws {
    let parameters = ParameterList([.init(attribute: "name", value: name), .init(attribute: "charset", value: "utf-8")])
    let type = ContentType(type: "text", subtype: "plain", parameters: parameters)
    var writer = ByteWriter()
    HeaderField.encode(name: "Content-Type", value: type.encode(), into: &writer)
    let wire = writer.withOctets { $0.copied() }
    for line in wire.split(separator: 10) { #expect(line.count <= 79) }
    let field = try #require(HeaderField.parse(wire))
    #expect(ContentType.parse(Array(wire[field.value.lower..<field.value.upper])) == type)
  }

  @Test(arguments: [
    ("text/plain", ContentType.Summary.Kind.textPlain, "", "", ""), ("", .other, "", "", ""),
    ("text", .textPlain, "", "", ""),
    ("TEXT/html; Charset=\"utf-8\"; name=a.html", .textHTML, "", "utf-8", "a.html"),
    ("text/csv", .otherText, "", "", ""),
    ("multipart/mixed; boundary=\"--=_x\"; boundaryx=y", .multipart, "--=_x", "", ""),
    ("message/rfc822", .messageRFC822, "", "", ""),
    ("application/pdf; filename=x; name*0=y", .other, "", "", "y"),
    ("multipart/mixed; boundary=a (c); charset", .multipart, "a", "", ""),
  ])
  func summary(_ value: String, _ kind: ContentType.Summary.Kind, _ boundary: String, _ charset: String, _ name: String)
  {
    let octets = value.octets
    let summary = ContentType.Summary.parse(octets.span)
    #expect(summary.kind == kind)
    #expect(octets.text(summary.boundary) == boundary)
    #expect(octets.text(summary.charset) == charset)
    #expect(octets.text(summary.name) == name)
  }

  @Test(arguments: [
    ("7bit", TransferEncoding.sevenBit), (" BASE64 ", .base64), ("Quoted-Printable (x)", .quotedPrintable),
    ("8bit", .eightBit),
    ("binary;", .binary), ("x-token", .unknown), ("", .sevenBit), ("X-UUencode", .uuencode), ("uuencode", .uuencode),
    ("x-uue", .uuencode),
  ])
  func transferEncoding(_ value: String, _ encoding: TransferEncoding) {
    #expect(TransferEncoding.parse(value.octets) == encoding)
    if encoding != .unknown { #expect(TransferEncoding.parse(encoding.name.octets) == encoding) }
  }

  @Test func tooManyParametersAreReported() {
    let value = "a/b" + String(repeating: ";x=y", count: MessageLimits.parameterCount + 1)
    #expect(ContentType.parse(value.octets)?.parameters.reachedLimit == true)
  }

  @Test func nothingTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<5000 {
      let octets = "a/b;n*0*".octets.prefix(Int.random(in: 0...8, using: &random)) + troublesome(&random)
      _ = ContentType.parse(Array(octets))
      let all = Array(octets)
      _ = ContentType.Summary.parse(all.span)
      _ = AddressList.parse(all)
      _ = MessageDate.parse(all)
    }
  }
}
