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
    if let next = record.nextPort { options.forced[next] = .smtp }
    let analysis = NarratedAnalysis(options, sink: LadderReport(.text(renderer), write: { page.text += $0 }))
    for (index, packet) in capture.packets.enumerated() {
      analysis.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: capture.linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
    }
    _ = analysis.finish()
    return page.text + refused(record) + protected(record)
  }
  private static let refusedCount = 40
  /// Attempts to connect to a server that was not there, of which no conversation came.
  private static func refused(_ record: TrialRecord) -> String {
    let attempts = WireCapture(record.capture.octets)?.connections.filter {
      !$0.isOpen && [record.port, record.nextPort].contains($0.server.port)
    }
    return (attempts ?? []).prefix(refusedCount).map { attempt in
      let reset = attempt.resetFrames[1].map { ", and RST in frame \($0)" } ?? ""
      let place = "\nSYN in frame \(attempt.firstFrame)\(reset): "
      return place + "nobody listens at port \(attempt.server.port) (RFC 9293 §3.5.2)\n"
    }.joined()
  }
  /// What was said inside TLS, marked as what it is.
  private static func protected(_ record: TrialRecord) -> String {
    var text = ""
    for speech in record.protectedSpeeches ?? [] where !speech.pieces.isEmpty {
      text += "\nInside TLS, from port \(speech.clientPort): \(ProtectedSpeech.remark)\n"
      for piece in speech.pieces {
        for line in String(decoding: piece.octets.octets, as: UTF8.self).split(
          separator: "\r\n", omittingEmptySubsequences: false
        ).dropLast(piece.octets.octets.last == 10 ? 1 : 0) {
          text += "  \(piece.isClients ? "C" : "S"): \(Printable.line(String(line)))\n"
        }
      }
    }
    return text
  }
  private final class Page { var text = "" }
}
