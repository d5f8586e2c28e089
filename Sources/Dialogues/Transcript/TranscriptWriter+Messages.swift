internal import Bytes
internal import MailProtocols

/// Messages: envelope, header fields, parts, the beginning of the text, size and digest.
extension TranscriptWriter {
  /// The number of the part under way at each depth.
  private typealias PartNumbers = InlineArray<10, Int>

  mutating func writeMessages(_ subject: Subject, _ arena: Span<UInt8>) {
    out.append(",\"messages\":[")
    var isFirst = true
    var transaction = Transaction()
    recipients.removeAll()
    var index = landmarks.hasMessages ? landmarks.firstStep : -1
    while index >= 0 {
      let entry = entries[index]
      var last = index
      if entry.kind == .request, subject.dissected == .smtp {
        follow(index, &transaction, arena)
      } else if entry.kind == .message {
        out.append(commaUnless: isFirst)
        isFirst = false
        last = writeMessage(index, subject, transaction, arena)
        if entry.word != MessageVia.fetch.rawValue {
          transaction.mail = -1
          recipients.removeAll()
        }
      }
      repeat { index = Int(entries[index].next) } while index >= 0 && index <= last
    }
    out.append(UInt8(ascii: "]"))
  }
  /// Writes the message that begins at `start`; returns its last record.
  private mutating func writeMessage(
    _ start: Int, _ subject: Subject, _ transaction: Transaction, _ arena: Span<UInt8>
  ) -> Int {
    let record = self.record(start, arena)
    out.append("{\"via\":\"")
    out.append((MessageVia(rawValue: record.word) ?? .data).name)
    out.append(UInt8(ascii: "\""))
    if record.textByteCount > 0 {
      out.append(",\"label\":")
      let label = arena.extracting(text(start, record))
      if masksPasswords, subject.dissected == .http, let redacted = WebRedaction.redacted(label) {
        out.append(json: redacted)
      } else {
        out.append(json: label)
      }
    }
    var end = start + 1
    // HTTP requests and responses may overlap; a mail message's records follow one another.
    side = subject.dissected == .http ? record.flags.intersection(.fromClient) : nil
    while end < recordCount, kind(end) != .messageEnd || isOtherSide(end) {
      end += 1
    }
    let isEnded = end < recordCount
    let ending = isEnded ? self.record(end, arena) : record
    if subject.dissected == .smtp {
      writeEnvelope(transaction, messageOrdinal: subject.log.isLocal ? Int(ending.ordinal) : 0, arena)
    }
    out.append(",\"byteCount\":")
    out.append(decimal: isEnded ? Int(ending.number) : 0)
    out.append(",\"gapByteCount\":")
    out.append(decimal: isEnded ? Int(ending.otherNumber) : 0)
    out.append(",\"isComplete\":")
    out.append(json: isEnded && ending.flags.contains(.isComplete))
    if isEnded, ending.code > 1 {
      out.append(",\"ranges\":")
      out.append(decimal: Int(ending.code))
    }
    if isEnded, ending.word == 1 {
      out.append(",\"sha256\":\"")
      let digest = arena.extracting(text(end, ending))
      for offset in 0..<digest.count {
        out.append(hexadecimalDigit: digest[offset] >> 4)
        out.append(hexadecimalDigit: digest[offset] & 15)
      }
      out.append(UInt8(ascii: "\""))
    }
    writeFields(start, end, arena)
    let shown = writeParts(start, end, arena)
    if shown.text >= 0 { writeText(shown.text, of: shown.part, arena) }
    if !subject.log.isLocal { writeReply(toMessage: Int(ending.ordinal), subject.dissected, arena) }
    out.append(",\"frameRange\":[")
    out.append(decimal: Int(record.mark.frame))
    out.append(UInt8(ascii: ","))
    out.append(decimal: Int(max(record.mark.frame, ending.mark.lastFrame)))
    out.append("]}")
    return subject.dissected == .http ? start : min(end, recordCount - 1)
  }
  /// What the server said of the message. Of IMAP that is the tagged line alone: a response may hold thousands of messages,
  /// and would stand with each of them.
  private mutating func writeReply(toMessage ordinal: Int, _ dissected: DissectedProtocol, _ arena: Span<UInt8>) {
    guard dissected != .http, ordinal > 0, ordinal < ordinals.count, ordinals[ordinal].firstReply >= 0 else { return }
    var first = Int(ordinals[ordinal].firstReply)
    if dissected == .imap {
      first = Int(ordinals[ordinal].lastReply)
      guard entries[first].flags.contains(.isLast) else { return }
    }
    out.append(",\"reply\":")
    writeReply(from: first, isGrouped: dissected != .pop3, dissected, arena)
  }
  // MARK: Content

  @inline(__always) private func isOtherSide(_ index: Int) -> Bool {
    side.map { $0 != entries[index].flags.intersection(.fromClient) } ?? false
  }

