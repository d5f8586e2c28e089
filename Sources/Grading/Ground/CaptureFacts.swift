internal import Bytes
internal import Dialogues
package import Lessons
package import Packets
package import Scenarios

/// What the analyzer says of a capture: the ground on which answers are judged.
package struct CaptureFacts: Sendable {
  /// Every conversation, as `conversation.schema.json` describes it.
  package private(set) var conversations: [Fact] = []
  /// The packets, to show where something stands.
  package let packets: [PlayedPacket]
  package let linkType: LinkType
  /// `conversations`, and those of each protocol under its name: `smtp[0].client.address`.
  package private(set) var root: Fact = .null

  package init(_ packets: [PlayedPacket], _ linkType: LinkType) {
    self.packets = packets
    self.linkType = linkType
    let collector = Collector()
    var options = DissectionOptions()
    options.hashes = false
    let analysis = Analysis(options, sink: collector)
    for (index, packet) in packets.enumerated() {
      analysis.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
    }
    _ = analysis.finish()
    // As they began, whichever ended first.
    conversations = collector.conversations.sorted { ($0["stream"]?.integer ?? 0) < ($1["stream"]?.integer ?? 0) }
    var members = [Fact.Member(name: "conversations", value: .list(conversations))]
    for name in ["smtp", "pop3", "imap", "http", "tls"] {
      members.append(
        Fact.Member(name: name, value: .list(conversations.filter { $0["protocol"]?.string == name })))
    }
    root = .object(members)
  }

  /// Reads a capture from a file; what stands before damage counts.
  package static func read(fileDescriptor: Int32) -> CaptureFacts? {
    packets(fileDescriptor: fileDescriptor).map { CaptureFacts($0.packets, $0.linkType) }
  }
  /// The packets of a capture in a file; nil when there are none.
  static func packets(fileDescriptor: Int32) -> (packets: [PlayedPacket], linkType: LinkType)? {
    var reader = CaptureReader(fileDescriptor: fileDescriptor)
    var sink = PacketCollector()
    do throws(CaptureError) { try reader.read(into: &sink) } catch {
      if sink.packets.isEmpty { return nil }
    }
    guard let linkType = sink.linkType else { return nil }
    return (sink.packets, linkType)
  }

  private final class Collector: ConversationSink {
    var conversations: [Fact] = []
    func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
      // What our own writer has written can be read; anything else would be a conversation less.
      do throws(FactError) { conversations.append(try FactParser.parse(conversation)) } catch {
        conversations.append(.null)
      }
    }
    func idle() {}
  }
  private struct PacketCollector: PacketSink {
    var packets: [PlayedPacket] = []
    var linkType: LinkType?
    private var byteCount = 0

    mutating func idle() {}
    mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
      guard byteCount < GradingLimits.captureByteCount else { return }
      byteCount += packet.count
      if linkType == nil { linkType = header.linkType }
      packets.append(PlayedPacket(timestamp: header.timestamp, frame: packet.copied()))
    }
  }
}
