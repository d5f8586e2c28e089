internal import Bytes
internal import Ciphers

/// The server's side of SCRAM-SHA-256, without channel binding (RFC 5802 §3, §7; RFC 7677).
///
///     C: n,,n=alice,r=rOprNGfwEbeRWgbNEkqO
///     S: r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTC,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096
///     C: c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTC,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=
///     S: v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=
struct SCRAMServer: Sendable {
  enum Verdict: Equatable { case accepted(user: String, signature: [UInt8]), refused }

  static var iterations: Int { 4096 }
  /// The server's first message.
  let firstMessage: [UInt8]
  private let header: [UInt8]
  private let clientFirstBare: [UInt8]
  private let nonce: [UInt8]
  private let salt: [UInt8]
  private let account: MailAccount?

  /// Reads the client's first message; nil where it is malformed or asks for channel binding.
  init?(clientFirst: [UInt8], nonce serverNonce: [UInt8], directory: MailDirectory, salt given: [UInt8]? = nil) {
    // gs2-header = gs2-cbind-flag "," [ authzid ] ","
    let fields = clientFirst.split(separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, fields[0].elementsEqual("n".utf8) || fields[0].elementsEqual("y".utf8) else { return nil }
    header = Array(clientFirst[..<fields[2].startIndex])
    let bare = Array(fields[2])
    clientFirstBare = bare
    guard let name = Self.attribute("n", of: bare), let clientNonce = Self.attribute("r", of: bare),
      let user = Self.userName(name), !clientNonce.isEmpty, bare.first == UInt8(ascii: "n")
    else { return nil }
    if !fields[1].isEmpty {
      guard fields[1].starts(with: "a=".utf8), fields[1].dropFirst(2).elementsEqual(name) else { return nil }
    }
    account = directory.account(named: user)
    // A salt for whoever is asked for, so that unknown users look like known ones.
    let salt =
      given
      ?? Array(DigestAlgorithm.sha256.authenticationCode(Array(user.lowercased().utf8), key: directory.secret)[..<16])
    let nonce = clientNonce + serverNonce
    self.nonce = nonce
    self.salt = salt
    let parameters = Array(",s=".utf8) + Base64.encode(salt.span) + Array(",i=\(Self.iterations)".utf8)
    firstMessage = Array("r=".utf8) + nonce + parameters
  }
  /// Judges the client's final message; nil where it is malformed.
  func judge(clientFinal: [UInt8]) -> Verdict? {
    guard let binding = Self.attribute("c", of: clientFinal), let saidNonce = Self.attribute("r", of: clientFinal),
      let proofStart = Self.lastAttribute(clientFinal), let proofText = Self.attribute("p", of: clientFinal),
      let proof = Base64.decode(proofText.span), proof.count == 32
    else { return nil }
    let withoutProof = Array(clientFinal[..<proofStart])
    let sha = DigestAlgorithm.sha256
    let salted = sha.derivedKey(password: account?.password ?? [0], salt: salt, iterations: Self.iterations)
    let said = clientFirstBare + [44] + firstMessage + [44] + withoutProof
    let storedKey = sha.digest(sha.authenticationCode(Array("Client Key".utf8), key: salted))
    let signature = sha.authenticationCode(said, key: storedKey)
    let clientKey = zip(proof, signature).map { $0 ^ $1 }
    let isRight = DigestAlgorithm.areEqual(sha.digest(clientKey), storedKey)
    guard let account, isRight, saidNonce == nonce, binding == Base64.encode(header.span) else { return .refused }
    let serverKey = sha.authenticationCode(Array("Server Key".utf8), key: salted)
    let answer = Array("v=".utf8) + Base64.encode(sha.authenticationCode(said, key: serverKey).span)
    return .accepted(user: account.name, signature: answer)
  }

  /// The value of an attribute `name=value` among those parted by commas.
  private static func attribute(_ name: String, of message: [UInt8]) -> [UInt8]? {
    for field in message.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      if field.starts(with: "\(name)=".utf8) { return Array(field.dropFirst(2)) }
    }
    return nil
  }
  /// Where the comma stands before the proof, which comes last.
  private static func lastAttribute(_ message: [UInt8]) -> Int? {
    guard let comma = message.lastIndex(of: UInt8(ascii: ",")), message[(comma + 1)...].starts(with: "p=".utf8) else {
      return nil
    }
    return comma
  }
  /// saslname: `=2C` stands for a comma and `=3D` for an equals sign (RFC 5802 §5.1).
  private static func userName(_ name: [UInt8]) -> String? {
    var octets: [UInt8] = []
    var rest = name[...]
    while let octet = rest.popFirst() {
      guard octet == UInt8(ascii: "=") else {
        octets.append(octet)
        continue
      }
      if rest.starts(with: "2C".utf8) {
        octets.append(UInt8(ascii: ","))
      } else if rest.starts(with: "3D".utf8) {
        octets.append(UInt8(ascii: "="))
      } else {
        return nil
      }
      rest = rest.dropFirst(2)
    }
    return String(validating: octets, as: UTF8.self)
  }
}
