internal import Bytes
internal import MailProtocols

/// The envelopes of SMTP's messages.
extension TranscriptWriter {
  /// The mail transaction that a message belongs to, while the records are walked (RFC 5321 §3.3).
  struct Transaction {
    var mail = -1
  }

  mutating func follow(_ index: Int, _ transaction: inout Transaction, _ arena: Span<UInt8>) {
    switch SMTPDialogue.Asked(rawValue: entries[index].word) {
    case .mail:
      if transaction.mail < 0 || !isRefused(index, arena) {
        transaction.mail = index
        recipients.removeAll()
      }
    case .recipient: recipients.append(Int32(index))
    case .hello, .reset:
      if !isRefused(index, arena) {
        transaction.mail = -1
        recipients.removeAll()
      }
    default: break
    }
  }
  /// Whether the server refused the command (4yz, 5yz).
  private func isRefused(_ index: Int, _ arena: Span<UInt8>) -> Bool {
    code(answering: record(index, arena), arena) ?? 0 >= 400
  }
  private func isAccepted(_ index: Int, _ arena: Span<UInt8>) -> Bool {
    code(answering: record(index, arena), arena) ?? 400 < 400
  }
  /// The code of the reply to a command; nil where none was heard.
  private func code(answering command: Record, _ arena: Span<UInt8>) -> UInt16? {
    let first = ordinals[Int(command.ordinal)].firstReply
    return first >= 0 ? record(Int(first), arena).code : nil
  }

  /// The envelope; of LMTP with the answers to the message, one for each recipient that was accepted, in their order
  /// (RFC 2033 §4.2).
  mutating func writeEnvelope(_ transaction: Transaction, messageOrdinal: Int, _ arena: Span<UInt8>) {
    var delivery = messageOrdinal > 0 && messageOrdinal < ordinals.count ? Int(ordinals[messageOrdinal].firstReply) : -1
    out.append(",\"envelope\":{")
    if transaction.mail >= 0 {
      out.append("\"from\":")
      writePath(transaction.mail, arena)
      out.append("},")
    }
    out.append("\"to\":[")
    for position in 0..<recipients.count {
      if position > 0 { out.append(UInt8(ascii: ",")) }
      let recipient = Int(recipients[position])
      writePath(recipient, arena)
      if delivery >= 0, isAccepted(recipient, arena) {
        out.append(",\"delivery\":")
        let last = writeReply(from: delivery, isGrouped: true, .smtp, arena)
        delivery = next(last, isGrouped: true, arena)
      }
      out.append(UInt8(ascii: "}"))
    }
    out.append("]}")
  }
  /// Begins with the path of a MAIL or RCPT command, and the code that answered it.
  private mutating func writePath(_ index: Int, _ arena: Span<UInt8>) {
    let record = self.record(index, arena)
    let line = arena.extracting(text(index, record))
    // Where the path stands was found when the command was heard; the line may have been cut since.
    let path = OctetRange(Int(record.number), Int(record.otherNumber))
    out.append("{\"path\":")
    out.append(json: line.extracting(line.bounds(OctetRange(min(path.lower, line.count), min(path.upper, line.count)))))
    if let code = code(answering: record, arena) {
      out.append(",\"code\":")
      out.append(decimal: Int(code))
    }
    out.append(",\"frames\":[")
    writeFrames(record.mark, isFirst: true)
    out.append(UInt8(ascii: "]"))
  }
}
