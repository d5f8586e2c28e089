import Bytes
import Testing

@testable import MailProtocols

@Suite struct QuotedPrintableTests {
  @Test(arguments: [
    ("", ""), ("plain\r\n", "plain\r\n"), ("=41=4a=4A", "AJJ"), ("soft=\r\nbreak", "softbreak"),
    ("soft=\nbreak", "softbreak"),
    ("soft= \t \r\nbreak", "softbreak"), ("blank \t\r\nend  ", "blank\r\nend"), ("in  side\n", "in  side\n"),
    ("=XY", "=XY"),
    ("=4", "=4"), ("=4Z=41", "=4ZA"), ("end=", "end"), ("==41", "=A"), ("a=\rb", "a=\rb"), ("a \rb", "a \rb"),
    ("= x", "= x"),
    ("=  ", ""), ("a\r", "a\r"), ("\r\n\r\n", "\r\n\r\n"), ("a\r\r\n", "a\r\r\n"), ("=\r", ""),
    ("=\r\r\nx", "=\r\r\nx"), ("\t=41", "\tA"),
    ("a" + String(repeating: " \t", count: 40) + "b", "a" + String(repeating: " \t", count: 40) + "b"),
    ("=" + String(repeating: " ", count: 80) + "b", "=" + String(repeating: " ", count: 80) + "b"),
  ])
  func decodesHoweverItIsCut(_ text: String, _ plain: String) {
    dripFeed(text.octets, seed: UInt64.random(in: 0...UInt64.max)) { pieces, how in
      var decoder = QuotedPrintableDecoder()
      var counter = QuotedPrintableDecoder()
      var writer = ByteWriter()
      var count = 0
      for piece in pieces {
        decoder.decode(piece.span, into: &writer)
        count += counter.count(piece.span)
      }
      decoder.finish(into: &writer)
      count += counter.finishCount()
      #expect(writer.withOctets { $0.text() } == plain, "\(how)")
      #expect(count == plain.utf8.count, "\(how)")
    }
  }

  @Test func anyOctetsComeBack() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<2000 {
      let octets = troublesome(&random) + troublesome(&random)
      var writer = ByteWriter()
      QuotedPrintable.encode(octets.span, into: &writer)
      let wire = writer.withOctets { $0.copied() }
      #expect(QuotedPrintable.decode(wire) == octets, "seed \(seed)")
      for line in wire.split(separator: 10) { #expect(line.count <= QuotedPrintable.lineOctets + 1) }
    }
  }
}
