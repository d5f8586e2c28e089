/// A seeded generator (SplitMix64), so that a failing run can be repeated.
package struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
  package mutating func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// A seed that is printed, so that the run can be repeated; `MAILWIRE_SEED` sets it.
package func printedSeed(_ test: String) -> UInt64 {
  let chosen = environment("MAILWIRE_SEED").flatMap { UInt64($0) }
  let seed = chosen ?? UInt64.random(in: 0...UInt64.max)
  print("\(test): seed \(seed)")
  return seed
}

/// `octets` cut into runs of one to `longest` octets.
package func randomCuts(_ octets: [UInt8], longest: Int, using random: inout SeededRandom) -> [[UInt8]] {
  var pieces: [[UInt8]] = []
  var rest = octets[...]
  while !rest.isEmpty {
    let piece = rest.prefix(Int.random(in: 1...longest, using: &random))
    pieces.append(Array(piece))
    rest = rest.dropFirst(piece.count)
  }
  return pieces
}
