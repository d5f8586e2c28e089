import Bytes
import Packets

/// Everything that a capture says, as lines: a block or a packet, then what it says, indented.
struct CaptureEvents: PacketSink {
  private(set) var lines: [String] = []
  /// What was said of the packet that comes next.
  private var ofNextPacket: [String] = []
  private var isUntimed = false

  /// The blocks alone, by their names in the format's document.
  var blocks: [String] { lines.filter { !$0.hasPrefix(" ") }.map { String($0.prefix { $0 != " " }) } }

  mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    let sum = PacketSum(packet)
    let line =
      isUntimed
      ? "SPB \(header.linkType.rawValue) \(packet.count)/\(header.originalByteCount) \(sum)"
      : "EPB \(header.linkType.rawValue) \(packet.count)/\(header.originalByteCount) \(sum) "
        + "at \(header.timestamp.nanoseconds)"
    lines.append(line)
    lines += ofNextPacket
    ofNextPacket = []
    isUntimed = false
  }
  mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {
    switch note {
    case .section: lines.append("SHB")
    case .interface(let number, let linkType, let snapLength):
      lines.append("IDB \(number) \(linkType.rawValue) \(snapLength)")
    case .untimed: isUntimed = true
    case .names: lines.append("NRB")
    case .name(let address): lines.append("  \(address.addressText) is \(octets.text())")
    case .statistics(let interface, let time): lines.append("ISB \(interface) at \(time.nanoseconds)")
    case .secrets(let kind): lines.append("DSB \(kind) \(octets.count)")
    case .custom(let enterprise, true): lines.append("CB \(enterprise) \(octets.count)")
    case .custom(let enterprise, false): lines.append("DCB \(enterprise) \(octets.count)")
    case .unread(let type): lines.append("unread \(type)")
    case .text(let text, let subject): say(of: subject, "\(text): \(octets.text())")
    case .count(let count, let number, let subject): say(of: subject, "\(count): \(number)")
    case .started(_, let time): lines.append("  started: \(time.nanoseconds)")
    case .ended(_, let time): lines.append("  ended: \(time.nanoseconds)")
    case .flags(let flags, _): ofNextPacket.append("  flags: \(flags)")
    // A value that is not read may be a number: its octets differ with the byte order.
    case .option(let code, let subject): say(of: subject, "option \(code): \(octets.count)")
    case .damagedOptions(let subject): say(of: subject, "damaged options")
    }
  }
  mutating func idle() {}

  private mutating func say(of subject: CaptureNote.Subject, _ words: String) {
    if case .packet = subject { ofNextPacket.append("  " + words) } else { lines.append("  " + words) }
  }
}

/// A sum (FNV-1a) that tells packets apart.
struct PacketSum: CustomStringConvertible {
  private var sum: UInt64 = 0xCBF2_9CE4_8422_2325
  init(_ packet: Span<UInt8>) {
    for offset in packet.indices { sum = (sum ^ UInt64(packet[offset])) &* 0x100_0000_01B3 }
  }
  var description: String { String(sum, radix: 16) }
}
