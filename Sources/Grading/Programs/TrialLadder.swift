internal import Bytes
internal import Dialogues
internal import Lessons
internal import Packets
internal import Scenarios

/// A case's capture as a ladder: who said what, with frames and times.
package enum TrialLadder {
  package static func text(_ record: TrialRecord, spoken: TrialProtocol) -> String {
    guard let capture = try? SubmittedCapture.packets(octets: record.capture.octets) else { return "" }
    let page = Page()
    let renderer = LadderRenderer(LadderRenderer.Look(showsTransport: true))
    var options = DissectionOptions()
    options.hashes = false
    options.exchanges = false
    options.forced[record.port] = spoken == .pop3 ? .pop3 : spoken == .imap ? .imap : .smtp
    let analysis = NarratedAnalysis(options, sink: LadderReport(.text(renderer), write: { page.text += $0 }))
    for (index, packet) in capture.packets.enumerated() {
      analysis.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: capture.linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
    }
    _ = analysis.finish()
    return page.text
  }
  private final class Page { var text = "" }
}
