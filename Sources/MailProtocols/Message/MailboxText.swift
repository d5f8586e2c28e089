package import Bytes

/// A message on its way into a mailbox on disk, where lines end with LF; it may come in pieces cut anywhere.
///
/// In an mbox file (RFC 4155) a line that begins with `From `, after any number of `>`, gets one `>` more, so that it
/// begins no message. That can be undone; the dialect is called mboxrd.
package struct MailboxText: BitwiseCopyable, Sendable {
  private let quotesFrom: Bool
  /// What the line under way began with and is not written yet: this many `>`, and of `From ` this many octets.
  private var heldMarks = 0
  private var heldOctets = 0
  private var isAtStart = true
  /// A CR whose LF may come.
  private var holdsReturn = false
  private static var from: InlineArray<5, UInt8> { [0x46, 0x72, 0x6F, 0x6D, 0x20] }

  package init(quotesFrom: Bool) { self.quotesFrom = quotesFrom }

  package mutating func append(_ octets: Span<UInt8>, to writer: inout ByteWriter) {
    var offset = 0
    while offset < octets.count {
      if isAtStart, quotesFrom {
        if takesStart(octets[offset], to: &writer) { offset += 1 }
        continue
      }
      let lineFeed = octets.firstOffset(of: ASCII.lineFeed, from: offset)
      append(octets.extracting(offset..<(lineFeed ?? octets.count)), endsLine: lineFeed != nil, to: &writer)
      offset = lineFeed.map { $0 + 1 } ?? octets.count
    }
  }
  /// The message is over: what was held is written, and a last line without an end gets one.
  package mutating func finish(to writer: inout ByteWriter) {
    let isMidLine = !isAtStart || heldMarks + heldOctets > 0
    release(to: &writer)
    if holdsReturn { writer.append(ASCII.carriageReturn) }
    if isMidLine { writer.append(ASCII.lineFeed) }
    self = MailboxText(quotesFrom: quotesFrom)
  }

  /// Looks at an octet where a line may begin with `From `; false when the octet is an ordinary one.
  private mutating func takesStart(_ octet: UInt8, to writer: inout ByteWriter) -> Bool {
    if heldOctets == 0, octet == UInt8(ascii: ">") {
      heldMarks += 1
      return true
    }
    let isNext = octet == Self.from[heldOctets]
    if isNext {
      heldOctets += 1
      if heldOctets < Self.from.count { return true }
      writer.append(UInt8(ascii: ">"))
    }
    release(to: &writer)
    isAtStart = false
    return isNext
  }
  private mutating func release(to writer: inout ByteWriter) {
    for _ in 0..<heldMarks { writer.append(UInt8(ascii: ">")) }
    for index in 0..<heldOctets { writer.append(Self.from[index]) }
    heldMarks = 0
    heldOctets = 0
  }
  /// Octets within a line, their CR left out where an LF follows.
  private mutating func append(_ octets: Span<UInt8>, endsLine: Bool, to writer: inout ByteWriter) {
    var count = octets.count
    if holdsReturn, count > 0 || !endsLine { writer.append(ASCII.carriageReturn) }
    holdsReturn = false
    if count > 0, octets[count - 1] == ASCII.carriageReturn {
      count -= 1
      holdsReturn = !endsLine
    }
    writer.append(octets.extracting(0..<count))
    if endsLine { writer.append(ASCII.lineFeed) }
    isAtStart = endsLine
  }
}
