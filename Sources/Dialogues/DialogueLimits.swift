/// The bounds within which dialogues are recorded, each with its reason.
package enum DialogueLimits {
  /// One line that is kept whole; the mail protocols allow 512 and 1,000 octets, header fields and IMAP more.
  package static let lineByteCount = 1 << 16
  /// Frames of one line beyond its first in which it is told where the line stands; whoever types at a terminal may send
  /// each octet in a packet of its own.
  package static let linePieceCount = 512
  /// A piece of a message's line: longer lines are taken piece by piece.
  package static let messageLineByteCount = 8_192
  /// What of one line is kept in the record; all of it where it proves who somebody is, since tokens may be long.
  package static let recordedLineByteCount = 4_096
  /// One conversation's record; a mailbox read for days would grow without end.
  package static let conversationByteCount = 4 << 20
  /// How far that record goes with what messages' headers and texts say: behind it there is still room for what was said
  /// and sent, for logins and for the end.
  package static let dispensableByteCount = 2 << 20
  /// What all records of live conversations may grow to beyond their beginnings. Then, as with the two limits that
  /// follow, a buffer takes what fits into the memory that it has.
  package static let recordByteCount = 32 << 20
  /// Unfinished lines of live conversations together.
  package static let carriedByteCount = 8 << 20
  /// Unfinished header fields and the beginnings of texts of live conversations together.
  package static let fieldByteCount = 12 << 20
  /// Requests of one conversation; few enough to be counted off one by one.
  package static let ordinalCount: UInt32 = 1 << 16
  /// Compressed bodies under way at a time: each takes 40 KiB for the window that DEFLATE looks back through.
  package static let inflationCount = 256
  /// What of a compressed packet is expanded at a time.
  static let compressedPieceByteCount = 512
  /// How far before an IMAP literal the word is looked for that it belongs to.
  package static let literalLabelByteCount = 512
  /// The beginning of a message's text that is kept, decoded, to be read.
  package static let textByteCount = 4_096
  /// One message's header fields together.
  package static let headerByteCount = 1 << 16
  /// Multiparts within multiparts (RFC 2046 names no bound).
  package static let partDepth = 8
  /// Parts of one message.
  package static let partCount = 256
  /// An IMAP literal that is kept within its command or response, because it is a word there and no message.
  package static let inlineLiteralByteCount = 8_192
  /// What of each side is held until the protocol is recognised.
  package static let undecidedByteCount = 2_048
  /// Pieces in which it may come until then.
  package static let undecidedPieceCount = 16
  /// An HTTP body that is kept to be read; a form that a client submits is kept as lines are.
  package static let bodyByteCount = 4_096
  /// Connections of which TLS is read at a time, where there are secrets for it.
  package static let decryptedConnectionCount = 1 << 16
  /// What of one connection is held, encrypted, until its record is whole and its secrets have come; and of all.
  package static let sealedByteCount = 1 << 20
  package static let allSealedByteCount = 16 << 20
  /// What a compressed HTTP body may expand to.
  package static let inflatedByteCount = 64 << 20
}
