/// Receives every conversation as it ends, as one JSON object without a line end; the octets are lent for the call.
package protocol ConversationSink: AnyObject {
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol)
  /// One step of a dialogue, while it goes on; only where `DissectionOptions.steps` asks for it.
  func receive(_ step: Step)
  /// No packet has come for a while: what was received should be shown.
  func idle()
}

extension ConversationSink {
  package func receive(_ step: Step) {}
}

/// What an analysis is asked to do.
package struct DissectionOptions: Sendable {
  /// Whether message digests are taken.
  package var hashes = true
  package var masksPasswords = false
  /// Whether every exchange is written, not only what answers the lesson's questions.
  package var exchanges = true
  /// Whether every step is told as it is spoken; `NarratedAnalysis` alone does.
  package var steps = false
  /// Protocols forced on a server's port.
  package var forced: [UInt16: DissectedProtocol] = [:]
  package init() {}
}
