import Bytes
import Packets

/// Takes what a capture file says besides its packets, and stops the fuzzer at the first thing that breaks the order of
/// notes: a section before its interfaces, interfaces numbered from 0, and what is said of a packet just before it.
struct NoteChecks: PacketSink, ~Copyable {
  private var frame: UInt32 = 0
  private var interfaceCount: UInt32 = 0
  private var hasSection = false

  mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    frame += 1
    precondition(header.frame == frame, "frame \(header.frame) comes as the \(frame)th")
    precondition(packet.count <= PacketLimits.capturedByteCount, "a packet of \(packet.count) octets")
  }
  mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {
    precondition(octets.count <= PacketLimits.blockByteCount, "a note of \(octets.count) octets")
    switch note {
    case .section:
      hasSection = true
      interfaceCount = 0
    case .interface(let number, _, _):
      precondition(hasSection && number == interfaceCount, "interface \(number) of \(interfaceCount)")
      interfaceCount += 1
    case .untimed(let frame), .flags(_, let frame): checkNext(frame)
    case .name: precondition(octets.count > 0, "a name of no octets")
    case .text(_, let subject):
      check(subject)
      precondition(octets.count == 0 || octets[octets.count - 1] != 0, "a text with a NUL at its end")
    case .count(_, _, let subject), .option(_, let subject), .damagedOptions(let subject): check(subject)
    // Statistics may be of an interface that was never described.
    case .names, .secrets, .custom, .unread, .statistics, .started, .ended:
      precondition(hasSection, "a block outside of sections")
    }
  }
  mutating func idle() {}

  private func check(_ subject: CaptureNote.Subject) {
    switch subject {
    case .packet(let frame): checkNext(frame)
    case .interface(let interface):
      precondition(interface < interfaceCount, "interface \(interface) of \(interfaceCount)")
    case .section, .names, .secrets, .statistics: precondition(hasSection, "options outside of sections")
    }
  }
  private func checkNext(_ frame: UInt32) {
    precondition(frame == self.frame + 1, "a note on frame \(frame) before the \(self.frame + 1)th")
  }
}
