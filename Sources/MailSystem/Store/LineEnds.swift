internal import Bytes

/// A message's lines end with CRLF (RFC 5322 §2.3), whoever brought it: by it POP3 finds its lines, and a store on disk
/// may write them as its system does.
package enum LineEnds {
  /// Each LF without a CR in front of it gets one.
  package static func canonical(_ octets: [UInt8]) -> [UInt8] {
    guard hasBareLineFeed(octets) else { return octets }
    return withCarriageReturns(octets)
  }
  private static func hasBareLineFeed(_ octets: [UInt8]) -> Bool {
    var start = 0
    while let place = octets.span.firstOffset(of: ASCII.lineFeed, from: start) {
      if place == 0 || octets[place - 1] != ASCII.carriageReturn { return true }
      start = place + 1
    }
    return false
  }
  private static func withCarriageReturns(_ octets: [UInt8]) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(octets.count + octets.count / 32)
    var start = 0
    while let place = octets.span.firstOffset(of: ASCII.lineFeed, from: start) {
      lines += octets[start..<place]
      if place == start || octets[place - 1] != ASCII.carriageReturn { lines.append(ASCII.carriageReturn) }
      lines.append(ASCII.lineFeed)
      start = place + 1
    }
    return lines + octets[start...]
  }
  /// The message as this system writes text: LF alone at the ends of lines. Nil where `canonical` would not give the
  /// same octets back.
  package static func local(_ octets: [UInt8]) -> [UInt8]? {
    var lines: [UInt8] = []
    lines.reserveCapacity(octets.count)
    var start = 0
    while let place = octets.span.firstOffset(of: ASCII.lineFeed, from: start) {
      guard place > start, octets[place - 1] == ASCII.carriageReturn else { return nil }
      // A second CR would be taken for the line's own.
      if place > start + 1, octets[place - 2] == ASCII.carriageReturn { return nil }
      lines += octets[start..<(place - 1)]
      lines.append(ASCII.lineFeed)
      start = place + 1
    }
    return lines + octets[start...]
  }
}
