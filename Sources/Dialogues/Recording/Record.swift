/// One fact of a conversation as it lies in the arena: this head, then its text.
package struct Record: BitwiseCopyable, Sendable {
  package enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// A line that the client said, and that awaits a reply.
    case request
    /// A line that the server said.
    case reply
    /// A message begins (SMTP DATA, POP3 RETR, IMAP FETCH or APPEND, an HTTP body).
    case message
    /// A header field of the message, or of an HTTP head, as it stands.
    case field
    /// A body part begins: its Content-Type and Content-Disposition fields, parted by a NUL.
    case part
    /// A body part ends: its encoded and decoded sizes.
    case partEnd
    /// The beginning of a part's text, decoded; where there are several, the last is to be shown.
    case text
    /// The message is over: its size, and its digest as text.
    case messageEnd
    /// Octets that were never captured.
    case gap
    /// Something against the rules.
    case anomaly
    /// One side's first octets under TLS; the text is the server name that the client asked for, the number what the
    /// server chose, as `TLSAgreement` has it. With a code, a fatal alert: its description and `alertOffset`.
    case protected
    /// TLS could be read from here on; the number is a `TLSAgreement`. Or it could not, any more or at all: then the word
    /// tells why, as `TLSSession.Obstacle` does.
    case decrypted
    /// Nothing: the fact stands again further behind, longer.
    case superseded
    /// Where the line that begins at the mark goes on, in other frames: `LinePiece`s.
    case pieces

    /// Whether a conversation can be told without it.
    var isDispensable: Bool {
      switch self {
      case .field, .text, .part, .partEnd, .superseded, .pieces: true
      case .request, .reply, .message, .messageEnd, .gap, .anomaly, .protected, .decrypted: false
      }
    }
  }
  /// What a line is, beyond its kind.
  package struct Flags: OptionSet, BitwiseCopyable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let fromClient = Flags(rawValue: 1)
    /// The reply ends with this line.
    package static let isLast = Flags(rawValue: 2)
    /// The text was cut to its limit.
    package static let isCut = Flags(rawValue: 4)
    /// An answer to a SASL challenge, or a command that carries a password.
    package static let isSecret = Flags(rawValue: 8)
    /// The message is whole.
    package static let isComplete = Flags(rawValue: 16)
    /// A status line (POP3 +OK, IMAP tagged) rather than data.
    package static let isStatus = Flags(rawValue: 32)
    package static let isGreeting = Flags(rawValue: 64)
    /// Octets within the line were not captured.
    package static let hasHole = Flags(rawValue: 128)

    // Combinations, named so that no set is put together for each line.
    package static var none: Flags { Flags(rawValue: UInt8.zero) }
    package static let clientSecret = Flags(rawValue: 1 | 8)
    package static let holedRequest = Flags(rawValue: 1 | 128)
    package static let holedSecret = Flags(rawValue: 1 | 8 | 128)
    package static let greetingEnd = Flags(rawValue: 64 | 2)
    package static let lastStatus = Flags(rawValue: 32 | 2)
    package static let greetingStatus = Flags(rawValue: 64 | 32 | 2)

    /// Of a client's line.
    @inline(__always) static func request(isSecret: Bool, hasHole: Bool) -> Flags {
      if hasHole { return isSecret ? .holedSecret : .holedRequest }
      return isSecret ? .clientSecret : .fromClient
    }
  }
  package var kind: Kind
  package var flags: Flags
  /// The protocol's own word for what the line is: `SMTPDialogue.Asked`, `IMAPCommand.Name`, ….
  package var word: UInt8
  package var depth: UInt8 = 0
  /// The reply code, or the status.
  package var code: UInt16
  package var spare: UInt16 = 0
  /// What belongs together: a request and its replies.
  package var ordinal: UInt32
  package var textByteCount: UInt32
  /// A size of the kind's own; where the path of MAIL or RCPT stands in its line; of a message's header field the end of
  /// its name and the beginning of its value.
  package var number: UInt64
  package var otherNumber: UInt64
  package var mark: LineMark

  /// The code of a client's line of which only the end was captured.
  static var tail: UInt16 { 2 }

  /// What is added to a TLS alert's description, so that no code at all stays for what is none.
  static var alertOffset: UInt16 { 1 }

  /// What stands first in a record, in the same order: all that a walk over the records needs.
  struct Prefix: BitwiseCopyable {
    var kind: Kind
    var flags: Flags
    var word: UInt8
    var depth: UInt8
    var code: UInt16
    var spare: UInt16
    var ordinal: UInt32
    var textByteCount: UInt32
  }

  package init(
    _ kind: Kind, flags: Flags = .none, word: UInt8 = 0, code: UInt16 = 0, ordinal: UInt32 = 0, number: UInt64 = 0,
    otherNumber: UInt64 = 0, mark: LineMark
  ) {
    self.kind = kind
    self.flags = flags
    self.word = word
    self.code = code
    self.ordinal = ordinal
    textByteCount = 0
    self.number = number
    self.otherNumber = otherNumber
    self.mark = mark
  }
}

