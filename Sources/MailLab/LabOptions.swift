package import MailSystem

/// How a lab runs.
package struct LabOptions: Sendable {
  /// Where mail lies.
  package enum Storage: Sendable {
    /// Gone when the lab ends.
    case memory
    /// In a folder for each machine below this one; what was taken over survives a crash.
    case disk(String)
  }
  /// A domain outside the lab, and its server.
  package struct Route: Sendable, Equatable {
    package var domain: String
    package var host: String
    package var port: Int

    package init(domain: String, host: String, port: Int) {
      self.domain = domain
      self.host = host
      self.port = port
    }
    /// `b.example=127.0.0.5:2525`; nil for anything else.
    package init?(_ text: String) {
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let colon = parts[1].lastIndex(of: ":"), colon > parts[1].startIndex,
        let port = UInt16(parts[1][parts[1].index(after: colon)...]), port > 0
      else { return nil }
      let host = parts[1][..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
      self.init(domain: String(parts[0]), host: String(host), port: Int(port))
    }
  }
  package var storage: Storage
  /// What a second becomes for mail that waits: with 0.001, the hour until the next attempt lasts 3.6 seconds.
  package var timeScale: Double
  /// Whether one server goes to the other in TLS. In a lesson it does not: the second hop is to be seen.
  package var relayProtection: SMTPClientSession.Protection
  /// Whether nobody logs in before TLS.
  package var requiresTLSForLogin: Bool
  /// Where the secrets of TLS connections are written, for Wireshark.
  package var keyLogPath: String?
  /// What servers do wrong on purpose, by host name.
  package var faults: [String: [MailService: FaultPlan]] = [:]
  /// Whether what passes through the servers' sockets is kept.
  package var recordsSockets = false
  package var routes: [Route] = []
  /// Whether other domains are looked up in DNS.
  package var usesDNS = false

  package init(
    storage: Storage = .memory, timeScale: Double = 1, relayProtection: SMTPClientSession.Protection = .never,
    requiresTLSForLogin: Bool = false, keyLogPath: String? = nil
  ) {
    self.storage = storage
    self.timeScale = timeScale
    self.relayProtection = relayProtection
    self.requiresTLSForLogin = requiresTLSForLogin
    self.keyLogPath = keyLogPath
  }
}
