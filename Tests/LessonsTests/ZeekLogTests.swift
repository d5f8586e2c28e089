import Testing

@testable import Lessons

/// The form of Zeek's log, and what Zeek finds in the texts of SMTP and of header fields.
@Suite struct ZeekLogTests {
  @Test(arguments: [
    ("plain, text", false, "plain, text"), ("plain, text", true, #"plain\x2c text"#),
    ("a\tb\nc\r", false, #"a\x09b\x0ac\x0d"#),
    ("\0\u{1B}[2J\u{7F}", false, #"\x00\x1b[2J\x7f"#), (#"back\x09slash"#, false, #"back\\x09slash"#),
    ("größe €", false, "größe €"), ("\u{202E}", false, #"\xe2\x80\xae"#), ("\u{85}", false, #"\xc2\x85"#),
    ("", false, "(empty)"), ("", true, "(empty)"), ("-", false, #"\x2d"#), ("-", true, #"\x2d"#), ("--", false, "--"),
    ("(empty)", false, #"\x28empty)"#),
  ])
  func escapesAsZeekDoes(_ text: String, _ isElement: Bool, _ expected: String) {
    #expect(ZeekLog.escaped(text, isElement: isElement) == expected)
  }
  @Test func namesItsFields() {
    let lines = ZeekLog.heading.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 8 && lines[0] == #"#separator \x09"# && lines[4] == "#path\tsmtp" && lines[7].isEmpty)
    let (names, types) = (lines[5].split(separator: "\t"), lines[6].split(separator: "\t"))
    #expect(names[0] == "#fields" && types[0] == "#types" && names.count == 26 && types.count == 26)
    #expect(names[8] == "helo" && types[8] == "string" && names[10] == "rcptto" && types[10] == "set[string]")
  }
  @Test(arguments: [
    ("1254722768.219663", "1254722768.219663"), ("1788249600.0010443", "1788249600.001044"), ("7", "7.000000"),
    ("7.5", "7.500000"), ("7.9999996", "8.000000"), ("7.0000005", "7.000001"), ("7.000000499", "7.000000"),
    ("x", "0.000000"),
  ])
  func timesHaveMicroseconds(_ time: String, _ expected: String) {
    #expect(ZeekTransaction.microseconds(time) == expected)
  }
  @Test func anIdentifierIsAlwaysTheSame() {
    let uid = ZeekConnection.uid("192.0.2.2 40000 192.0.2.1 25 1.5")
    #expect(uid == ZeekConnection.uid("192.0.2.2 40000 192.0.2.1 25 1.5"))
    #expect(uid != ZeekConnection.uid("192.0.2.2 40000 192.0.2.1 25 1.6"))
    let many = Set((0..<20_000).map { ZeekConnection.uid("192.0.2.2 \($0) 192.0.2.1 25 1.5") })
    #expect(many.count == 20_000)
    #expect(
      many.allSatisfy { $0.first == "C" && (5...18).contains($0.count) && $0.allSatisfy { $0.isLetter || $0.isNumber } }
    )
  }

  @Test(arguments: [
    ("FROM:<alice@crepes.example> SIZE=995", ["alice@crepes.example"]),
    ("FROM: alice@crepes.example", ["alice@crepes.example"]),
    ("FROM:<>", []), ("TO:<postmaster>", []), ("TO:<@relay.example:bob@b.example>", ["bob@b.example"]),
    ("TO:<bob@b.example> ORCPT=rfc822;bob@b.example", ["bob@b.example", "ORCPT=rfc822bob@b.example"]),
    ("a@b,c@d", ["a@b", "c@d"]), ("@", []), ("a@", []), ("@b", []), ("a@@b", ["a@@b"]), ("", []), ("<a@b", ["a@b"]),
    ("TO:<größe@b.example>", ["größe@b.example"]),
  ])
  func findsAddresses(_ argument: String, _ expected: [String]) {
    #expect(ZeekAddresses.found(in: argument) == expected)
  }
  @Test(arguments: [
    ("a@b, c@d", ["a@b", "c@d"]), (#""Doe, J" <a@b>,c@d"#, [#""Doe, J" <a@b>"#, "c@d"]),
    (#""Doe, J"#, [#""Doe"#, #"J"#]),
    (",,a@b,", ["a@b"]), ("", []), (#""a","b""#, [#""a""#, #""b""#]),
  ])
  func partsAddresses(_ field: String, _ expected: [String]) { #expect(ZeekAddresses.parted(field) == expected) }

  @Test(arguments: [
    ("from a ([192.0.2.1]) by b (192.0.2.2)", true, ["192.0.2.1", "192.0.2.2"]), ("192.0.2.1", true, ["192.0.2.1"]),
    ("id 192.0.2.1;", true, []), ("id 192.0.2.1;", false, ["192.0.2.1"]), ("at 192.0.2.1 by", true, ["192.0.2.1"]),
    ("[256.0.2.1]", true, []), ("[192.0.2.256]", true, []), ("[2001:DB8:0:0:0:0:0:1]", true, ["2001:db8::1"]),
    ("[::1]", true, ["::1"]), ("[::ffff]", true, ["::ffff"]),
    ("[1:2:3:4:5:6:192.0.2.1]", true, ["1:2:3:4:5:6:c000:201"]),
    ("12:34:56", false, []), ("Mon, 5 Oct 2009 11:36:07 +0530", false, []), ("(8.14.7/8.14.7)", false, []),
    ("[IPv6:2001:db8::1]", true, []), ("[1::2::3]", true, []), ("", true, []), ("[a::]", true, ["a::"]),
    ("[1:2:3:4:5:6:7::]", true, ["1:2:3:4:5:6:7:0"]), ("192.0.2", false, []), ("[::192.0.2.1]", true, ["::c000:201"]),
  ])
  func findsHosts(_ field: String, _ areWrapped: Bool, _ expected: [String]) {
    #expect(ZeekHosts.addresses(in: field, areWrapped: areWrapped) == expected)
  }
  /// A field as long as the record keeps takes no noticeable time.
  @Test(.timeLimit(.minutes(1)), arguments: ["1.", "1:", "::", "a@", "\"a,", "1.1.1.1 "])
  func longFieldsTakeLittleTime(_ piece: String) {
    let field = String(repeating: piece, count: 100_000)
    _ = ZeekHosts.addresses(in: field, areWrapped: true)
    _ = ZeekAddresses.found(in: field)
    _ = ZeekAddresses.parted(field)
  }
}
