internal import Bytes

/// The options of every kind of block, as notes.
extension PCAPNGFile {
  /// Hands on the options that begin at `position` of a block's body.
  @usableFromInline @inline(never) func noteOptions<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, from position: Int, of subject: CaptureNote.Subject, into sink: inout Sink
  ) {
    var options = PCAPNGOptionList(from: position, isSwapped: isSwapped)
    while let (code, value) = options.next(in: body) {
      let note = self.note(code, body, value, of: subject)
      var shown = value
      if case .text(let text, _) = note {
        if text == .filter { shown = value.lowerBound + 1..<value.upperBound }
        // Some writers end a text with a NUL, though its length tells where it ends.
        while let last = shown.last, body[last] == 0 { shown.removeLast() }
      }
      sink.receive(note, body.extracting(shown))
    }
    if options.isDamaged { sink.receive(.damagedOptions(of: subject), body.extracting(0..<0)) }
  }
  /// What one option says; a value of another length than its code wants is handed on as it is.
  private func note(
    _ code: PCAPNGOption, _ body: Span<UInt8>, _ value: Range<Int>, of subject: CaptureNote.Subject
  ) -> CaptureNote {
    if code == .comment { return .text(.comment, of: subject) }
    switch subject {
    case .section:
      if let text = Self.sectionTexts[code] { return .text(text, of: subject) }
    case .interface:
      if code == .filter, value.isEmpty || body[value.lowerBound] != 0 { break }
      if let text = Self.interfaceTexts[code] { return .text(text, of: subject) }
    case .packet(let frame):
      if code == .packetFlags, value.count == 4 {
        return .flags(number(body, at: value.lowerBound), frame: frame)
      }
      if code == .packetDropCount, let number = longNumber(body, value) {
        return .count(.droppedBefore, number, of: subject)
      }
    case .statistics(let interface):
      if code == .startTime, value.count == 8 {
        return .started(interface: interface, at: timestamp(body, at: value.lowerBound, interface: interface))
      }
      if code == .endTime, value.count == 8 {
        return .ended(interface: interface, at: timestamp(body, at: value.lowerBound, interface: interface))
      }
      if let count = Self.counts[code], let number = longNumber(body, value) {
        return .count(count, number, of: subject)
      }
    case .names, .secrets: break
    }
    return .option(code: code.rawValue, of: subject)
  }

  private static let sectionTexts: [PCAPNGOption: CaptureNote.Text] = [
    .hardware: .hardware, .operatingSystem: .operatingSystem, .application: .application,
  ]
  private static let interfaceTexts: [PCAPNGOption: CaptureNote.Text] = [
    .interfaceName: .name, .interfaceDescription: .description, .filter: .filter,
    .interfaceOperatingSystem: .operatingSystem, .interfaceHardware: .hardware,
  ]
  private static let counts: [PCAPNGOption: CaptureNote.Count] = [
    .receivedCount: .received, .interfaceDropCount: .droppedByInterface, .acceptedCount: .accepted,
    .systemDropCount: .droppedBySystem, .deliveredCount: .delivered,
  ]
}
