/// One step of a dialogue as it is spoken: a line, a message, or what TCP does under it.
///
/// Steps come while a capture is read or made, in the order in which they are heard; the transcript comes when the
/// conversation ends. Both are read from the same records. Secrets are masked already, when that was asked for.
package struct Step: Equatable, Sendable {
  package enum Kind: String, Sendable {
    /// A client's command line.
    case request
    /// A client's answer to a challenge of the server, or a line that is no command (DONE).
    case answer
    /// A line of the server.
    case reply
    /// A header field of an HTTP request or response.
    case field
    /// A whole message, or an HTTP body.
    case message
    /// Octets that were never captured.
    case gap
    /// Something against the rules.
    case remark
    /// TLS begins, can be read, or cannot.
    case protection
    /// What TCP does: SYN, the SYN that answers it, the acknowledgement that ends the handshake; FIN, RST, a repetition.
    case synchronize, synchronizeAcknowledge, acknowledge, finish, reset, retransmission
  }
  /// What a line hides in base64 or in a form: `user name`, `alice`.
  package struct Decoded: Equatable, Sendable {
    package var label: String
    package var text: String
  }
  package var scene: Scene
  package var kind: Kind
  package var isFromClient: Bool
  /// The first and the last frame of it.
  package var frame: Int
  package var lastFrame: Int
  /// Since the connection's first packet; of times that a capture makes up it may be anything.
  package var nanoseconds: Int64
  /// The line as it was said, without its end; a message's Content-Type or IMAP section; a remark's words.
  package var line = ""
  /// The command's word in capitals; of an answer, the mechanism, or `*` where the client gives the login up; of a reply,
  /// the word of what it answers (`AUTH *`); of a message, `DATA`, `RETR`, ….
  package var verb = ""
  /// The reply's code or status: `250`, `+OK`, `NO`; of TLS `alert` where it is broken off, and
  /// then the line is the alert's name; `read` with its version and cipher suite, `unreadable` with the reason.
  package var code = ""
  /// The server's first line, with which it greets.
  package var isGreeting = false
  /// A further line of a reply that has begun.
  package var isContinuation = false
  package var decoded: [Decoded] = []
  /// Octets of a message, or of a gap.
  package var byteCount = 0
  /// Whether a message is whole.
  package var isComplete = true
  /// The beginning of a message's text.
  package var text: String?

  /// Whether it is TCP's and not the dialogue's.
  package var isTransport: Bool {
    switch kind {
    case .synchronize, .synchronizeAcknowledge, .acknowledge, .finish, .reset, .retransmission: true
    case .request, .answer, .reply, .field, .message, .gap, .remark, .protection: false
    }
  }
}

/// Between whom a dialogue is spoken.
package struct Scene: Equatable, Sendable {
  /// As Wireshark's `tcp.stream`.
  package var stream: Int
  package var dissected: DissectedProtocol
  package var clientAddress: String
  package var clientPort: Int
  package var serverAddress: String
  package var serverPort: Int
}
