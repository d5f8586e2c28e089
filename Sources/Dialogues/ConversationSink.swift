package import Bytes

/// Receives every conversation as it ends, as one JSON object without a line end; the octets are lent for the call.
package protocol ConversationSink: AnyObject {
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol)
  /// No packet has come for a while: what was received should be shown.
  func idle()
}

/// What an analysis is asked to do.
package struct DissectionOptions: Sendable {
  /// Whether message digests are taken.
  package var hashes = true
  package var masksPasswords = false
  /// Protocols forced on a server's port.
  package var forced: [UInt16: DissectedProtocol] = [:]
  package init() {}
}
