internal import Bytes
internal import MailProtocols

/// Messages: envelope, header fields, parts, the beginning of the text, size and digest.
extension TranscriptWriter {
  /// The mail transaction that a message belongs to, while the records are walked (RFC 5321 §3.3).
  private struct Transaction {
    var mail = -1
  }

  mutating func writeMessages(_ subject: Subject, _ arena: Span<UInt8>) {
    out.append(",\"messages\":[")
    var isFirst = true
    var transaction = Transaction()
    recipients.removeAll()
    var index = 0
    while index < recordCount {
      let record = self.record(index, arena)
      if record.kind == .request, subject.dissected == .smtp {
        follow(record, index, &transaction, arena)
      } else if record.kind == .message {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        index = writeMessage(index, record, subject, transaction, arena)
        if record.word != MessageVia.fetch.rawValue {
          transaction.mail = -1
          recipients.removeAll()
        }
      }
      index += 1
    }
    out.append(UInt8(ascii: "]"))
  }
  private mutating func follow(_ record: Record, _ index: Int, _ transaction: inout Transaction, _ arena: Span<UInt8>) {
    switch SMTPDialogue.Asked(rawValue: record.word) {
    case .mail:
      if transaction.mail < 0 || !isRefused(record, arena) {
        transaction.mail = index
        recipients.removeAll()
      }
    case .recipient: recipients.append(Int32(index))
    case .hello, .reset:
      if !isRefused(record, arena) {
        transaction.mail = -1
        recipients.removeAll()
      }
    default: break
    }
  }
  /// Whether the server refused the command (4yz, 5yz).
  private func isRefused(_ record: Record, _ arena: Span<UInt8>) -> Bool {
    let first = firstReplies[Int(record.ordinal)]
    return first >= 0 && self.record(Int(first), arena).code >= 400
  }

  /// Writes the message that begins at `start`; returns its last record.
  private mutating func writeMessage(
    _ start: Int, _ record: Record, _ subject: Subject, _ transaction: Transaction, _ arena: Span<UInt8>
  ) -> Int {
    out.append("{\"via\":\"")
    out.append((MessageVia(rawValue: record.word) ?? .data).name)
    out.append(UInt8(ascii: "\""))
    if record.textByteCount > 0 {
      out.append(",\"label\":")
      out.append(json: arena.extracting(text(start, record)))
    }
    if subject.dissected == .smtp { writeEnvelope(transaction, arena) }
    var end = start + 1
    while end < recordCount, self.record(end, arena).kind != .messageEnd { end += 1 }
    let isEnded = end < recordCount
    let ending = isEnded ? self.record(end, arena) : record
    out.append(",\"byteCount\":")
    out.append(decimal: isEnded ? Int(ending.number) : 0)
    out.append(",\"gapByteCount\":")
    out.append(decimal: isEnded ? Int(ending.otherNumber) : 0)
    out.append(",\"isComplete\":")
    out.append(isEnded && ending.flags.contains(.isComplete) ? "true" : "false")
    if isEnded, ending.word == 1 {
      out.append(",\"sha256\":\"")
      let digest = arena.extracting(text(end, ending))
      for offset in 0..<digest.count {
        for digit in [digest[offset] >> 4, digest[offset] & 15] as InlineArray<2, UInt8> {
          out.append(digit < 10 ? 48 + digit : 87 + digit)
        }
      }
      out.append(UInt8(ascii: "\""))
    }
    writeFields(start, end, arena)
    let charset = writeParts(start, end, arena)
    writeText(start, end, charset, arena)
    let ordinal = Int(ending.ordinal)
    if ordinal > 0, ordinal < firstReplies.count, firstReplies[ordinal] >= 0, subject.dissected != .http {
      out.append(",\"reply\":")
      if subject.dissected == .imap {
        let last = lastOfReply(Int(firstReplies[ordinal]), isGrouped: true, arena)
        writeReply(from: last, isGrouped: true, subject, arena)
      } else {
        let first = Int(firstReplies[ordinal])
        writeReply(from: first, isGrouped: subject.dissected == .smtp, subject, arena)
      }
    }
    out.append(",\"frames\":[")
    out.append(decimal: Int(record.mark.frame))
    if ending.mark.frame != record.mark.frame {
      out.append(UInt8(ascii: ","))
      out.append(decimal: Int(ending.mark.frame))
    }
    out.append("]}")
    return min(end, recordCount - 1)
  }
  private mutating func writeEnvelope(_ transaction: Transaction, _ arena: Span<UInt8>) {
    out.append(",\"envelope\":{")
    var mark = LineMark()
    if transaction.mail >= 0 {
      let record = self.record(transaction.mail, arena)
      mark = record.mark
      let line = arena.extracting(text(transaction.mail, record))
      if case .mail(let path, _) = SMTPCommand<OctetRange>.parse(line) {
        out.append("\"from\":")
        out.append(json: line.extracting(line.bounds(path)))
        out.append(UInt8(ascii: ","))
      }
    }
    out.append("\"fromFrames\":[")
    writeFrames(mark, isFirst: true)
    out.append("],\"to\":[")
    for position in 0..<recipients.count {
      let index = Int(recipients[position])
      let record = self.record(index, arena)
      let line = arena.extracting(text(index, record))
      guard case .recipient(let path, _) = SMTPCommand<OctetRange>.parse(line) else { continue }
      out.append(position == 0 ? "{\"path\":" : ",{\"path\":")
      out.append(json: line.extracting(line.bounds(path)))
      let ordinal = Int(record.ordinal)
      if firstReplies[ordinal] >= 0 {
        out.append(",\"code\":")
        out.append(decimal: Int(self.record(Int(firstReplies[ordinal]), arena).code))
      }
      out.append(",\"frames\":[")
      writeFrames(record.mark, isFirst: true)
      out.append("]}")
    }
    out.append("]}")
  }

