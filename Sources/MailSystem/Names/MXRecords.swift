internal import Bytes

/// The mail servers of a domain, as DNS tells them (RFC 5321 §5.1, RFC 1035 §3.3.9).
///
///     b.example. 3600 IN MX 10 mx.b.example.
package struct MXRecords: Equatable, Sendable {
  package struct Record: Equatable, Sendable {
    package var preference: UInt16
    /// Without the last dot; empty for the root.
    package var exchange: String
  }
  /// Lower preferences first.
  package var records: [Record]

  /// The domain takes no mail and says so (RFC 7505).
  package var isNull: Bool { records.count == 1 && records[0].exchange.isEmpty }

  /// The MX records of a DNS answer (RFC 1035 §4.1); nil for what is no answer, or a damaged one.
  package static func parse(_ answer: Span<UInt8>) -> MXRecords? {
    guard answer.count >= 12 else { return nil }
    var reader = DNSReader(offset: 12)
    for _ in 0..<answer.networkUInt16(at: 4) {
      guard reader.name(answer) != nil, reader.skip(4, answer) else { return nil }
    }
    var records: [Record] = []
    for _ in 0..<answer.networkUInt16(at: 6) {
      guard reader.name(answer) != nil, answer.count - reader.offset >= 10 else { return nil }
      let type = answer.networkUInt16(at: reader.offset)
      let byteCount = Int(answer.networkUInt16(at: reader.offset + 8))
      guard reader.skip(10, answer), answer.count - reader.offset >= byteCount else { return nil }
      if type == 15 {
        var data = reader
        guard byteCount >= 3, data.skip(2, answer), let exchange = data.name(answer) else { return nil }
        records.append(Record(preference: answer.networkUInt16(at: reader.offset), exchange: exchange))
      }
      guard reader.skip(byteCount, answer) else { return nil }
    }
    return MXRecords(records: records.sorted { ($0.preference, $0.exchange) < ($1.preference, $1.exchange) })
  }
}

/// Reads names in a DNS message, which may point backwards (RFC 1035 §4.1.4).
private struct DNSReader {
  var offset: Int

  private func isHostOctet(_ octet: UInt8) -> Bool {
    ASCII.isLetter(octet) || ASCII.isDigit(octet) || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_")
  }
  mutating func skip(_ count: Int, _ message: Span<UInt8>) -> Bool {
    offset += count
    return offset <= message.count
  }
  mutating func name(_ message: Span<UInt8>) -> String? {
    var labels: [String] = []
    var place = offset
    var hasJumped = false
    // A name has at most 127 labels; more steps than that go in circles.
    for _ in 0..<255 {
      guard place < message.count else { return nil }
      let count = Int(message[place])
      switch count {
      case 0:
        if !hasJumped { offset = place + 1 }
        return labels.joined(separator: ".")
      case 1...63:
        guard message.count - place > count else { return nil }
        let label = message.extracting((place + 1)..<(place + 1 + count)).text()
        // A host's name has letters, digits and hyphens; others are nobody to connect to.
        guard label.utf8.allSatisfy(isHostOctet) else { return nil }
        labels.append(label)
        place += 1 + count
      case 192...255:
        guard message.count - place > 1 else { return nil }
        if !hasJumped { offset = place + 2 }
        hasJumped = true
        place = (count & 63) << 8 | Int(message[place + 1])
      default: return nil
      }
    }
    return nil
  }
}
