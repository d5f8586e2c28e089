/// What makes one student's exercise different from another's: a number that follows from who they are.
package struct StudentSeed: Equatable, Sendable {
  package let number: UInt64

  /// Anybody can make this one: it is for practice.
  package static func practice(exercise: String, student: String) -> StudentSeed {
    StudentSeed(number: digest(["mailwire practice", exercise, StudentName.folded(student)]))
  }
  /// Only who has the class's secret can make this one.
  package static func exam(secret: [UInt8], exercise: String, student: String) -> StudentSeed {
    // The secret stands before and behind, as in HMAC's two passes: what is digested cannot be lengthened.
    let text = secret.map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
    return StudentSeed(number: digest([text, exercise, StudentName.folded(student), text]))
  }
  package init(number: UInt64) { self.number = number }

  /// The first eight octets of the parts' fingerprint.
  private static func digest(_ parts: [String]) -> UInt64 {
    Fingerprint.octets(parts.map { Array($0.utf8) }).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  }
}
