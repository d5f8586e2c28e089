internal import Bytes
internal import MailProtocols

/// Puts a command together from its lines and literals (RFC 9051 §2.2.1, §4.3; RFC 7888).
///
///     C: a1 LOGIN {5}              line: a literal is announced
///     S: + ready                   the session says so
///     C: alice {6+}                5 octets, the next line; what is announced comes at once
///     C: secret                    6 octets, and the line that ends the command
///
///     line ─{n}→ literal ─n octets→ line ─no announcement→ command
///       └─ too long, or {n+} too large ─→ skipping lines and literals alike to the end of the command
///
/// Whatever is wrong, no octet of a literal is ever taken for a command.
struct IMAPCommandReader: Sendable {
  enum Event: Equatable {
    /// The rest has not come.
    case incomplete
    /// A command without its last line end, its literals in place.
    case command([UInt8])
    /// The client waits to be asked for the literal it has announced.
    case continuation
    /// The command whose beginning this is was too long; it is over.
    case tooLong(head: [UInt8])
    /// A literal of it was too large; it is over.
    case literalTooLarge(head: [UInt8])
  }
  /// What a command may take up.
  struct Limits {
    var commandByteCount: Int
    /// Literals of all commands but APPEND.
    var literalByteCount: Int
    /// Literals of APPEND.
    var messageByteCount: Int
    /// A literal that is not asked for.
    var nonSynchronizingByteCount: UInt64
  }
  private enum Mode: Equatable {
    case line
    case literal(remaining: Int)
    case skippedLine
    case skippedLiteral(remaining: UInt64)
  }
  private var input: [UInt8] = []
  private var start = 0
  /// Octets behind `start` that are known to hold no line feed.
  private var searched = 0
  private var mode = Mode.line
  private var command: [UInt8] = []
  private var literalByteCount = 0
  private var isAppend = false
  /// The end of a line that is being skipped: an announcement may stand there.
  private var tail: [UInt8] = []
  private var isLiteralTooLarge = false
  /// An announcement with its line end.
  private static var tailByteCount: Int { 32 }
  /// What of a command that was too long is told: its tag and name.
  private static var headByteCount: Int { 100 }

  private var available: Int { input.count - start }

  mutating func append(_ more: Span<UInt8>) {
    if start == input.count {
      input.removeAll(keepingCapacity: true)
      start = 0
    } else if start > 65_536 {
      input.removeFirst(start)
      start = 0
    }
    input.append(contentsOf: more.copied())
  }
  /// Forgets everything that came.
  mutating func removeAll() {
    let fresh = IMAPCommandReader()
    self = fresh
  }

  /// The next command, as far as it came.
  mutating func nextCommand(_ limits: Limits) -> Event {
    while true {
      switch mode {
      case .line:
        guard let line = takeLine() else {
          guard command.count - literalByteCount + available > limits.commandByteCount else { return .incomplete }
          command += input[start...].prefix(Self.headByteCount)
          mode = .skippedLine
          continue
        }
        if let event = receive(line, limits) { return event }
      case .literal(let remaining):
        let count = min(remaining, available)
        command += input[start..<start + count]
        start += count
        mode = count == remaining ? .line : .literal(remaining: remaining - count)
        if count < remaining { return .incomplete }
      case .skippedLine:
        guard let line = takeLine() else {
          tail = Array((tail + input[start...].suffix(Self.tailByteCount)).suffix(Self.tailByteCount))
          start = input.count
          searched = 0
          return .incomplete
        }
        if let event = skip(line) { return event }
      case .skippedLiteral(let remaining):
        let count = Int(min(remaining, UInt64(available)))
        start += count
        mode = UInt64(count) == remaining ? .skippedLine : .skippedLiteral(remaining: remaining - UInt64(count))
        if UInt64(count) < remaining { return .incomplete }
      }
    }
  }
  /// The next line without its end, as a SASL response or `DONE` is; one that is too long counts as empty.
  mutating func nextResponse(limit: Int) -> [UInt8]? {
    guard let line = takeLine() else {
      if available > limit {
        start = input.count
        searched = 0
        isOverlongResponse = true
      }
      return nil
    }
    defer { isOverlongResponse = false }
    return isOverlongResponse || line.count > limit ? [] : Array(Self.withoutReturn(line))
  }
  private var isOverlongResponse = false

  private mutating func receive(_ line: ArraySlice<UInt8>, _ limits: Limits) -> Event? {
    let content = Self.withoutReturn(line)
    guard command.count - literalByteCount + content.count <= limits.commandByteCount else {
      command += content.prefix(Self.headByteCount)
      return skip(line)
    }
    if command.isEmpty { isAppend = IMAPCommand.parse(content.span)?.name == .append }
    command += content
    guard let literal = IMAPLiteral.parse(endOf: content.span) else {
      defer { finish() }
      return .command(command)
    }
    let limit = UInt64(isAppend ? limits.messageByteCount : limits.literalByteCount)
    let isTooLarge =
      literal.byteCount > limit || UInt64(literalByteCount) + literal.byteCount > limit
      || literal.isNonSynchronizing && literal.byteCount > limits.nonSynchronizingByteCount
    if isTooLarge {
      isLiteralTooLarge = true
      return skip(line)
    }
    command += [13, 10]
    literalByteCount += Int(literal.byteCount)
    mode = .literal(remaining: Int(literal.byteCount))
    return literal.isNonSynchronizing ? nil : .continuation
  }
  /// A line of a command that will not be carried out ended: a client that waits is told, another sends its literal.
  private mutating func skip(_ line: ArraySlice<UInt8>) -> Event? {
    let end = (tail + Self.withoutReturn(line).suffix(Self.tailByteCount)).suffix(Self.tailByteCount)
    tail = []
    if let literal = IMAPLiteral.parse(endOf: Self.withoutReturn(end).span), literal.isNonSynchronizing {
      mode = .skippedLiteral(remaining: literal.byteCount)
      return nil
    }
    defer { finish() }
    let head = Array(command.prefix(Self.headByteCount))
    return isLiteralTooLarge ? .literalTooLarge(head: head) : .tooLong(head: head)
  }
  private mutating func finish() {
    command = []
    literalByteCount = 0
    isAppend = false
    isLiteralTooLarge = false
    mode = .line
  }
  /// Takes a line, without its line feed.
  private mutating func takeLine() -> ArraySlice<UInt8>? {
    guard let lineFeed = input.span.firstOffset(of: ASCII.lineFeed, from: start + searched) else {
      searched = available
      return nil
    }
    defer {
      start = lineFeed + 1
      searched = 0
    }
    return input[start..<lineFeed]
  }
  private static func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.last == ASCII.carriageReturn ? line.dropLast() : line
  }
}
