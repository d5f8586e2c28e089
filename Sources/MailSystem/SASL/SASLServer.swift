package import Bytes
internal import Ciphers

/// The server's side of one SASL exchange (RFC 4422 §3), for SMTP, POP3 and IMAP alike. What it is told and what it
/// says is not yet base64.
///
///     begin ─challenge→ response ─challenge→ response ─…→ succeeded(user) or failed
///
/// An unknown user and a wrong password cannot be told apart, neither by what is said nor by how many steps it takes.
package struct SASLServer: Sendable {
  package enum Outcome: Equatable, Sendable {
    case challenge([UInt8])
    /// Of SCRAM, the server's last word must still be told, and the client answers it with nothing.
    case succeeded(user: String)
    case failed
    /// What the client said is not of the mechanism's grammar.
    case malformed
  }
  private enum State: Sendable {
    case plain
    case loginUser
    case loginPassword(user: [UInt8])
    case cramMD5(challenge: [UInt8])
    case scramFirst(nonce: [UInt8])
    case scramFinal(SCRAMServer)
    case scramAcknowledgement(user: String)
    case over
  }
  private var state: State
  private let directory: MailDirectory

  /// `nonce` are octets that nobody can guess, and `host` is the server's name; `challenge` is what CRAM-MD5 asks, made
  /// of both if it is not given.
  package init(
    _ mechanism: SASLMechanism, directory: MailDirectory, host: String, nonce: [UInt8], now: Timestamp,
    challenge: [UInt8]? = nil
  ) {
    self.directory = directory
    state =
      switch mechanism {
      case .plain: .plain
      case .login: .loginUser
      case .cramMD5: .cramMD5(challenge: challenge ?? MessageTimestamp.make(host: host, nonce: nonce, now: now))
      case .scramSHA256: .scramFirst(nonce: Base64.encode(nonce.span))
      }
  }
  /// Begins; without an initial response the mechanism may have something to say first.
  package mutating func begin(initialResponse: [UInt8]?) -> Outcome {
    if let initialResponse {
      // CRAM-MD5's server speaks first.
      if case .cramMD5 = state { return .malformed }
      return receive(initialResponse)
    }
    switch state {
    case .loginUser: return .challenge(Array("Username:".utf8))
    case .cramMD5(let challenge): return .challenge(challenge)
    case .plain, .scramFirst, .loginPassword, .scramFinal, .scramAcknowledgement, .over: return .challenge([])
    }
  }
  /// Takes the client's next response.
  package mutating func receive(_ response: [UInt8]) -> Outcome {
    let before = state
    state = .over
    switch before {
    case .plain: return judgePlain(response)
    case .loginUser:
      state = .loginPassword(user: response)
      return .challenge(Array("Password:".utf8))
    case .loginPassword(let user): return judge(user: user, password: response)
    case .cramMD5(let challenge): return judgeCRAM(response, challenge)
    case .scramFirst(let nonce):
      guard let scram = SCRAMServer(clientFirst: response, nonce: nonce, directory: directory) else {
        return .malformed
      }
      state = .scramFinal(scram)
      return .challenge(scram.firstMessage)
    case .scramFinal(let scram):
      guard let verdict = scram.judge(clientFinal: response) else { return .malformed }
      guard case .accepted(let user, let signature) = verdict else { return .failed }
      state = .scramAcknowledgement(user: user)
      return .challenge(signature)
    case .scramAcknowledgement(let user): return response.isEmpty ? .succeeded(user: user) : .malformed
    case .over: return .malformed
    }
  }

  /// message = [authzid] UTF8NUL authcid UTF8NUL passwd (RFC 4616 §2)
  private func judgePlain(_ response: [UInt8]) -> Outcome {
    let fields = response.split(separator: 0, omittingEmptySubsequences: false)
    guard fields.count == 3, !fields[1].isEmpty else { return .malformed }
    // Nobody acts for another here.
    guard fields[0].isEmpty || fields[0].elementsEqual(fields[1]) else { return .failed }
    return judge(user: Array(fields[1]), password: Array(fields[2]))
  }
  private func judge(user: [UInt8], password: [UInt8]) -> Outcome {
    let account = account(user)
    let isRight = DigestAlgorithm.areEqual(account?.password ?? Array("\u{0}".utf8), password)
    guard let account, isRight else { return .failed }
    return .succeeded(user: account.name)
  }
  /// user SP digest, the digest in lower-case hexadecimal (RFC 2195 §2)
  private func judgeCRAM(_ response: [UInt8], _ challenge: [UInt8]) -> Outcome {
    guard let space = response.lastIndex(of: ASCII.space) else { return .malformed }
    let account = account(Array(response[..<space]))
    let code = DigestAlgorithm.md5.authenticationCode(challenge, key: account?.password ?? [0])
    let isRight = DigestAlgorithm.areEqual(
      LowerHexadecimal.encode(code), Array(response[(space + 1)...]))
    guard let account, isRight else { return .failed }
    return .succeeded(user: account.name)
  }
  private func account(_ name: [UInt8]) -> MailAccount? {
    String(validating: name, as: UTF8.self).flatMap { directory.account(named: $0) }
  }
}