  // MARK: Content

  private mutating func writeFields(_ start: Int, _ end: Int, _ arena: Span<UInt8>) {
    out.append(",\"fields\":[")
    var isFirst = true
    for index in start..<end {
      let record = self.record(index, arena)
      guard record.kind == .field else { continue }
      let octets = arena.extracting(text(index, record))
      guard let field = HeaderField.parse(octets) else { continue }
      out.append(isFirst ? "{\"name\":" : ",{\"name\":")
      isFirst = false
      out.append(json: octets.extracting(octets.bounds(field.name)))
      out.append(",\"value\":")
      writeValue(octets.extracting(octets.bounds(field.value)))
      out.append(UInt8(ascii: "}"))
    }
    out.append(UInt8(ascii: "]"))
  }
  /// A field's value, unfolded, its encoded words decoded; most values are neither folded nor encoded.
  private mutating func writeValue(_ value: Span<UInt8>) {
    var isPlain = true
    for offset in value.indices where !ASCII.isPrintable(value[offset]) { isPlain = false }
    if isPlain, value.firstOffsetIgnoringCase(of: "=?") == nil { return out.append(json: value) }
    out.append(json: EncodedWord.decode(value))
  }
  /// Writes the parts; returns the charset of the text that will be shown.
  private mutating func writeParts(_ start: Int, _ end: Int, _ arena: Span<UInt8>) -> String {
    out.append(",\"parts\":[")
    var charset = ""
    var numbers = [Int](repeating: 0, count: DialogueLimits.partDepth + 2)
    var isFirst = true
    var described = -1
    for index in start..<end {
      let record = self.record(index, arena)
      if record.kind == .part {
        if described >= 0 { writePart(described, nil, numbers, &isFirst, arena) }
        let depth = min(Int(record.depth), DialogueLimits.partDepth)
        numbers[depth] += 1
        for deeper in depth + 1..<numbers.count { numbers[deeper] = 0 }
        described = index
      } else if record.kind == .text, described >= 0, charset.isEmpty {
        charset = self.charset(described, arena)
      } else if record.kind == .partEnd, described >= 0 {
        writePart(described, record, numbers, &isFirst, arena)
        described = -1
      }
    }
    if described >= 0 { writePart(described, nil, numbers, &isFirst, arena) }
    out.append(UInt8(ascii: "]"))
    return charset
  }
  private func charset(_ index: Int, _ arena: Span<UInt8>) -> String {
    let octets = arena.extracting(text(index, record(index, arena)))
    let end = octets.firstOffset(of: 0) ?? octets.count
    let summary = ContentType.Summary.parse(octets.extracting(0..<end))
    return octets.extracting(octets.bounds(summary.charset)).text()
  }
  private mutating func writePart(
    _ index: Int, _ end: Record?, _ numbers: [Int], _ isFirst: inout Bool, _ arena: Span<UInt8>
  ) {
    let record = self.record(index, arena)
    let octets = arena.extracting(text(index, record))
    let nul = octets.firstOffset(of: 0) ?? octets.count
    let type = octets.extracting(0..<nul)
    let disposition = octets.extracting(min(nul + 1, octets.count)...)
    out.append(isFirst ? "{\"path\":\"" : ",{\"path\":\"")
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
    let content = type.count > 0 ? ContentType.parse(type) : nil
    var isText = true
    var name: String?
    if let content {
      isText = content.type == "text"
      out.append(json: content.subtype.isEmpty ? content.type : "\(content.type)/\(content.subtype)")
      if let charset = content.charset {
        out.append(",\"charset\":")
        out.append(json: charset)
      }
      name = content.name
    } else {
      out.append("\"text/plain\"")
    }
    out.append(",\"encoding\":")
    out.append(json: (TransferEncoding(rawValue: record.word) ?? .sevenBit).name)
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
    out.append(",\"encodedByteCount\":")
    out.append(decimal: Int(end?.number ?? 0))
    out.append(",\"decodedByteCount\":")
    out.append(decimal: Int(end?.otherNumber ?? 0))
    let isMultipart = content?.type == "multipart"
    let isAttachment = !isMultipart && (record.code == 1 || name != nil || (!isText && depth > 0))
    out.append(",\"isAttachment\":")
    out.append(isAttachment ? "true}" : "false}")
  }
  private mutating func writeText(_ start: Int, _ end: Int, _ charset: String, _ arena: Span<UInt8>) {
    var chosen = -1
    for index in start..<end {
      let record = self.record(index, arena)
      guard record.kind == .text else { continue }
      if chosen < 0 || (record.word == 0 && self.record(chosen, arena).word != 0) { chosen = index }
    }
    guard chosen >= 0 else { return }
    let record = self.record(chosen, arena)
    let octets = arena.extracting(text(chosen, record))
    out.append(record.word == 1 ? ",\"text\":{\"kind\":\"html\",\"content\":" : ",\"text\":{\"kind\":\"plain\",\"content\":")
    var isASCII = true
    for offset in octets.indices where octets[offset] >= 0x80 || octets[offset] == 27 { isASCII = false }
    if isASCII { out.append(json: octets) } else { out.append(json: Charset.decode(octets, named: charset)) }
    out.append(",\"isCut\":")
    out.append(record.flags.contains(.isCut) ? "true}" : "false}")
  }
}
