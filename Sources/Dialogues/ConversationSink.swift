package import Packets
package import Streams

/// Receives every conversation as it ends, as one JSON object without a line end; the octets are lent for the call.
package protocol ConversationSink: AnyObject {
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol)
  /// One step of a dialogue, while it goes on; only where `DissectionOptions.steps` asks for it.
  func receive(_ step: Step)
  /// Something unusual about a packet or a connection; only when that was asked for.
  func receive(_ remark: StreamRemark)
  /// No packet has come for a while: what was received should be shown.
  func idle()
}

extension ConversationSink {
  package func receive(_ step: Step) {}
  package func receive(_ remark: StreamRemark) {}
}

/// What an analysis is asked to do.
package struct DissectionOptions: Sendable {
  /// Whether message digests are taken.
  package var hashes = true
  package var masksPasswords = false
  /// Whether conversations are written out at all; a tap needs the messages alone.
  package var transcripts = true
  /// Whether every exchange is written, not only what answers the lesson's questions.
  package var exchanges = true
  /// Whether every step is told as it is spoken; `NarratedAnalysis` alone does.
  package var steps = false
  /// Protocols forced on a server's port.
  package var forced: [UInt16: DissectedProtocol] = [:]
  /// Which TCP checksums are verified.
  package var checksums = ChecksumPolicy.sampled
  /// Which of two octets for one place of a stream counts.
  package var overlapPolicy = OverlapPolicy.first
  /// Whether every irregularity of packets and connections is told, not only kept with its conversation.
  package var listsRemarks = false
  package init() {}
}
