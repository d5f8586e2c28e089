/// Octets of base64 looked at sixteen at a time: what lets a body of gigabytes be counted at the speed of memory.
///
/// `SIMD16<Int8>` compares all elements at once where every operand has its type and its parentheses written out;
/// `SIMD16<UInt8>` goes element by element on this toolchain and is fifty times slower.
enum Base64Run {
  /// How many of `octets` belong to the alphabet.
  static func cleanCount(_ octets: Span<UInt8>) -> Int {
    var count = 0
    var offset = 0
    while offset &+ 16 <= octets.count {
      // Each round adds 1 at most to each of the sixteen sums, which hold 31 rounds without carry when added up.
      let end = min(offset &+ 16 &* 31, octets.count & ~15)
      var sums = SIMD16<Int8>(repeating: 0)
      while offset < end {
        sums = sums &- clean(octets.nativeSIMD16(at: offset))
        offset &+= 16
      }
      let halves = unsafe unsafeBitCast(sums, to: SIMD2<UInt64>.self)
      count &+= sum(halves[0]) &+ sum(halves[1])
    }
    while offset < octets.count {
      if Base64.sextet(octets[offset]) != Base64.foreign { count &+= 1 }
      offset &+= 1
    }
    return count
  }
  /// Looks at the octets from `start` on as long as they say nothing but what they decode to, as padding, boundaries and
  /// dots do; returns where they end, and how many belong to the alphabet. Line ends are passed over and looked for by
  /// nobody; what comes before `end` does not part a CR from its LF.
  static func plainRun(_ octets: Span<UInt8>, from start: Int) -> (end: Int, cleanCount: Int) {
    var count = 0
    var offset = start
    var isPlain = true
    while isPlain, offset < octets.count {
      // As above.
      let end = min(offset &+ 16 &* 31, octets.count)
      var sums = SIMD16<Int8>(repeating: 0)
      while end &- offset >= 32 {
        let (first, second) = (octets.nativeSIMD16(at: offset), octets.nativeSIMD16(at: offset &+ 16))
        let (firstClean, secondClean) = (clean(first), clean(second))
        if tells((visible(first) & ~firstClean) | (visible(second) & ~secondClean)) { break }
        sums = sums &- firstClean &- secondClean
        offset &+= 32
      }
      while offset < end {
        let block =
          end &- offset >= 16 ? octets.nativeSIMD16(at: offset) : octets.nativeSIMD16(tailFrom: offset)
        let clean = clean(block)
        isPlain = !tells(visible(block) & ~clean)
        if !isPlain { break }
        sums = sums &- clean
        offset &+= 16
      }
      let halves = unsafe unsafeBitCast(sums, to: SIMD2<UInt64>.self)
      count &+= sum(halves[0]) &+ sum(halves[1])
    }
    offset = min(offset, octets.count)
    if offset > start, octets[offset &- 1] == ASCII.carriageReturn { offset &-= 1 }
    return (offset, count)
  }
  /// −1 for each octet that belongs to the alphabet, else 0.
  @inline(__always) private static func clean(_ octets: SIMD16<Int8>) -> SIMD16<Int8> {
    // Moved so far that the last of a range becomes the largest number, what is larger becomes negative.
    let lowercased = octets | SIMD16<Int8>(repeating: 0x20)
    let isLetter = (lowercased &+ SIMD16<Int8>(repeating: 127 - 122)) .> SIMD16<Int8>(repeating: 127 - 122 + 96)
    let isSlashOrDigit = (octets &+ SIMD16<Int8>(repeating: 127 - 57)) .> SIMD16<Int8>(repeating: 127 - 57 + 46)
    let isPlus = (octets .== SIMD16<Int8>(repeating: 43))
    return unsafe unsafeBitCast((isLetter .| isSlashOrDigit) .| isPlus, to: SIMD16<Int8>.self)
  }
  /// −1 for each octet that is neither a control nor beyond ASCII.
  @inline(__always) private static func visible(_ octets: SIMD16<Int8>) -> SIMD16<Int8> {
    unsafe unsafeBitCast(octets .> SIMD16<Int8>(repeating: 13), to: SIMD16<Int8>.self)
  }
  /// Whether any octet is marked.
  @inline(__always) private static func tells(_ marks: SIMD16<Int8>) -> Bool {
    let halves = unsafe unsafeBitCast(marks, to: SIMD2<UInt64>.self)
    return halves[0] | halves[1] != 0
  }
  /// The sum of eight octets, which must be below 256.
  @inline(__always) private static func sum(_ octets: UInt64) -> Int {
    Int((octets &* 0x0101_0101_0101_0101) &>> 56)
  }
}
