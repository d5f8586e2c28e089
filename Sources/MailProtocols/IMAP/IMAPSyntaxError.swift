/// Why a server cannot read a command's arguments (RFC 9051 §7.1, BAD).
package struct IMAPSyntaxError: Error, Equatable, Sendable {
  /// Where in the command, literals included.
  package var offset: Int
  /// What should have stood there, in words for people.
  package var expected: String

  package init(offset: Int, expected: String) {
    self.offset = offset
    self.expected = expected
  }
}
