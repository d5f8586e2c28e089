internal import Dialogues
internal import Lessons
internal import MailSystem
internal import Packets

extension PlayedScenario {
  /// Every conversation as a ladder, as `mailwire follow --tcp` prints the capture.
  package var ladder: String {
    let page = Page()
    let renderer = LadderRenderer(LadderRenderer.Look(showsTransport: true))
    _ = narrate(to: LadderReport(.text(renderer), write: { page.text += $0 }))
    return page.text
  }
  /// The frame in which the message of a connection ends, by `tcp.stream`.
  var messageEnds: [Int: Int] {
    let ends = MessageEnds()
    _ = narrate(to: ends)
    return ends.frames
  }
  private func narrate(to sink: any ConversationSink) -> AnalysisSummary {
    var options = DissectionOptions()
    options.hashes = false
    options.exchanges = false
    // Where the services are is known here.
    for ports in addresses.ports.values {
      for (service, port) in ports {
        options.forced[port] = service == .pop3 ? .pop3 : service == .imap ? .imap : .smtp
      }
    }
    let analysis = NarratedAnalysis(options, sink: sink)
    for (index, packet) in packets.enumerated() {
      analysis.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
    }
    return analysis.finish()
  }

  private final class Page { var text = "" }
  private final class MessageEnds: ConversationSink {
    var frames: [Int: Int] = [:]
    func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {}
    func receive(_ step: Step) {
      if step.kind == .message, step.scene.dissected == .smtp { frames[step.scene.stream] = step.lastFrame }
    }
    func idle() {}
  }
}
