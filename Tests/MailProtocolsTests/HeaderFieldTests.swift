import Bytes
import Testing

@testable import MailProtocols

@Suite struct HeaderFieldTests {
  @Test(arguments: [
    ("Subject: hello", "Subject", "hello"), ("Subject:hello\r\n", "Subject", "hello"),
    ("To \t:  a@b \r\n", "To", "a@b"), ("X:\r\n", "X", ""), ("A: b\r\n\tc: d\r\n", "A", "b\r\n\tc: d"),
    ("a:b:c", "a", "b:c"),
  ])
  func parses(_ line: String, _ name: String, _ value: String) throws {
    let octets = line.octets
    let field = try #require(HeaderField.parse(octets))
    #expect(octets.text(field.name) == name)
    #expect(octets.text(field.value) == value)
  }

  @Test(arguments: ["", " folded: x", ":", ": value", "no colon", "From alice Mon: x", "\u{e9}: x", "\r\n", "Name"])
  func isNoField(_ line: String) { #expect(HeaderField.parse(line.octets) == nil) }

  @Test(arguments: [
    "short", "", String(repeating: "word ", count: 60) + "end", String(repeating: "x", count: 200) + " y",
    "two  spaces " + String(repeating: "and more  ", count: 20) + "end", "Größe und Maß", "=?not a word",
    "😀 " + String(repeating: "Ärger ", count: 30) + "Ende", " leading", "trailing ", "tab\tinside",
  ])
  func comesBackFromTheWire(_ text: String) throws {
    var writer = ByteWriter()
    HeaderField.encode(name: "Subject", text: text, into: &writer)
    let wire = writer.withOctets { $0.copied() }
    for line in wire.split(separator: 10) {
      let words = line.split(separator: 32)
      #expect(line.count <= 79 || words.count <= 2, "unfolded: \(String(decoding: line, as: UTF8.self))")
    }
    let field = try #require(HeaderField.parse(wire))
    #expect(field.name == OctetRange(0, 7))
    #expect(EncodedWord.decode(Array(wire.text(field.value).utf8)) == text)
  }

  @Test func aValueCannotBeginAnotherField() {
    var writer = ByteWriter()
    HeaderField.encode(name: "Sub\r\nject:", value: "a\r\nBcc: mallory@example.com", into: &writer)
    #expect(writer.withOctets { $0.text() } == "Subject: a  Bcc: mallory@example.com\r\n")
  }
}
