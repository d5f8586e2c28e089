/// One conversation as it is written and read: the schema of every JSON output (`Documentation/conversation.schema.json`).
///
/// Frames are numbered from 1 as Wireshark does; a byte range is `[frame, offset, length]`; a time is seconds since 1970.
package struct Conversation: Codable, Equatable, Sendable {
  /// The schema's version.
  package static let currentVersion = 1

  package var version: Int
  /// As Wireshark's `tcp.stream`.
  package var stream: Int
  /// `smtp`, `pop3`, `imap`, `http` or `tls`.
  package var `protocol`: String
  /// `lmtp` where SMTP is spoken as RFC 2033 has it; else absent.
  package var variant: String?
  package var client: Peer
  package var server: Peer
  /// How it is known who is the client: `syn`, `syn-ack`, `port` or `content`.
  package var roles: String
  /// The VLANs and tunnels that the packets travelled, the outermost first: `VLAN 10`, `GRE`; absent when there are none.
  package var path: [String]?
  package var begin: Double
  package var end: Double
  /// The first and the last frame.
  package var frameRange: [Int]
  package var packets: Int
  package var opening: Opening
  /// The whole dialogue; lines of NDJSON leave it out unless `--dialogue` asks for it.
  package var exchanges: [Exchange]?
  package var credentials: [Credential]
  package var messages: [Message]
  package var protection: Protection?
  package var closing: Closing
  package var gaps: [Gap]
  package var anomalies: [Remark]
  /// Facts left out because a limit was reached.
  package var omitted: Int
  /// The lesson's answers; only in `--format json`.
  package var answers: [JSONAnswer]?

  /// One side of the connection.
  package struct Peer: Codable, Equatable, Sendable {
    package var address: String
    package var port: Int
    /// The frame of this side's SYN; absent when it was not captured.
    package var synFrame: Int?
    package var byteCount: Int
    package var gapByteCount: Int
    package var retransmissions: Int
    package var outOfOrder: Int
  }
  /// Some lines that stand together, and where.
  package struct Lines: Codable, Equatable, Sendable {
    package var lines: [String]
    package var frames: [Int]
    package var bytes: [[Int]]
  }
  /// What each side said first, and who began.
  package struct Opening: Codable, Equatable, Sendable {
    /// `client`, `server`, or absent when nobody spoke.
    package var first: String?
    package var client: Lines?
    package var server: Lines?
    /// Absent where nothing is missing.
    package var gaps: Gaps?

    /// Octets before a side's first message that were not captured.
    package struct Gaps: Codable, Equatable, Sendable {
      package var client: Int?
      package var server: Int?
    }
  }
  /// What the client said, and what the server answered.
  package struct Exchange: Codable, Equatable, Sendable {
    /// Absent for what the server said unasked: a greeting, an untagged 421.
    package var request: Request?
    package var replies: [Reply]
  }
  package struct Request: Codable, Equatable, Sendable {
    /// The command word in capitals; `*` for an answer to a challenge, `.` for the end of a message.
    package var verb: String
    package var line: String
    /// The IMAP tag.
    package var tag: String?
    /// When it was said: seconds since 1970; only within `exchanges`.
    package var time: Double?
    package var frames: [Int]
    package var bytes: [[Int]]
  }
  package struct Reply: Codable, Equatable, Sendable {
    package var code: Int?
    /// POP3 `+OK`, IMAP `OK`, ….
    package var status: String?
    /// When its first line was said: seconds since 1970; only within `exchanges`.
    package var time: Double?
    package var lines: [String]
    package var frames: [Int]
    package var bytes: [[Int]]
  }
  /// One attempt to log in.
  package struct Credential: Codable, Equatable, Sendable {
    package var mechanism: String
    package var username: String?
    package var password: String?
    /// What stood on the wire, line by line, where it was encoded.
    package var encoded: [String]
    /// Whether the server accepted; absent when it did not say.
    package var accepted: Bool?
    package var reply: String?
    /// false where octets within what the client sent were not captured; else absent.
    package var isComplete: Bool?
    package var frames: [Int]
    package var bytes: [[Int]]
    /// How many of `bytes` each of the client's lines takes; absent where each takes one.
    package var pieces: [Int]?
  }
  /// A reverse-path or a forward-path, and the server's answer to it.
  package struct Path: Codable, Equatable, Sendable {
    package var path: String
    package var code: Int?
    package var frames: [Int]
    /// What LMTP says of a message for this recipient (RFC 2033 §4.2), where it was accepted.
    package var delivery: Reply?
  }
  package struct Envelope: Codable, Equatable, Sendable {
    package var from: Path?
    package var to: [Path]
  }
  package struct Field: Codable, Equatable, Sendable {
    package var name: String
    /// Unfolded, encoded words decoded.
    package var value: String
  }
  package struct Part: Codable, Equatable, Sendable {
    /// As IMAP numbers body parts: `1`, `2.1`.
    package var path: String
    package var contentType: String
    package var charset: String?
    package var encoding: String
    package var disposition: String?
    package var name: String?
    package var encodedByteCount: Int
    package var decodedByteCount: Int
    package var isAttachment: Bool
  }
  package struct Text: Codable, Equatable, Sendable {
    /// `html`, or `plain` for text of any other subtype.
    package var kind: String
    package var content: String
    /// Whether `content` is only the beginning.
    package var isCut: Bool
  }
  package struct Message: Codable, Equatable, Sendable {
    /// `DATA`, `BDAT`, `RETR`, `TOP`, `FETCH`, `APPEND`, `request` or `response`.
    package var via: String
    /// The IMAP section (`BODY[TEXT]`), the HTTP target.
    package var label: String?
    package var envelope: Envelope?
    /// Octets of the message after unstuffing.
    package var byteCount: Int
    package var gapByteCount: Int
    package var isComplete: Bool
    /// How many ranges it was put together from, where an IMAP client fetched it range by range.
    package var ranges: Int?
    /// Of those octets, in hexadecimal; absent with `--no-hashes`.
    package var sha256: String?
    package var fields: [Field]
    package var parts: [Part]
    package var text: Text?
    /// Absent of LMTP, whose recipients have replies of their own.
    package var reply: Reply?
    /// The frames in which it begins and ends.
    package var frameRange: [Int]
  }
  /// Where TLS begins and what it leaves visible.
  package struct Protection: Codable, Equatable, Sendable {
    /// `starttls` or `implicit`.
    package var kind: String
    package var serverName: String?
    /// What the server chose: `TLS 1.3`, and the cipher suite as IANA spells it; absent where that was not captured.
    package var version: String?
    package var cipherSuite: String?
    package var frames: [Int]
    /// A fatal alert in clear, with which TLS was broken off before anything was sent inside.
    package var alert: Alert?
    /// Where secrets were given: what came of them.
    package var decryption: Decryption?

    package struct Decryption: Codable, Equatable, Sendable {
      /// The frame with the first record that was read; absent where none was.
      package var frame: Int?
      /// Why nothing was read, or nothing more.
      package var obstacle: Obstacle?
    }
    package struct Obstacle: Codable, Equatable, Sendable {
      /// As `TLSSession.Obstacle` calls it.
      package var name: String
      package var text: String
      package var frame: Int
    }
    package struct Alert: Codable, Equatable, Sendable {
      /// As RFC 8446 §6.2 calls it.
      package var name: String
      package var by: String
      package var frame: Int
    }
  }
  /// One FIN or RST.
  package struct Segment: Codable, Equatable, Sendable {
    /// `client` or `server`.
    package var by: String
    package var frame: Int
  }
  /// How the conversation ends.
  package struct Closing: Codable, Equatable, Sendable {
    /// `finished`, `reset`, `capture-ended`, `reused` or `evicted`.
    package var how: String
    /// QUIT or LOGOUT, and the server's answer to it; without the request where that was lost and SMTP's 221 tells of it.
    package var quit: Exchange?
    package var finishes: [Segment]
    package var resets: [Segment]
  }
  package struct Gap: Codable, Equatable, Sendable {
    package var by: String
    package var byteCount: Int
    package var frame: Int
  }
  package struct Remark: Codable, Equatable, Sendable {
    package var name: String
    package var by: String
    package var text: String
    /// The first frame that shows it.
    package var frame: Int
    /// How often it happened, and the first frames that show it; absent of what is noted once.
    package var count: Int?
    package var frames: [Int]?
    /// It happens on any network.
    package var isCommon: Bool?
    /// Of octets that came twice with different content: the frame that came first, and both versions.
    package var earlierFrame: Int?
    package var earlier: String?
    package var later: String?
  }
}

/// An answer as JSON carries it.
package struct JSONAnswer: Codable, Equatable, Sendable {
  /// The question's name: `endpoints`, `first-messages`, `credentials`, `message`, `disconnection`, or a lecturer's own.
  package var question: String
  package var ask: String
  /// Lines of the answer; empty when it cannot be told.
  package var answer: [String]
  /// Why it cannot be told.
  package var cannotTell: String?
  package var why: String
  package var rfc: String
  package var frames: [Int]
  /// The first and the last frame of what takes many, such as a message.
  package var frameRanges: [[Int]]?
  package var bytes: [[Int]]

  package init(
    question: String, ask: String, answer: [String], cannotTell: String?, why: String, rfc: String, frames: [Int],
    bytes: [[Int]]
  ) {
    self.question = question
    self.ask = ask
    self.answer = answer
    self.cannotTell = cannotTell
    self.why = why
    self.rfc = rfc
    self.frames = frames
    self.bytes = bytes
  }
}