  private mutating func writeFields(_ start: Int, _ end: Int, _ arena: Span<UInt8>) {
    out.append(",\"fields\":[")
    var isFirst = true
    for index in start..<end {
      guard kind(index) == .field, !isOtherSide(index) else { continue }
      let record = self.record(index, arena)
      let octets = arena.extracting(text(index, record))
      guard let field = self.field(record, octets) else { continue }
      out.append(commaUnless: isFirst)
      out.append("{\"name\":")
      isFirst = false
      out.append(json: octets.extracting(octets.bounds(field.name)))
      out.append(",\"value\":")
      if masksPasswords, record.flags.contains(.isSecret) {
        writeMask()
        out.append(UInt8(ascii: "}"))
        continue
      }
      let value = octets.extracting(octets.bounds(field.value))
      if masksPasswords, side != nil,
        let redacted = WebRedaction.redacted(value: value, ofField: octets.extracting(octets.bounds(field.name)))
      {
        out.append(json: redacted)
      } else {
        writeValue(value)
      }
      out.append(UInt8(ascii: "}"))
    }
    out.append(UInt8(ascii: "]"))
  }
  /// A field's name and value, which were found when it was recorded, or are found now.
  private func field(_ record: Record, _ octets: Span<UInt8>) -> HeaderField? {
    guard record.number > 0 else { return HeaderField.parse(octets) }
    let value = octets.trimmed(OctetRange(min(Int(record.otherNumber), octets.count), octets.count))
    return HeaderField(name: OctetRange(0, min(Int(record.number), octets.count)), value: value)
  }
  /// A field's value, unfolded, its encoded words decoded; most values are ASCII and not encoded.
  private mutating func writeValue(_ value: Span<UInt8>) {
    if hasEncodedWord(value) { return out.append(json: EncodedWord.decode(value)) }
    let before = out.count
    if out.append(quotingUnfolded: value) < value.count {
      out.truncate(to: before)
      out.append(json: EncodedWord.decode(value))
    }
  }
  private func hasEncodedWord(_ value: Span<UInt8>) -> Bool {
    var from = 0
    while let sign = value.firstOffset(of: UInt8(ascii: "="), from: from) {
      if sign + 1 < value.count, value[sign + 1] == UInt8(ascii: "?") { return true }
      from = sign + 1
    }
    return false
  }
  /// Writes the parts; returns the text that will be shown and its part, each −1 where there is none.
  private mutating func writeParts(_ start: Int, _ end: Int, _ arena: Span<UInt8>) -> (text: Int, part: Int) {
    out.append(",\"parts\":[")
    var shown = (text: -1, part: -1)
    var numbers = PartNumbers(repeating: 0)
    var isFirst = true
    var described = -1
    for index in start..<end {
      if isOtherSide(index) { continue }
      let kind = self.kind(index)
      if kind == .part {
        if described >= 0 { writePart(described, nil, numbers, &isFirst, arena) }
        let depth = min(Int(record(index, arena).depth), DialogueLimits.partDepth)
        numbers[depth] += 1
        for deeper in depth + 1..<10 { numbers[deeper] = 0 }
        described = index
      } else if kind == .text {
        // A further one is recorded where it is to be shown instead.
        shown = (index, described)
      } else if kind == .partEnd, described >= 0 {
        writePart(described, record(index, arena), numbers, &isFirst, arena)
        described = -1
      }
    }
    if described >= 0 { writePart(described, nil, numbers, &isFirst, arena) }
    out.append(UInt8(ascii: "]"))
    return shown
  }
  private func charset(_ index: Int, _ arena: Span<UInt8>) -> String {
    let octets = arena.extracting(text(index, record(index, arena)))
    let end = octets.firstOffset(of: 0) ?? octets.count
    let summary = ContentType.Summary.parse(octets.extracting(0..<end))
    return octets.extracting(octets.bounds(summary.charset)).text()
  }
  private mutating func writePart(
    _ index: Int, _ end: Record?, _ numbers: PartNumbers, _ isFirst: inout Bool, _ arena: Span<UInt8>
  ) {
    let record = self.record(index, arena)
    let octets = arena.extracting(text(index, record))
    let nul = octets.firstOffset(of: 0) ?? octets.count
    let type = octets.extracting(0..<nul)
    let disposition = octets.extracting(min(nul + 1, octets.count)...)
    out.append(commaUnless: isFirst)
    out.append("{\"path\":\"")
    isFirst = false
    let depth = Int(record.depth)
    if depth == 0 {
      out.append(end == nil ? "0" : "1")
    } else {
      for level in 1...min(depth, DialogueLimits.partDepth) {
        if level > 1 { out.append(ASCII.dot) }
        out.append(decimal: max(1, numbers[level]))
      }
    }
    out.append("\",\"contentType\":")
    let (isMultipart, isText, name) = writeDescription(type, disposition, encoding: record.word)
    out.append(",\"encodedByteCount\":")
    out.append(decimal: Int(end?.number ?? 0))
    out.append(",\"decodedByteCount\":")
    out.append(decimal: Int(end?.otherNumber ?? 0))
    // Whatever it is, the body of HTTP is what was asked for.
    let isAttachment =
      !isMultipart
      && PartHead.isAttachment(isDisposed: record.code == 1, hasName: name, isText: isText || side != nil)
    out.append(",\"isAttachment\":")
    out.append(json: isAttachment)
    out.append(UInt8(ascii: "}"))
  }
  /// What the part's Content-Type and Content-Disposition say.
  private mutating func writeDescription(
    _ type: Span<UInt8>, _ disposition: Span<UInt8>, encoding: UInt8
  ) -> (isMultipart: Bool, isText: Bool, hasName: Bool) {
    let summary = ContentType.Summary.parse(type)
    let place = disposition.count > 0 ? ContentType.Summary.parse(disposition) : nil
    guard summary.isLiteral, place?.isLiteral ?? true else {
      return writeDecoded(type, disposition, encoding: encoding)
    }
    // Most fields say what they say: their words are written without taking them apart as text.
    if type.count == 0 {
      out.append("\"text/plain\"")
    } else {
      out.append(UInt8(ascii: "\""))
      appendLowercased(type, summary.type)
      if !summary.subtype.isEmpty { out.append(UInt8(ascii: "/")) }
      appendLowercased(type, summary.subtype)
      out.append(UInt8(ascii: "\""))
    }
    if !summary.charset.isEmpty {
      out.append(",\"charset\":")
      out.append(json: type.extracting(type.bounds(summary.charset)))
    }
    writeEncoding(encoding)
    if let place {
      out.append(",\"disposition\":\"")
      appendLowercased(disposition, place.type)
      out.append(UInt8(ascii: "\""))
    }
    var hasName = false
    if let place, !place.filename.isEmpty {
      out.append(",\"name\":")
      out.append(json: disposition.extracting(disposition.bounds(place.filename)))
      hasName = true
    } else if !summary.name.isEmpty {
      out.append(",\"name\":")
      out.append(json: type.extracting(type.bounds(summary.name)))
      hasName = true
    }
    switch summary.kind {
    case .textPlain, .textHTML, .otherText: return (false, true, hasName)
    case .multipart: return (true, false, hasName)
    case .messageRFC822, .other: return (false, type.count == 0, hasName)
    }
  }
  /// A word of a media type, which holds nothing that JSON would escape but quotes and backslashes.
  private mutating func appendLowercased(_ octets: Span<UInt8>, _ range: OctetRange) {
    for offset in octets.bounds(range) where octets[offset] != UInt8(ascii: "\"") && ASCII.isPrintable(octets[offset]) {
      out.append(ASCII.lowercased(octets[offset]))
    }
  }
  /// The same of fields with escapes, comments, encoded words or continuations.
  @inline(never) private mutating func writeDecoded(
    _ type: Span<UInt8>, _ disposition: Span<UInt8>, encoding: UInt8
  ) -> (isMultipart: Bool, isText: Bool, hasName: Bool) {
    let content = type.count > 0 ? ContentType.parse(type) : nil
    var name: String?
    if let content {
      out.append(json: content.subtype.isEmpty ? content.type : "\(content.type)/\(content.subtype)")
      if let charset = content.charset {
        out.append(",\"charset\":")
        out.append(json: charset)
      }
      name = content.name
    } else {
      out.append("\"text/plain\"")
    }
    writeEncoding(encoding)
    let place = disposition.count > 0 ? ContentDisposition.parse(disposition) : nil
    if let place {
      out.append(",\"disposition\":")
      out.append(json: place.type)
      name = place.filename ?? name
    }
    if let name {
      out.append(",\"name\":")
      out.append(json: name)
    }
    return (content?.type == "multipart", content.map { $0.type == "text" } ?? true, name != nil)
  }
  private mutating func writeEncoding(_ encoding: UInt8) {
    out.append(",\"encoding\":")
    switch TransferEncoding(rawValue: encoding) {
    case .eightBit: out.append("\"8bit\"")
    case .binary: out.append("\"binary\"")
    case .base64: out.append("\"base64\"")
    case .quotedPrintable: out.append("\"quoted-printable\"")
    case .uuencode: out.append("\"x-uuencode\"")
    case .sevenBit, .unknown, nil: out.append("\"7bit\"")
    }
  }
  private mutating func writeText(_ index: Int, of part: Int, _ arena: Span<UInt8>) {
    let record = self.record(index, arena)
    let octets = arena.extracting(text(index, record))
    // A form is kept at greater length, for the login that may be in it.
    let shown = octets.extracting(first: DialogueLimits.textByteCount)
    out.append(
      record.word == 1 ? ",\"text\":{\"kind\":\"html\",\"content\":" : ",\"text\":{\"kind\":\"plain\",\"content\":")
    // What comes of an HTTP body; mail's text is what somebody wrote.
    if masksPasswords, side != nil,
      let redacted = WebRedaction.redacted(body: octets, record.code, hasGap: hasGap(index, arena))
    {
      out.append(json: String(redacted.prefix(DialogueLimits.textByteCount)))
    } else if !out.append(jsonOfASCII: shown) {
      out.append(json: Charset.decode(shown, named: part < 0 ? "" : charset(part, arena)))
    }
    out.append(",\"isCut\":")
    out.append(json: record.flags.contains(.isCut) || shown.count < octets.count)
    out.append(UInt8(ascii: "}"))
  }
}
