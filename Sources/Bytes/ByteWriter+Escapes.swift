/// Text within the quotes of a JSON string (RFC 8259 §7).
extension ByteWriter {
  /// Appends text in quotes, what has a short escape escaped: `\r`, `\n`, `\t`, `\"`, `\\`. Stops at the first octet
  /// that is something else than printable ASCII and returns where that stands, the closing quote not yet written; or
  /// returns `count`.
  public mutating func append(quoting octets: Span<UInt8>) -> Int {
    append(escaping: octets, from: 0, inQuotes: true, omittingLineEnds: false)
  }
  /// The same without the text's CR and LF, as an unfolded header field has it (RFC 5322 §2.2.3).
  public mutating func append(quotingUnfolded octets: Span<UInt8>) -> Int {
    append(escaping: octets, from: 0, inQuotes: true, omittingLineEnds: true)
  }
  /// Goes on behind what was written otherwise; writes no quotes.
  public mutating func append(escaping octets: Span<UInt8>, from start: Int) -> Int {
    append(escaping: octets, from: start, inQuotes: false, omittingLineEnds: false)
  }
  /// Sixteen octets at a time are stored and looked at; where one of them is special, what was stored from there on is
  /// overwritten by what comes next. No octet takes more than two, so that one question for room is enough; wide stores
  /// reach no further than the slack.
  @inline(__always) private mutating func append(
    escaping octets: Span<UInt8>, from start: Int, inQuotes: Bool, omittingLineEnds: Bool
  ) -> Int {
    let count = octets.count
    precondition(start >= 0 && start <= count)
    reserve(2 &* (count &- start) &+ 2)
    if inQuotes { append(UInt8(ascii: "\"")) }
    var index = start
    var position = byteCount
    while true {
      var marks = SIMD2<UInt64>()
      // Most of any text are whole blocks without anything special.
      while count &- index >= 16 {
        let block = octets.nativeSIMD16(at: index)
        unsafe UnsafeMutableRawPointer(storage + position).storeBytes(of: block, as: SIMD16<Int8>.self)
        marks = Self.marks(in: block)
        if marks[0] | marks[1] != 0 { break }
        index &+= 16
        position &+= 16
      }
      if count &- index < 16 {
        // The zeros behind the last octet are marked.
        let block = octets.nativeSIMD16(tailFrom: index)
        unsafe UnsafeMutableRawPointer(storage + position).storeBytes(of: block, as: SIMD16<Int8>.self)
        marks = Self.marks(in: block)
      }
      let plain = marks[0] != 0 ? marks[0].trailingZeroBitCount / 8 : 8 &+ marks[1].trailingZeroBitCount / 8
      index &+= plain
      position &+= plain
      if index == count { break }
      let octet = octets[index]
      if octet == ASCII.carriageReturn, index &+ 1 < count, octets[index &+ 1] == ASCII.lineFeed {
        index &+= 2
        if omittingLineEnds { continue }
        let escapes: StaticString = "\\r\\n"
        unsafe (storage + position).initialize(from: escapes.utf8Start, count: 4)
        position &+= 4
        continue
      }
      let letter: UInt8
      switch octet {
      case ASCII.carriageReturn: letter = UInt8(ascii: "r")
      case ASCII.lineFeed: letter = UInt8(ascii: "n")
      case ASCII.tab: letter = UInt8(ascii: "t")
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = octet
      default:
        byteCount = position
        return index
      }
      index &+= 1
      if omittingLineEnds, octet == ASCII.carriageReturn || octet == ASCII.lineFeed { continue }
      unsafe storage[position] = UInt8(ascii: "\\")
      unsafe storage[position &+ 1] = letter
      position &+= 2
    }
    byteCount = position
    if inQuotes { append(UInt8(ascii: "\"")) }
    return index
  }
  /// All bits of each octet that is no printable ASCII, or has an escape, the first eight octets in the first element.
  @inline(__always) private static func marks(in block: SIMD16<Int8>) -> SIMD2<UInt64> {
    // Numbers with a sign: controls, DEL and what is no ASCII are all below 33 when 1 is added to them.
    let special =
      ((block &+ SIMD16<Int8>(repeating: 1)) .< SIMD16<Int8>(repeating: 0x21))
      .| (block .== SIMD16<Int8>(repeating: 0x22)) .| (block .== SIMD16<Int8>(repeating: 0x5C))
    let marks = unsafe unsafeBitCast(special, to: SIMD2<UInt64>.self)
    return SIMD2(marks[0].littleEndian, marks[1].littleEndian)
  }
}
