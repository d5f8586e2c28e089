import Bytes

@testable import MailProtocols

extension String {
  /// The octets of a Swift literal, for a parser.
  var octets: [UInt8] { Array(utf8) }
}

/// A seeded generator (SplitMix64), so that a failing run can be repeated.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Gives `octets` to `body` whole, octet by octet, and cut at random; `seed` names the cuts.
func dripFeed(_ octets: [UInt8], seed: UInt64, _ body: ([[UInt8]], String) -> Void) {
  body([octets], "whole")
  body(octets.map { [$0] }, "by octet")
  var random = SeededRandom(seed: seed)
  for _ in 0..<8 {
    var pieces: [[UInt8]] = []
    var rest = octets[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...11, using: &random))
      pieces.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    body(pieces, "random cuts, seed \(seed)")
  }
}

/// Octets that trouble parsers: random ones, out of an alphabet of significant ones.
func troublesome(_ random: inout SeededRandom) -> [UInt8] {
  let alphabet = Array("=?*\"\\()<>@,;:.%'_ \r\n\tabQB09utf-8FAKE=\u{e9}".utf8) + [0, 127, 128, 255]
  return (0..<Int.random(in: 0...80, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
}

// A macro cannot take a span: the same functions over arrays, and text out of ranges.
extension Array where Element == UInt8 {
  var text: String { span.text() }
  func text(_ range: OctetRange) -> String { span.extracting(span.bounds(range)).text() }
}
extension HeaderField {
  static func parse(_ line: [UInt8]) -> HeaderField? { parse(line.span) }
}
extension EncodedWord {
  static func decode(_ value: [UInt8]) -> String { decode(value.span) }
}
extension Charset {
  static func decode(_ octets: [UInt8], named name: String) -> String { decode(octets.span, named: name) }
}
extension QuotedPrintable {
  static func decode(_ octets: [UInt8]) -> [UInt8] { decode(octets.span) }
}
extension ContentType {
  static func parse(_ value: [UInt8]) -> ContentType? { parse(value.span) }
}
extension ContentDisposition {
  static func parse(_ value: [UInt8]) -> ContentDisposition? { parse(value.span) }
}
extension TransferEncoding {
  static func parse(_ value: [UInt8]) -> TransferEncoding { parse(value.span) }
}
extension AddressList {
  static func parse(_ value: [UInt8]) -> AddressList { parse(value.span) }
}
extension MessageDate {
  static func parse(_ value: [UInt8]) -> MessageDate? { parse(value.span) }
}
