import Dialogues
import Lessons
import Packets

/// What is said of a whole capture to a person.
enum CaptureSummary {
  /// The lines, whether there is mail first; nil where nothing could be read, which says nothing about mail: standard error
  /// tells why.
  static func lines(_ summary: AnalysisSummary, name: String, damage: CaptureError?) -> [String]? {
    let packets = summary.packets
    if packets.packets == 0, damage != nil { return nil }
    if packets.packets > 0, packets.undecodedLinkType == packets.packets { return nil }
    return absence(summary) + ["\(Printable.line(name)): \(tally(summary))"] + Irregularities.sentences(summary)
  }
  /// That there is no mail; nothing where there is.
  static func absence(_ summary: AnalysisSummary) -> [String] {
    if summary.counts.total > 0 { return [] }
    let lacksOctets = summary.irregularities.met.contains { [.segmentLost, .packetCut].contains($0.irregularity) }
    return ["No mail conversation in this capture."]
      + (lacksOctets ? ["Packets were cut or lost when it was made: not all that was said is in it."] : [])
  }
  /// `27 packets · 1 TCP connection · 1 SMTP`
  private static func tally(_ summary: AnalysisSummary) -> String {
    let (counts, packets) = (summary.counts, summary.packets)
    var pieces = [counted(packets.packets, "packet"), counted(summary.connections, "TCP connection")]
    for (count, name) in [
      (counts.smtp, "SMTP"), (counts.pop3, "POP3"), (counts.imap, "IMAP"), (counts.http, "HTTP"), (counts.tls, "TLS"),
    ] where count > 0 { pieces.append("\(count) \(name)") }
    if summary.evictedCount > 0 { pieces.append("\(summary.evictedCount) given up to keep memory bounded") }
    if packets.undecodedLinkType > 0 {
      pieces.append("\(counted(packets.undecodedLinkType, "packet")) of a link type that is not read")
    }
    if packets.droppedFragments > 0 { pieces.append("\(counted(packets.droppedFragments, "IP fragment")) dropped") }
    return pieces.joined(separator: " · ")
  }
  private static func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
}
