import Bytes
import Testing

@testable import WebProtocols

@Suite struct HTTPChunkDecoderTests {
  /// What came out, and what was left over behind the end (nil: no end), or `malformed`.
  private func decode(_ pieces: [[UInt8]]) -> (content: [UInt8], rest: [UInt8]?, isMalformed: Bool) {
    var decoder = HTTPChunkDecoder()
    var content: [UInt8] = []
    var rest: [UInt8]?
    for piece in pieces {
      if rest != nil {
        rest? += piece
        continue
      }
      var start = 0
      while start < piece.count {
        let step = decoder.receive(piece.span.extracting(start..<piece.count))
        switch step {
        case .data(let range, let consumed):
          content += piece[(start + range.lower)..<(start + range.upper)]
          start += consumed
        case .needMore: start = piece.count
        case .finished(let consumed):
          rest = Array(piece[(start + consumed)...])
          start = piece.count
        case .malformed: return (content, rest, true)
        }
      }
    }
    return (content, rest, false)
  }
  private func cuts(_ octets: [UInt8], seed: UInt64) -> [[[UInt8]]] {
    var state = seed
    var random: [[UInt8]] = []
    var position = 0
    while position < octets.count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let end = min(octets.count, position + 1 + Int(state >> 33 % 6))
      random.append(Array(octets[position..<end]))
      position = end
    }
    return [[octets], octets.map { [$0] }, random]
  }

  @Test(arguments: [
    ("4\r\nWiki\r\n7\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\n\r\nHTTP", "Wikipedia in \r\nchunks.", "HTTP"),
    ("0\r\n\r\n", "", ""),
    ("5;a=b;c=\"d\"\r\nhello\r\n0;x\r\nTrailer: y\r\nOther: z\r\n\r\nrest", "hello", "rest"),
    ("2\nab\n0\n\n", "ab", ""),
    ("00a \r\n0123456789\r\n000\r\n\r\n", "0123456789", ""), ("3\r\nab", "ab", nil), ("", "", nil),
    ("3\r\nabc\r\n0\r\n", "abc", nil),
  ])
  func decodesHoweverItIsCut(_ text: String, _ content: String, _ rest: String?) {
    let seed = UInt64.random(in: 0...UInt64.max)
    for pieces in cuts(Array(text.utf8), seed: seed) {
      let result = decode(pieces)
      #expect(result.content == Array(content.utf8), "seed \(seed)")
      #expect(result.rest == rest.map { Array($0.utf8) }, "seed \(seed)")
      #expect(!result.isMalformed)
    }
  }

  @Test(arguments: ["x\r\n", "\r\n", "-1\r\n", "3\r\nabcd\r\n", "ffffffffffffffffff\r\n", "1\r\na\r\r\n", "4x\r\nabcd"])
  func malformed(_ text: String) {
    for pieces in cuts(Array(text.utf8), seed: 1) { #expect(decode(pieces).isMalformed) }
  }

  @Test func limitsHold() {
    let blanks = [UInt8](repeating: 48, count: HTTPLimits.chunkLineOctets + 1)
    #expect(decode([blanks]).isMalformed)
    #expect(decode([Array("1;".utf8) + blanks]).isMalformed)
    let trailers = Array(String(repeating: "A: b\r\n", count: HTTPLimits.trailerOctets / 6 + 1).utf8)
    #expect(decode([Array("0\r\n".utf8) + trailers]).isMalformed)
  }

  @Test func aHugeSizeDoesNotOverflow() {
    let result = decode([Array("7fffffffffffffff\r\nabc".utf8)])
    #expect(result.content == Array("abc".utf8))
    #expect(!result.isMalformed)
  }

  @Test(arguments: [1, 15, 16, 255, 256, 70_000]) func comesBackFromTheWire(_ count: Int) {
    let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    var writer = ByteWriter()
    HTTPChunkDecoder.encode(octets.span, into: &writer)
    HTTPChunkDecoder.encodeEnd(into: &writer)
    let result = decode([writer.withOctets { $0.copied() }])
    #expect(result.content == octets)
    #expect(result.rest == [])
  }
}
