import Bytes
import MailProtocols
import Testing

@testable import MailSystem

@Suite struct MIMEStructureTests {
  /// The message of RFC 9051 §6.4.5.1, with which part numbers are explained.
  static let nested = """
    Subject: outer
    Content-Type: multipart/mixed; boundary=a

    preamble
    --a
    Content-Type: text/plain

    one
    --a
    Content-Type: application/octet-stream
    Content-Transfer-Encoding: base64

    dHdv
    --a
    Content-Type: message/rfc822

    Subject: three
    Content-Type: multipart/alternative; boundary="b"

    --b

    three one
    --b
    Content-Type: text/html

    three two
    --b--
    --a
    Content-Type: multipart/mixed; boundary=c

    --c
    Content-Type: image/gif

    GIF
    --c
    Content-Type: message/rfc822

    Subject: four two

    four two one
    --c--
    --a--
    epilogue

    """.replacing("\n", with: "\r\n")

  private func body(_ text: String, _ part: [UInt32]) -> String? {
    let octets = Array(text.utf8)
    guard let entity = MIMEStructure.parse(octets.span).entity(part) else { return nil }
    return octets.span.extracting(entity.body).text()
  }

  @Test(
    arguments: [
      ([1], "one"), ([2], "dHdv"), ([3, 1], "three one"), ([3, 2], "three two"), ([4, 1], "GIF"),
      ([4, 2], "Subject: four two\r\n\r\nfour two one"), ([4, 2, 1], "four two one"), ([5], nil), ([0], nil),
      ([1, 1], nil),
      ([3, 3], nil), ([4, 2, 2], nil), ([4, 2, 1, 1], nil), ([4_294_967_295], nil),
    ] as [([UInt32], String?)])
  func partsByTheirNumbers(_ part: [UInt32], _ text: String?) { #expect(body(Self.nested, part) == text) }

  @Test func aMessageThatIsNoMultipartIsItsOwnFirstPart() {
    let text = "Subject: x\r\n\r\nbody\r\n"
    #expect(body(text, [1]) == "body\r\n")
    #expect(body(text, []) == "body\r\n")
    #expect(body(text, [2]) == nil)
    #expect(body(text, [1, 1]) == nil)
  }
  @Test(arguments: [
    ("", "text/plain 0 0"), ("no header", "text/plain 9 0"), ("\r\nonly a body", "text/plain 2 11"),
    ("A: b\n\nbare line feeds\n", "text/plain 6 16"), ("Content-Type: image/png\r\n\r\n", "image/png 27 0"),
    ("Content-Type: nonsense\r\n\r\nx", "text/plain 26 1"),
    ("Content-Type: multipart/mixed\r\n\r\nno boundary", "text/plain 33 11"),
    ("Content-Type: multipart/mixed; boundary=x\r\n\r\nno part", "text/plain 45 7"),
    ("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", "multipart/mixed 45 5"),
  ])
  func crookedMessagesHaveAStructure(_ text: String, _ summary: String) {
    let octets = Array(text.utf8)
    let entity = MIMEStructure.parse(octets.span)
    #expect(
      "\(entity.contentType.type)/\(entity.contentType.subtype) \(entity.header.count) \(entity.body.count)" == summary)
  }
  @Test func aDigestIsOfMessages() {
    let text = "Content-Type: multipart/digest; boundary=x\r\n\r\n--x\r\n\r\nSubject: in\r\n\r\nhello\r\n--x--\r\n"
    #expect(body(text, [1, 1]) == "hello")
  }
  @Test func aDelimiterThatOnlyBeginsSoIsNone() {
    let text =
      "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n--xy\r\nstill\r\n--x-- \r\n--x\r\n\r\nbehind"
    #expect(body(text, [1]) == "--xy\r\nstill")
    #expect(body(text, [2]) == nil)
  }
  /// Entities within entities, and entities beside each other, come to an end.
  @Test func depthAndNumberAreBounded() {
    let deep = String(repeating: "Content-Type: message/rfc822\r\n\r\n", count: 5000) + "Subject: x\r\n\r\n"
    var entity = MIMEStructure.parse(Array(deep.utf8).span)
    var depth = 0
    while let part = entity.parts.first {
      entity = part
      depth += 1
    }
    #expect(depth == MIMEStructure.Limits.depth)
    let wide =
      "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + String(repeating: "--x\r\n\r\n", count: 5000)
    #expect(MIMEStructure.parse(Array(wide.utf8).span).parts.count < MIMEStructure.Limits.partCount + 1)
  }
  /// Ranges stay within the message whatever it is.
  @Test func rangesLieWithinTheMessage() {
    let octets = Array(Self.nested.utf8)
    func check(_ entity: MIMEStructure, _ range: Range<Int>) {
      #expect(entity.header.upperBound == entity.body.lowerBound)
      #expect(range.lowerBound <= entity.header.lowerBound && entity.body.upperBound <= range.upperBound)
      for part in entity.parts { check(part, entity.body) }
    }
    for end in octets.indices {
      let cut = Array(octets[..<end])
      check(MIMEStructure.parse(cut.span), 0..<end)
    }
  }
}
