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
  public mutating func count(_ bytes: Span<UInt8>) -> Int {
    if isFinished { return 0 }
    guard let padding = bytes.firstOffset(of: Base64.padding) else {
      return count(sextets: Base64Run.cleanCount(bytes))
    }
    return count(sextets: Base64Run.cleanCount(bytes.extracting(0..<padding)))
      &+ countToEnd(bytes.extracting(padding...))
  }
  /// Counts octets from `start` on, within lines or from line to line, as long as they are nothing but base64; returns
  /// where they end and the number of octets that they decode to. No line end is cut in two.
  public mutating func countRun(_ bytes: Span<UInt8>, from start: Int) -> (end: Int, octetCount: Int) {
    if isFinished { return (start, 0) }
    let run = Base64Run.plainRun(bytes, from: start)
    return (run.end, count(sextets: run.cleanCount))
  }
  private mutating func count(sextets: Int) -> Int {
    let before = Int(sextetCount)
    sextetCount = UInt8(truncatingIfNeeded: (before &+ sextets) & 3)
    return (before &+ sextets) &* 3 / 4 &- before &* 3 / 4
  }
  /// The count of octets among which padding ends it all, where a quantum allows it.
  private mutating func countToEnd(_ bytes: Span<UInt8>) -> Int {
    var sextets = 0
    for offset in 0..<bytes.count {
      let octet = bytes[offset]
      if Base64.sextet(octet) != Base64.foreign { sextets &+= 1 }
      if octet == Base64.padding, (Int(sextetCount) &+ sextets) & 3 >= 2 {
        foundPadding = true
        break
      }
    }
    return count(sextets: sextets)
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
