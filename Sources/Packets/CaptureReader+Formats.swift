internal import Bytes

/// The formats, told apart by their first octets.
extension CaptureReader {
  @usableFromInline enum Format {
    case pcap(PCAPFile)
    case pcapng(PCAPNGFile)
    case snoop(SnoopFile)
    case erf(ERFFile)
  }
  /// What the first octets are.
  private enum Beginning {
    case format(Format, headerByteCount: Int)
    case compressed(Compression)
    /// None of the formats that have a magic number.
    case other(refusal: CaptureError)
  }

  /// Looks at the first octets, decompresses, and reads the file's header.
  @usableFromInline mutating func recognise() throws(CaptureError) -> Format {
    var isCompressed = false
    while true {
      try fill(24)
      if window.count == 0 {
        if let failure = window.failure { throw failure }
        throw .empty
      }
      var beginning = Beginning.other(refusal: .empty)
      window.consume { octets in
        beginning = Self.beginning(of: octets)
        if case .format(_, let headerByteCount) = beginning { return headerByteCount }
        return 0
      }
      switch beginning {
      case .format(let format, _): return format
      case .compressed(let compression) where !isCompressed:
        isCompressed = true
        window.decompress(compression)
      case .compressed: throw .notACapture(hint: nil)
      case .other(let refusal):
        if try isERF() { return .erf(ERFFile()) }
        if let failure = window.failure { throw failure }
        throw refusal
      }
    }
  }
  private static func beginning(of octets: Span<UInt8>) -> Beginning {
    if let compression = Compression(octets) { return .compressed(compression) }
    if octets.count >= 4, octets.nativeUInt32(at: 0) == PCAPNGFile.sectionHeader {
      return .format(.pcapng(PCAPNGFile()), headerByteCount: 0)
    }
    if let file = PCAPFile(header: octets) { return .format(.pcap(file), headerByteCount: PCAPFile.headerByteCount) }
    if let file = SnoopFile(header: octets) {
      return .format(.snoop(file), headerByteCount: SnoopFile.headerByteCount)
    }
    return .other(refusal: PCAPFile.refusal(of: octets))
  }
  /// Whether the first records are those of the format without a magic number; reads on as long as that is open.
  private mutating func isERF() throws(CaptureError) -> Bool {
    var isWhole = false
    while true {
      var likeness = ERFFile.Likeness.no
      window.consume { octets in
        likeness = ERFFile.likeness(octets, isWhole: isWhole)
        return 0
      }
      switch likeness {
      case .yes: return true
      case .no: return false
      case .unknown(let neededByteCount):
        try fill(neededByteCount)
        isWhole = window.count < neededByteCount
      }
    }
  }
}
