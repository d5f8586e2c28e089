/// The SASL mechanisms that the lab's servers offer (RFC 4422), the strongest first.
package enum SASLMechanism: String, CaseIterable, Sendable {
  /// RFC 5802, RFC 7677.
  case scramSHA256 = "SCRAM-SHA-256"
  /// RFC 2195.
  case cramMD5 = "CRAM-MD5"
  /// RFC 4616.
  case plain = "PLAIN"
  /// draft-murchison-sasl-login, as it is met everywhere.
  case login = "LOGIN"

  /// Whether a listener on the wire reads the password.
  package var revealsPassword: Bool {
    switch self {
    case .plain, .login: true
    case .scramSHA256, .cramMD5: false
    }
  }
}
