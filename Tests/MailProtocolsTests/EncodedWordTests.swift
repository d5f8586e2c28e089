import Bytes
import Testing

@testable import MailProtocols

@Suite struct EncodedWordTests {
  @Test(arguments: [
    // RFC 2047 §8
    ("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>"),
    ("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld Jørn Simonsen"),
    ("=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard"),
    (
      "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
      "If you can read this you understand the example."
    ), ("=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=", "םולש ןב ילטפנ"), ("(=?ISO-8859-1?Q?a?=)", "(a)"),
    ("(=?ISO-8859-1?Q?a?= b)", "(a b)"), ("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"),
    ("(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)"), ("(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)"),
    ("(=?ISO-8859-1?Q?a_b?=)", "(a b)"), ("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)"),
    // RFC 2231 §5
    ("=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore"),
    // a character cut between words
    ("=?utf-8?B?w?= x", "=?utf-8?B?w?= x".replacingWord()), ("=?utf-8?Q?=C3?= =?UTF-8?Q?=A9t=c3=A9?=", "été"),
    ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"), ("a=?utf-8?q?b?=c", "abc"), ("=?utf-8?q?a b?=", "a b"),
    ("=?utf-8?q?Really??=", "Really?"), ("=?utf-8?q?=41?=", "A"), ("=?utf-8?q??=", ""),
    // broken ones
    ("=?utf-8?q?open", "=?utf-8?q?open"), ("=?utf-8?x?a?=", "=?utf-8?x?a?="), ("=??q?a?=", "=??q?a?="),
    ("=?utf-8?b?a*b?=", "=?utf-8?b?a*b?="), ("=?utf-8?q?=4?= =ZZ", "=4 =ZZ"), ("=?", "=?"), ("=?a?q?", "=?a?q?"),
    ("=?x=?utf-8?q?b?=", "=?xb"), ("=?a?q?c=?utf-8?q?b?=", "=?a?q?cb"), ("=?unheard-of?q?=E9?=", "é"),
    ("=?utf-8?q?=FF?=", "\u{FFFD}"), ("raw ü", "raw ü"), ("fold\r\n\ted", "fold\ted"), ("", ""),
    ("=?gb2312?B?1tC5+g==?=", "中国"), ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
    ("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=", "Привет"), ("=?windows-1252?q?=80?=", "€"),
    ("=?koi8-r?b?8NLJ18XU?=", "Привет"),
  ])
  func decodes(_ value: String, _ text: String) { #expect(EncodedWord.decode(value.octets) == text) }

  @Test func rawLatin1IsNotLost() {
    #expect(EncodedWord.decode(([0x41, 0xE9, 0x20] + "=?utf-8?q?b?=".octets)) == "Aé b")
  }

  @Test(arguments: [
    "é", "Größe", "日本語のとても長い件名で、何行にもわたって折り返されるはずのもの、まだ続く", "a =?utf-8?q?b?= c", "?=_= é", "\u{0}\r\n",
    "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    String(repeating: "mostly plain é ", count: 20),
  ])
  func comesBack(_ text: String) {
    let wire = EncodedWord.encode(text)
    #expect(EncodedWord.decode(wire.octets) == text)
    for word in wire.split(separator: " ") { #expect(word.utf8.count <= MessageLimits.encodedWordOctets) }
  }

  @Test func nothingTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<5000 {
      let octets = troublesome(&random)
      _ = EncodedWord.decode(octets)
      _ = HeaderField.parse(octets)
    }
  }

  @Test func hugeHostileValuesTakeLinearTime() {
    for piece in ["=?a?q?", "=?a?q?=", "=?", "?=", "=?a?b?", "=?a?q?b?= ", "?"] {
      let octets = String(repeating: piece, count: 100_000).octets
      _ = EncodedWord.decode(octets)
    }
  }
}

extension String {
  /// A single sextet is no octet: the word decodes to nothing.
  fileprivate func replacingWord() -> String { " x" }
}
