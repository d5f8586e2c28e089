import Bytes
import Testing

@testable import MailProtocols

@Suite struct CharsetTests {
  @Test(
    arguments: [
      ("utf-8", [0xC3, 0xA9], "é"), ("UTF8", [0xC3], "\u{FFFD}"), ("us-ascii", [0x41, 0xE9], "Aé"),
      ("ISO-8859-1", [0xE9, 0x80], "é\u{80}"), ("iso-8859-15", [0xA4], "€"),
      ("Windows-1252", [0x80, 0x93, 0x41], "€“A"),
      ("utf-16", [0x00, 0x41], "A"), ("utf-16", [0xFF, 0xFE, 0x41, 0x00], "A"),
      ("utf-16le", [0x41, 0x00, 0x42], "A\u{FFFD}"),
      ("shift_jis", [0x93, 0xFA], "日"), ("x-sjis", [0x93], "\u{FFFD}"), ("euc-jp", [0xFF, 0x41], "\u{FFFD}A"),
      ("utf-7", [0x2B, 0x41, 0x4F, 0x6B, 0x2D], "é"), ("big5", [0xA4, 0xA4], "中"), ("nonsense", [0xE9], "é"),
      ("utf-8//TRANSLIT", [0x41], "A"), ("../../etc", [0x41], "A"), ("", [0xC3, 0xA9], "é"),
    ] as [(String, [UInt8], String)])
  func decodes(_ name: String, _ octets: [UInt8], _ text: String) {
    #expect(Charset.decode(octets, named: name) == text)
  }

  @Test func longTextsPassThroughSmallBlocks() {
    let octets = [UInt8](repeating: 0xC4, count: 50_001)
    #expect(Charset.decode(octets, named: "koi8-r").unicodeScalars.count == 50_001)
    #expect(Charset.decode([UInt8](repeating: 0xFF, count: 20_000), named: "euc-kr").unicodeScalars.count == 20_000)
  }

  @Test(arguments: [
    "iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "utf-7", "utf-16", "utf-32", "gb18030", "big5-hkscs", "euc-tw", "hz",
    "cp949", "ibm1364", "tscii", "euc-jisx0213",
  ])
  func garbageEnds(_ name: String) {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      let octets = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = Charset.decode(octets, named: name)
      _ = Charset.decode((octets.map { $0 & 0x1F | 0x1B }), named: name)
    }
  }
}
