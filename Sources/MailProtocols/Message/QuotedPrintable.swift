package import Bytes

/// Streaming decoder of a quoted-printable body (RFC 2045 §6.7), fed with chunks cut anywhere, line ends included.
///
/// Soft line breaks vanish, blanks before a line end are dropped (rule 3), hexadecimal digits may be lower case, and a
/// broken `=XY` stays as it is written. What is held back between chunks comes out with the next, or with `finish`.
///
///     C: Andr=E9 wrote a line that =
///     C: goes on
package struct QuotedPrintableDecoder: BitwiseCopyable, Sendable {
  private enum State: BitwiseCopyable {
    case text
    case carriageReturn
    case equals
    case equalsDigit(UInt8)
    case equalsBlank
    case equalsReturn
  }
  private var state = State.text
  /// Blanks that are dropped if the line ends behind them; bit n of `tabs` says that the nth last is a tab.
  private var blankCount: UInt8 = 0
  private var tabs: UInt64 = 0

  package init() {}

  /// Appends what `bytes` decodes to.
  package mutating func decode(_ bytes: Span<UInt8>, into writer: inout ByteWriter) { run(bytes, into: &writer) }
  /// The number of octets that `bytes` decodes to, none of them stored.
  package mutating func count(_ bytes: Span<UInt8>) -> Int {
    var counter = OctetCounter()
    run(bytes, into: &counter)
    return counter.count
  }
  /// Appends what was held back, at the end of the body.
  package mutating func finish(into writer: inout ByteWriter) { end(&writer) }
  /// The number of octets held back, at the end of the body.
  package mutating func finishCount() -> Int {
    var counter = OctetCounter()
    end(&counter)
    return counter.count
  }

  private mutating func run<Sink: OctetSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
    var position = 0
    while position < bytes.count {
      if case .text = state, blankCount == 0 {
        let start = position
        while position < bytes.count, !Self.isSpecial(bytes[position]) { position &+= 1 }
        var end = position
        while end > start, ASCII.isBlank(bytes[end &- 1]) { end &-= 1 }
        if end > start { sink.append(bytes.extracting(start..<end)) }
        for offset in end..<position { hold(bytes[offset], &sink) }
        if position == bytes.count { return }
      }
      receive(bytes[position], &sink)
      position &+= 1
    }
  }
  private static func isSpecial(_ octet: UInt8) -> Bool { octet == 61 || octet == 13 || octet == 10 }

  private mutating func receive<Sink: OctetSink & ~Copyable>(_ octet: UInt8, _ sink: inout Sink) {
    switch (state, octet) {
    case (.text, 61): (state, _) = (.equals, release(&sink))
    case (.text, 13): state = .carriageReturn
    case (.text, 10): endLine(&sink, 10)
    case (.text, 9), (.text, 32), (.equalsBlank, 9), (.equalsBlank, 32): hold(octet, &sink)
    case (.text, _):
      release(&sink)
      sink.append(octet)
    case (.carriageReturn, 10):
      blankCount = 0
      sink.append(13)
      endLine(&sink, 10)
    case (.carriageReturn, _): giveUp(&sink, again: octet)
    case (.equals, 10), (.equalsBlank, 10), (.equalsReturn, 10): (state, blankCount, tabs) = (.text, 0, 0)
    case (.equals, 13), (.equalsBlank, 13): state = .equalsReturn
    case (.equals, 9), (.equals, 32):
      state = .equalsBlank
      hold(octet, &sink)
    case (.equals, _):
      if ASCII.hexadecimalValue(octet) != nil { state = .equalsDigit(octet) } else { giveUp(&sink, again: octet) }
    case (.equalsDigit(let digit), _):
      if let high = ASCII.hexadecimalValue(digit), let low = ASCII.hexadecimalValue(octet) {
        sink.append(high << 4 | low)
        state = .text
      } else {
        giveUp(&sink, again: octet)
      }
    case (.equalsBlank, _), (.equalsReturn, _): giveUp(&sink, again: octet)
    }
  }

  private mutating func end<Sink: OctetSink & ~Copyable>(_ sink: inout Sink) {
    switch state {
    case .text, .equals, .equalsBlank, .equalsReturn: break  // blanks and a soft break at the very end
    case .carriageReturn: sink.append(13)
    case .equalsDigit(let digit):
      sink.append(61)
      sink.append(digit)
    }
    (state, blankCount, tabs) = (.text, 0, 0)
  }

  /// What looked like an escape or a line end was none: it stands for itself.
  private mutating func giveUp<Sink: OctetSink & ~Copyable>(_ sink: inout Sink, again octet: UInt8) {
    let was = state
    state = .text
    switch was {
    case .text: break
    case .carriageReturn:
      release(&sink)
      sink.append(13)
    case .equals: sink.append(61)
    case .equalsDigit(let digit):
      sink.append(61)
      sink.append(digit)
    case .equalsBlank, .equalsReturn:
      sink.append(61)
      release(&sink)
      if case .equalsReturn = was { sink.append(13) }
    }
    receive(octet, &sink)
  }
  private mutating func endLine<Sink: OctetSink & ~Copyable>(_ sink: inout Sink, _ octet: UInt8) {
    (state, blankCount, tabs) = (.text, 0, 0)
    sink.append(octet)
  }
  private mutating func hold<Sink: OctetSink & ~Copyable>(_ blank: UInt8, _ sink: inout Sink) {
    if Int(blankCount) == MessageLimits.heldBlankCount {
      // Never so in an escape's place: too many blanks there make it text.
      if case .equalsBlank = state {
        sink.append(61)
        state = .text
      }
      release(&sink)
    }
    tabs = tabs << 1 | (blank == ASCII.tab ? 1 : 0)
    blankCount &+= 1
  }
  private mutating func release<Sink: OctetSink & ~Copyable>(_ sink: inout Sink) {
    while blankCount > 0 {
      blankCount &-= 1
      sink.append(tabs >> UInt64(blankCount) & 1 == 1 ? ASCII.tab : ASCII.space)
    }
    tabs = 0
  }
}
