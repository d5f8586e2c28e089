/// The bounds of what an HTTP message may cost, each with its reason.
package enum HTTPLimits {
  /// A chunk's size line with its extensions; real ones have under twenty octets.
  package static let chunkLineOctets = 16_384
  /// All trailer fields of a chunked body; servers allow 8 to 64 KiB.
  package static let trailerOctets = 65_536
  /// Fields of one form; PHP stops at 1000.
  package static let formFieldCount = 1_000
  /// One name or value of a form: enough for a mail's text.
  package static let formFieldOctets = 1 << 20
}
