package import Bytes

/// What a capture tells besides its packets.
extension PCAPNGWriter {
  /// The kinds of secrets that a decryption secrets block holds (§4.7).
  package enum SecretsKind: UInt32, Sendable {
    /// NSS key log lines (`CLIENT_RANDOM …`).
    case tlsKeyLog = 0x544C_534B
  }

  /// Appends a decryption secrets block (§4.7), before the packets that it decrypts.
  package func append(secrets: Span<UInt8>, _ kind: SecretsKind = .tlsKeyLog, to output: inout ByteWriter) {
    append(block: 10, bodyByteCount: 8 + (secrets.count + 3) & ~3, to: &output) { output in
      output.append(kind.rawValue, byteOrder)
      output.append(UInt32(truncatingIfNeeded: secrets.count), byteOrder)
      output.append(secrets)
      output.append(0, count: -secrets.count & 3)
    }
  }
  /// Appends a name resolution block (§4.5). A name ends at its first NUL, which the format puts between names; an
  /// address without names, or with more than a record holds, is left out.
  package func append(names records: [(address: IPAddress, names: [String])], to output: inout ByteWriter) {
    let encoded = records.map { record in
      let names = record.names.map { $0.utf8.prefix { $0 != 0 } }.filter { !$0.isEmpty }
      return (
        isIPv6: record.address.isIPv6, isEmpty: names.isEmpty,
        value: record.address.octets + names.flatMap { Array($0) + [0] }
      )
    }.filter { !$0.isEmpty && $0.value.count <= PCAPNGOptions.maximumValueByteCount }
    let byteCount = encoded.reduce(4) { $0 + 4 + ($1.value.count + 3) & ~3 }
    append(block: 4, bodyByteCount: byteCount, to: &output) { output in
      for record in encoded {
        output.append(record.isIPv6 ? 2 : 1 as UInt16, byteOrder)
        output.append(UInt16(record.value.count), byteOrder)
        output.append(record.value.span)
        output.append(0, count: -record.value.count & 3)
      }
      output.append(0, count: 4)
    }
  }
  /// Appends an interface statistics block (§4.6), as capture programs do when they end.
  package func append(_ statistics: Statistics, to output: inout ByteWriter) {
    precondition(statistics.interface < interfaces.count, "statistics of an interface that was not described")
    let timeUnit = interfaces[Int(statistics.interface)].timeUnit
    let units = timeUnit.count(statistics.timestamp)
    let options = statistics.options(timeUnit, byteOrder)
    append(block: 5, bodyByteCount: 12 + options.count, to: &output) { output in
      output.append(statistics.interface, byteOrder)
      output.append(UInt32(units >> 32), byteOrder)
      output.append(UInt32(truncatingIfNeeded: units), byteOrder)
      output.append(options.span)
    }
  }
}
