/// Streaming decoder of a base64 body (RFC 2045 §6.8): line ends and foreign octets are skipped, padding ends it.
///
/// Lines or chunks cut anywhere may be given; each octet comes out with the sextet that completes it, so nothing is
/// left to be asked for at the end. One decoder either counts or decodes: `count` keeps no bits.
public struct Base64Decoder: BitwiseCopyable, Sendable {
  /// The sextets of the quantum not yet complete.
  @usableFromInline var bits: UInt32 = 0
  @usableFromInline var sextetCount: UInt8 = 0
  @usableFromInline var foundPadding = false

  /// Whether the padding was seen; whatever follows is ignored.
  @inlinable public var isFinished: Bool { foundPadding }

  @inlinable public init() {}

  /// The number of octets that `bytes` (a line or any chunk) decodes to, none of them stored.
  @inlinable public mutating func count(_ bytes: Span<UInt8>) -> Int {
    if isFinished { return 0 }
    let before = Int(sextetCount)
    let words = bytes.count / Base64Word.octetCount
    var clean = Base64Word.sum(Base64Word(tailOf: bytes).cleanOnes)
    var word = 0
    // Most lines are of the alphabet but for their ends.
    while word &+ 2 <= words, Base64Word.areClean(bytes.nativeSIMD16(at: word &* Base64Word.octetCount)) {
      clean &+= 2 &* Base64Word.octetCount
      word &+= 2
    }
    while word < words {
      let end = Swift.min(word &+ Base64Word.summableCount, words)
      var sums: UInt64 = 0
      while word < end {
        sums &+= Base64Word(word: word, of: bytes).cleanOnes
        word &+= 1
      }
      clean &+= Base64Word.sum(sums)
    }
    // Where all but the line end is clean, no padding need be looked for.
    if !isCleanLine(bytes, clean), bytes.firstOffset(of: Base64.padding) != nil { return finishCount(bytes) }
    let sextets = before &+ clean
    sextetCount = UInt8(truncatingIfNeeded: sextets & 3)
    return sextets &* 3 / 4 &- before &* 3 / 4
  }

  /// Whether the `clean` octets of the alphabet are all there is but a CRLF.
  @inlinable @inline(__always) func isCleanLine(_ bytes: Span<UInt8>, _ clean: Int) -> Bool {
    if clean == bytes.count { return true }
    return clean &+ 2 == bytes.count && bytes[clean] == ASCII.carriageReturn && bytes[clean &+ 1] == ASCII.lineFeed
  }

  /// Appends what `bytes` decodes to.
  @inlinable public mutating func decode(_ bytes: Span<UInt8>, into writer: inout ByteWriter) {
    var offset = 0
    while offset < bytes.count, !isFinished {
      if sextetCount == 0 {
        if bytes.count &- offset >= Base64Word.octetCount {
          let word = Base64Word(bytes, at: offset)
          if word.isClean {
            writer.append(base64: word.value, quanta: 2)
            offset &+= Base64Word.octetCount
            continue
          }
        }
        if bytes.count &- offset >= 4 {
          let word = Base64Word(quantumOf: bytes, at: offset)
          if word.isClean {
            writer.append(base64: word.value, quanta: 1)
            offset &+= 4
            continue
          }
        }
      }
      if let octet = receive(bytes[offset]) { writer.append(octet) }
      offset &+= 1
    }
  }

  /// The count of a chunk that holds a padding sign.
  @usableFromInline @inline(never)
  mutating func finishCount(_ bytes: Span<UInt8>) -> Int {
    let before = Int(sextetCount)
    var sextets = before
    for offset in 0..<bytes.count {
      let octet = bytes[offset]
      if Base64.sextet(octet) != Base64.foreign { sextets &+= 1 }
      if octet == Base64.padding, sextets & 3 >= 2 {
        foundPadding = true
        break
      }
    }
    sextetCount = UInt8(truncatingIfNeeded: sextets & 3)
    return sextets &* 3 / 4 &- before &* 3 / 4
  }

  @inlinable @inline(__always) mutating func receive(_ octet: UInt8) -> UInt8? {
    if octet < 43 { return nil }  // line ends and blanks
    let sextet = Base64.sextet(octet)
    guard sextet != Base64.foreign else {
      if octet == Base64.padding, sextetCount >= 2 { foundPadding = true }
      return nil
    }
    bits = bits &<< 6 | UInt32(sextet)
    sextetCount = (sextetCount &+ 1) & 3
    switch sextetCount {
    case 2: return UInt8(truncatingIfNeeded: bits &>> 4)
    case 3: return UInt8(truncatingIfNeeded: bits &>> 2)
    case 0: return UInt8(truncatingIfNeeded: bits)
    default: return nil
    }
  }
}
