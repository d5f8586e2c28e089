/// The bounds of what a message's fields may cost, each with its reason.
package enum MessageLimits {
  /// A line should not be longer than this, without its line end (RFC 5322 §2.1.1).
  package static let preferredLineOctets = 78
  /// An encoded word may not be longer than this (RFC 2047 §2).
  package static let encodedWordOctets = 75
  /// The longest charset name looked at; IANA's longest has 45 octets.
  package static let charsetNameOctets = 64
  /// Parameters of one field; real fields have a dozen sections of a long filename.
  package static let parameterCount = 256
  /// Comments within comments; deeper ones are taken as text of the deepest.
  package static let commentDepth = 64
  /// Addresses of one field; mailing programs write some hundreds.
  package static let addressCount = 10_000
  /// Blanks held back until it is known whether a quoted-printable line ends behind them: a line has 76 octets.
  package static let heldBlankCount = 64
}
