import Bytes
import Testing

@Suite struct Base64Tests {
  /// RFC 4648 §10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func vectors(_ plain: String, _ encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == Array(encoded.utf8))
    #expect(Base64.decode(Array(encoded.utf8)) == Array(plain.utf8))
    #expect(Base64.decodeLenient(Array(encoded.utf8)) == Array(plain.utf8))
  }

  @Test(arguments: ["Zg", "Zg=", "Zg==\n", "Z===", "=", "====", "Zg==Zg==", "Zm=v", "Z*9v", "Zm9v "])
  func strictRefuses(_ text: String) { #expect(Base64.decode(Array(text.utf8)) == nil) }
  /// A foreign octet anywhere, padding before the end: nothing of the text is appended.
  @Test func strictRefusesAtEveryOffset() {
    for text in ["QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "QWxhZGRpbjpvcGVuIHNlc2Ft", "QWxhZGRpbjpvcGVuIHNlc2FtZSE="] {
      for offset in 0..<text.utf8.count - 2 {
        for foreign in ["*", "=", "\r", "\u{7f}"] {
          var octets = Array(text.utf8)
          octets[offset] = Array(foreign.utf8)[0]
          var writer = ByteWriter()
          writer.append("kept")
          #expect(!Base64.decode(octets.span, into: &writer), "\(foreign) at \(offset)")
          #expect(writer.withOctets { $0.text() } == "kept")
        }
      }
    }
  }

  @Test func lenientSkipsForeignOctetsAndEndsAtPadding() {
    #expect(Base64.decodeLenient(Array("Zm\r\n9-v\u{e9}Y g==Zm9v".utf8)) == Array("foob".utf8))
    #expect(Base64.decodeLenient(Array("=Zm9v".utf8)) == Array("foo".utf8))
  }

  @Test func everyOctetIsJudgedAlikeInWordsAndAlone() {
    for octet in UInt8.min...UInt8.max {
      var decoder = Base64Decoder()
      let eight = [UInt8](repeating: octet, count: 8)
      let counted = decoder.count(eight.span)
      #expect(counted == Base64.decodeLenient(eight).count, "octet \(octet)")
      var alone = ByteWriter()
      decoder = Base64Decoder()
      for index in 0..<8 { decoder.decode(eight.span.extracting(index..<(index + 1)), into: &alone) }
      #expect(alone.withOctets { $0.copied() } == Base64.decodeLenient(eight), "octet \(octet)")
    }
  }

  /// A run ends before what says more than its octets do, and never between CR and LF; what follows is counted as before.
  @Test(arguments: ["--boundary", ".", "QQ==", "Zm9v\r\n\u{e9}\0Zm9v", ""]) func runsAreCountedLikeLines(_ tail: String)
  {
    for lineCount in [0, 1, 7] {
      var text: [UInt8] = []
      for line in 0..<lineCount { text += Array(repeating: UInt8(ascii: "A"), count: 60 + line % 17) + [13, 10] }
      text += Array(tail.utf8)
      var counter = Base64Decoder()
      let whole = counter.count(text.span)
      for cut in 0...text.count {
        var (decoder, octetCount) = (Base64Decoder(), 0)
        for piece in [text[..<cut], text[cut...]] {
          let octets = Array(piece)
          let run = decoder.countRun(octets.span, from: 0)
          #expect(run.end == 0 || octets[run.end - 1] != 13)
          #expect(!octets[..<run.end].contains { [45, 46, 61].contains($0) })
          octetCount += run.octetCount + decoder.count(octets.span.extracting(run.end...))
        }
        #expect(octetCount == whole, "\(lineCount) lines and \(tail), cut at \(cut)")
      }
    }
  }

  @Test(arguments: [nil, 76, 4, 60]) func dripFed(_ lineOctets: Int?) {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Random(seed: seed)
    for length in [0, 1, 2, 3, 56, 57, 58, 700, 3000] {
      let plain = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      var writer = ByteWriter()
      Base64.encode(plain.span, lineOctets: lineOctets, into: &writer)
      writer.append("\r\n--trailer")
      let text = writer.withOctets { $0.copied() }
      if length % 3 != 0 {
        for cut in [Int.max, 1, 78, 0] {
          var decoder = Base64Decoder()
          var counter = Base64Decoder()
          var counted = 0
          var decoded = ByteWriter()
          var offset = 0
          while offset < text.count {
            let step = cut == 0 ? Int.random(in: 1...40, using: &random) : cut
            let end = offset + min(step, text.count - offset)
            decoder.decode(text.span.extracting(offset..<end), into: &decoded)
            counted += counter.count(text.span.extracting(offset..<end))
            offset = end
          }
          #expect(decoded.withOctets { $0.copied() } == plain, "seed \(seed), cut \(cut)")
          #expect(counted == length, "seed \(seed), cut \(cut)")
          #expect(decoder.isFinished && counter.isFinished)
        }
      }
    }
  }
}

/// A seeded generator (SplitMix64), so that a failing run can be repeated.
struct Random: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

// A macro cannot take a span: the same functions over arrays.
extension Base64 {
  static func encode(_ octets: [UInt8]) -> [UInt8] { encode(octets.span) }
  static func decode(_ text: [UInt8]) -> [UInt8]? { decode(text.span) }
  static func decodeLenient(_ text: [UInt8]) -> [UInt8] { decodeLenient(text.span) }
}
