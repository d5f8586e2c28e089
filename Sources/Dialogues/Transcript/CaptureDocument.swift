/// A capture as `--format json` writes it: `Documentation/document.schema.json`.
package struct CaptureDocument: Codable, Equatable, Sendable {
  /// The schema's version.
  package static let currentVersion = 1

  package var version: Int
  /// The program that wrote it, and its version: `mailwire 1.0`.
  package var generator: String
  package var capture: Source
  /// In the order in which they end, each with its `answers`.
  package var conversations: [Conversation]
  package var summary: Summary

  package init(generator: String, capture: Source, conversations: [Conversation], summary: Summary) {
    self.version = Self.currentVersion
    self.generator = generator
    self.capture = capture
    self.conversations = conversations
    self.summary = summary
  }

  /// The file that was read.
  package struct Source: Codable, Equatable, Sendable {
    /// Its name as it was given; `-` for standard input.
    package var file: String
    package var packets: Int
    /// Octets read, after decompression.
    package var byteCount: Int
    /// Where and why reading stopped before the end; absent when it did not.
    package var damage: String?

    package init(file: String, packets: Int, byteCount: Int, damage: String? = nil) {
      self.file = file
      self.packets = packets
      self.byteCount = byteCount
      self.damage = damage
    }
  }

  /// The counts of a whole capture.
  package struct Summary: Codable, Equatable, Sendable {
    package var conversations = Protocols()
    /// TCP connections without payload or with something else.
    package var otherConnections = 0
    /// TCP segments that could be decoded.
    package var segments = 0
    /// Packets that end within a header.
    package var truncatedPackets = 0
    /// Packets whose headers contradict themselves.
    package var malformedPackets = 0
    /// Packets of a link type that is not decoded.
    package var undecodedPackets = 0
    /// IP fragments left out because a limit was reached or because they overlap (RFC 5722).
    package var droppedFragments = 0
    /// Connections ended by us, because too many were open at once.
    package var evictedConnections = 0
    /// Facts left out of conversations because a limit was reached.
    package var omittedFacts = 0
    /// How often each irregularity of packets and connections was met, by its name.
    package var irregularities: [String: Int] = [:]
    package var checksums = Checksums()

    package init() {}
  }

  /// TCP checksums that were verified, the wrong ones, and those that were left to a network card.
  package struct Checksums: Codable, Equatable, Sendable {
    package var verified = 0
    package var wrong = 0
    package var offloaded = 0

    package init() {}
  }

  /// Conversations by protocol.
  package struct Protocols: Codable, Equatable, Sendable {
    package var smtp = 0
    package var pop3 = 0
    package var imap = 0
    package var http = 0
    /// TLS from the first octet.
    package var tls = 0

    package init() {}
  }
}
