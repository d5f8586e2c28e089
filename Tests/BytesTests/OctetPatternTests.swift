import Bytes
import Testing

@Suite struct OctetPatternTests {
  /// All words of the letters a and b up to a length.
  private static func words(upTo length: Int) -> [[UInt8]] {
    (0...length).flatMap { count in
      (0..<(1 << count)).map { bits in (0..<count).map { UInt8(97 + (bits >> $0 & 1)) } }
    }
  }
  /// As looking at every place finds it.
  @Test func findsWhatIsThere() {
    for wanted in Self.words(upTo: 4) {
      let pattern = OctetPattern(wanted)
      for text in Self.words(upTo: 8) {
        var places: [Range<Int>] = []
        var offset = 0
        while !wanted.isEmpty, offset + wanted.count <= text.count {
          let place = offset..<offset + wanted.count
          if Array(text[place]) == wanted { places.append(place) }
          offset = places.last == place ? place.upperBound : offset + 1
        }
        #expect(pattern.places(in: text.span) == places)
      }
    }
  }
  /// What nearly matches everywhere costs no more than anything else.
  @Test func takesNoLongerForMalice() {
    let pattern = OctetPattern([UInt8](repeating: 97, count: 20_000) + [98])
    let text = [UInt8](repeating: 97, count: 2_000_000)
    let time = ContinuousClock().measure { #expect(pattern.places(in: text.span) == []) }
    #expect(time < .seconds(20))
  }
}
