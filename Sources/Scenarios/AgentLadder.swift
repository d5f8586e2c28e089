internal import Bytes
internal import Dialogues
internal import Lessons
package import MailSystem
package import Packets

/// One conversation of a user agent as a ladder, as `mailwire follow` prints it: its packets may have been made of what
/// the agent heard and said.
package enum AgentLadder {
  /// `port` is the server's, whose service is known.
  package static func text(
    _ packets: [PlayedPacket], _ linkType: LinkType, _ service: MailService, port: UInt16
  ) -> String {
    var options = DissectionOptions()
    options.hashes = false
    options.exchanges = false
    options.forced[port] = service == .pop3 ? .pop3 : service == .imap ? .imap : .smtp
    let page = Page()
    let renderer = LadderRenderer(LadderRenderer.Look(showsTransport: false))
    let analysis = NarratedAnalysis(options, sink: LadderReport(.text(renderer), write: { page.text += $0 }))
    for (index, packet) in packets.enumerated() {
      analysis.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
    }
    _ = analysis.finish()
    return page.text
  }
  private final class Page { var text = "" }
}
