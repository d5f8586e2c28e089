/// The server that a user agent goes to, and how.
package struct AgentServer: Sendable, Equatable {
  package enum TLS: String, CaseIterable, Sendable {
    /// In clear.
    case never
    /// Asked for with STARTTLS or STLS.
    case starttls
    /// From the first octet on (RFC 8314 §3).
    case implicit
  }
  package var host: String
  package var port: Int
  package var tls: TLS
  /// The name that its certificate must have; `host` where there is none.
  package var name: String?
  /// Whose certificates are believed, as PEM; nil for those that the system believes.
  package var authority: String?
  /// Any certificate is believed: whoever stands between is not noticed.
  package var believesAnybody = false

  package init(host: String, port: Int, tls: TLS = .never) {
    self.host = host
    self.port = port
    self.tls = tls
  }
}
