internal import Bytes

/// Takes a message as DATA sends it, strictly: it ends with CRLF.CRLF and with nothing else (RFC 5321 §4.1.1.4), and
/// the dots of its stuffing are taken away (§4.5.2).
///
/// What breaks the rules is remembered, and the message is read to its end all the same, so that the dialogue stays in
/// step. A bare LF or CR makes a message that another server might take for two: such a message is refused.
struct MessageReceiver: Sendable {
  /// What is wrong with a message, the first thing met.
  enum Fault: Equatable, Sendable { case bareLineFeed, bareCarriageReturn, nul, lineTooLong, tooLarge }

  private(set) var octets: [UInt8] = []
  private(set) var fault: Fault?
  private(set) var isOver = false
  private let byteLimit: Int
  /// Whether the next octet begins a line: what came before ended with CRLF.
  private var isAtLineStart = true
  /// Octets of the line under way.
  private var lineByteCount = 0
  /// What came last, where a decision waits for what follows.
  private var held: Held = .nothing
  private enum Held: Sendable { case nothing, carriageReturn, dot, dotAndReturn }

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// Takes octets until the message ends; returns how many.
  mutating func receive(_ bytes: Span<UInt8>) -> Int {
    var offset = 0
    while offset < bytes.count, !isOver {
      if case .nothing = held, let end = cleanLinesEnd(bytes, from: offset) {
        keep(bytes, offset..<end)
        offset = end
        continue
      }
      receive(bytes[offset])
      offset += 1
    }
    return offset
  }
  /// Where whole lines end that can be taken as they are; nil where the next octet must be looked at by itself.
  private func cleanLinesEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    guard isAtLineStart else { return nil }
    var end = start
    while end < bytes.count, bytes[end] != ASCII.dot,
      let lineFeed = bytes.firstOffset(of: ASCII.lineFeed, from: end), lineFeed > end,
      lineFeed - end < SMTPServerLimits.textLineByteCount
    {
      let line = bytes.extracting(end..<lineFeed)
      guard line.firstOffset(of: ASCII.carriageReturn) == line.count - 1, line.firstOffset(of: 0) == nil else { break }
      end = lineFeed + 1
    }
    return end > start ? end : nil
  }
  private mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard fault == nil else { return }
    guard octets.count + range.count <= byteLimit else { return refuse(.tooLarge) }
    unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe octets.append(contentsOf: $0) }
  }
  private mutating func refuse(_ reason: Fault) {
    if fault == nil { fault = reason }
    octets = []
  }
  private mutating func keep(_ octet: UInt8) {
    lineByteCount += 1
    if octet == 0 { refuse(.nul) }
    if lineByteCount > SMTPServerLimits.textLineByteCount { refuse(.lineTooLong) }
    if octets.count >= byteLimit { refuse(.tooLarge) }
    if fault == nil { octets.append(octet) }
  }
  private mutating func endLine() {
    keep(ASCII.carriageReturn)
    keep(ASCII.lineFeed)
    lineByteCount = 0
    isAtLineStart = true
    held = .nothing
  }
  private mutating func receive(_ octet: UInt8) {
    switch (held, octet) {
    case (.carriageReturn, ASCII.lineFeed): endLine()
    case (.dotAndReturn, ASCII.lineFeed): isOver = true
    case (.carriageReturn, _):
      refuse(.bareCarriageReturn)
      held = .nothing
      isAtLineStart = false
      receive(octet)
    case (.dotAndReturn, _):
      // A dot and a carriage return that end nothing: the dot is stuffing.
      refuse(.bareCarriageReturn)
      held = .nothing
      isAtLineStart = false
      receive(octet)
    case (.dot, ASCII.carriageReturn): held = .dotAndReturn
    case (.dot, _):
      // The dot was stuffing.
      held = .nothing
      isAtLineStart = false
      receive(octet)
    case (.nothing, ASCII.dot) where isAtLineStart:
      held = .dot
      isAtLineStart = false
    case (.nothing, ASCII.carriageReturn):
      held = .carriageReturn
      isAtLineStart = false
    case (.nothing, ASCII.lineFeed):
      refuse(.bareLineFeed)
      lineByteCount = 0
      isAtLineStart = false
    case (.nothing, _):
      keep(octet)
      isAtLineStart = false
    }
  }
}
