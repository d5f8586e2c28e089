/// Octets to be looked for, in time that grows with what is searched and not with its product with what is wanted
/// (Knuth, Morris and Pratt): whoever chooses both shall not choose the time.
public struct OctetPattern: Sendable {
  private let octets: [UInt8]
  /// By how many octets matched so far: how many of them still match when the next does not.
  private let borders: [Int]

  public init(_ octets: [UInt8]) {
    self.octets = octets
    var borders = [Int](repeating: 0, count: octets.count + 1)
    var matched = 0
    for place in octets.indices.dropFirst() {
      while matched > 0, octets[place] != octets[matched] { matched = borders[matched] }
      if octets[place] == octets[matched] { matched += 1 }
      borders[place + 1] = matched
    }
    self.borders = borders
  }
  public var count: Int { octets.count }

  /// Where the pattern stands in `text`, from left to right, no two places overlapping.
  public func places(in text: Span<UInt8>) -> [Range<Int>] {
    guard !octets.isEmpty else { return [] }
    var places: [Range<Int>] = []
    var matched = 0
    for offset in text.indices {
      while matched > 0, text[offset] != octets[matched] { matched = borders[matched] }
      if text[offset] == octets[matched] { matched += 1 }
      if matched == octets.count {
        places.append(offset + 1 - matched..<offset + 1)
        matched = 0
      }
    }
    return places
  }
}