/// What is against the rules, or worth a remark.
package enum Anomaly: UInt8, BitwiseCopyable, Sendable {
  case bareLineFeed, longLine, beforeGreeting, mailBeforeHello, nestedMail, recipientBeforeMail, dataBeforeRecipient
  case messageBeforePermission, bareLineFeedEnd, unknownReply, plaintextAfterStartTLS, malformedBody
  case unreadableCompression, commandsBehindStartTLS
  case tunnel, tooLargeExpansion, bareLineFeedDot

  /// A few words for a person.
  package var description: StaticString {
    switch self {
    case .bareLineFeed: "a line ends in a bare LF instead of CRLF"
    case .longLine: "a line is longer than its limit and was cut"
    case .beforeGreeting: "a command before the server's greeting"
    case .mailBeforeHello: "MAIL before EHLO or HELO"
    case .nestedMail: "MAIL inside a mail transaction"
    case .recipientBeforeMail: "RCPT before MAIL"
    case .dataBeforeRecipient: "DATA or BDAT before an accepted RCPT"
    case .messageBeforePermission: "the message began before the server allowed it with 354"
    case .bareLineFeedEnd: "the message ended with a dot between bare LFs, and the server accepted it"
    case .bareLineFeedDot:
      "a lone dot between bare LFs within the message: a server that takes it for the end reads what follows as commands"
    case .unknownReply: "a server's line that is no reply"
    case .plaintextAfterStartTLS: "plain text goes on after STARTTLS was accepted"
    case .malformedBody: "a body contradicts its own framing"
    case .commandsBehindStartTLS:
      "commands came in clear behind the one that begins TLS; a server must not carry them out"
    case .unreadableCompression: "from here on what was compressed (COMPRESS, RFC 4978) cannot be read"
    case .tunnel: "from here on another protocol is spoken, which is not read here"
    case .tooLargeExpansion: "a compressed body expands to more than 64 MiB; the rest of it was not read"
    }
  }
  /// The name that programs read.
  package var name: StaticString {
    switch self {
    case .bareLineFeed: "bare-line-feed"
    case .longLine: "long-line"
    case .beforeGreeting: "command-before-greeting"
    case .mailBeforeHello: "mail-before-hello"
    case .nestedMail: "nested-mail"
    case .recipientBeforeMail: "recipient-before-mail"
    case .dataBeforeRecipient: "data-before-recipient"
    case .messageBeforePermission: "message-before-permission"
    case .bareLineFeedEnd: "bare-line-feed-end"
    case .bareLineFeedDot: "bare-line-feed-dot"
    case .unknownReply: "unknown-reply"
    case .plaintextAfterStartTLS: "plaintext-after-starttls"
    case .malformedBody: "malformed-body"
    case .unreadableCompression: "unreadable-compression"
    case .commandsBehindStartTLS: "commands-behind-starttls"
    case .tunnel: "tunnel"
    case .tooLargeExpansion: "too-large-expansion"
    }
  }
}
