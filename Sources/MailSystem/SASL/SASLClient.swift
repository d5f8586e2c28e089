internal import Bytes
internal import Ciphers

/// The client's side of one SASL exchange (RFC 4422 §3). What it is told and what it says is not yet base64.
package struct SASLClient: Sendable {
  package enum Step: Equatable, Sendable {
    case respond([UInt8])
    /// The server is not who it claims to be, or says what the mechanism does not know.
    case giveUp
  }
  private enum State: Sendable {
    case plain, loginUser, loginPassword, cramMD5
    case scramFirst(bare: [UInt8])
    case scramFinal(signature: [UInt8])
    case over
  }
  private var state: State
  private let user: [UInt8]
  private let password: [UInt8]
  private let clientFirst: [UInt8]
  /// Whether all has been said, and the server has proved what the mechanism makes it prove (RFC 5802 §5): a server that
  /// reports success before does not know the password, and is another than it claims to be.
  package private(set) var isComplete = false

  /// `nonce` are octets that nobody can guess.
  package init(_ mechanism: SASLMechanism, user: String, password: String, nonce: [UInt8]) {
    self.user = Array(user.utf8)
    self.password = Array(password.utf8)
    let name = user.replacing("=", with: "=3D").replacing(",", with: "=2C")
    let bare = Array("n=\(name),r=".utf8) + Base64.encode(nonce.span)
    clientFirst = Array("n,,".utf8) + bare
    state =
      switch mechanism {
      case .plain: .plain
      case .login: .loginUser
      case .cramMD5: .cramMD5
      case .scramSHA256: .scramFirst(bare: bare)
      }
  }
  /// What may be said together with the name of the mechanism; nil where the server speaks first.
  package mutating func initialResponse() -> [UInt8]? {
    switch state {
    case .plain:
      state = .over
      isComplete = true
      return [0] + user + [0] + password
    case .scramFirst: return clientFirst
    case .loginUser, .loginPassword, .cramMD5, .scramFinal, .over: return nil
    }
  }
  /// Answers the server's challenge.
  package mutating func receive(_ challenge: [UInt8]) -> Step {
    let before = state
    state = .over
    isComplete = false
    switch before {
    case .plain:
      isComplete = true
      return .respond([0] + user + [0] + password)
    case .loginUser:
      state = .loginPassword
      return .respond(user)
    case .loginPassword:
      isComplete = true
      return .respond(password)
    case .cramMD5:
      isComplete = true
      let code = DigestAlgorithm.md5.authenticationCode(challenge, key: password)
      return .respond(user + [ASCII.space] + LowerHexadecimal.encode(code))
    case .scramFirst(let bare):
      // An empty challenge only asks for what could have been said at once.
      if challenge.isEmpty {
        state = .scramFirst(bare: bare)
        return .respond(clientFirst)
      }
      return proof(challenge, bare)
    case .scramFinal(let signature):
      isComplete = challenge == signature
      return isComplete ? .respond([]) : .giveUp
    case .over: return .giveUp
    }
  }
  /// client-final-message (RFC 5802 §3)
  private mutating func proof(_ serverFirst: [UInt8], _ bare: [UInt8]) -> Step {
    var nonce: [UInt8] = []
    var salt: [UInt8]?
    var iterations = 0
    for field in serverFirst.split(separator: UInt8(ascii: ",")) {
      let value = Array(field.dropFirst(2))
      if field.starts(with: "r=".utf8) { nonce = value }
      if field.starts(with: "s=".utf8) { salt = Base64.decode(value.span) }
      if field.starts(with: "i=".utf8) { iterations = Int(String(decoding: value, as: UTF8.self)) ?? 0 }
    }
    guard let salt, iterations >= 4096, iterations <= 1_000_000, nonce.starts(with: bare.suffix(ownNonceCount(bare)))
    else { return .giveUp }
    let sha = DigestAlgorithm.sha256
    let salted = sha.derivedKey(password: password, salt: salt, iterations: iterations)
    let clientKey = sha.authenticationCode(Array("Client Key".utf8), key: salted)
    let withoutProof = Array("c=biws,r=".utf8) + nonce
    let said = bare + [44] + serverFirst + [44] + withoutProof
    let signature = sha.authenticationCode(said, key: sha.digest(clientKey))
    let proof = zip(clientKey, signature).map { $0 ^ $1 }
    let serverKey = sha.authenticationCode(Array("Server Key".utf8), key: salted)
    state = .scramFinal(
      signature: Array("v=".utf8) + Base64.encode(sha.authenticationCode(said, key: serverKey).span))
    return .respond(withoutProof + Array(",p=".utf8) + Base64.encode(proof.span))
  }
  private func ownNonceCount(_ bare: [UInt8]) -> Int {
    bare.count - (bare.lastIndex(of: UInt8(ascii: ",")) ?? 0) - 3
  }
}
