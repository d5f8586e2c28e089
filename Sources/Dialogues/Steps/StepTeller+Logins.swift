internal import Bytes
internal import MailProtocols
internal import WebProtocols

/// What stands in base64: user names, passwords and challenges.
extension StepTeller {
  /// Reads a command that logs in, and what it carries itself; sets the step's verb to `AUTH PLAIN` and the like.
  func openLogin(
    _ line: Span<UInt8>, _ step: inout Step, _ dissected: DissectedProtocol, _ telling: inout Telling
  ) -> [Step.Decoded] {
    var (mechanism, response): (OctetRange, OctetRange?) = (OctetRange(0, 0), nil)
    switch dissected {
    case .smtp:
      guard case .authenticate(let named, let given) = SMTPCommand<OctetRange>.parse(line) else { return [] }
      (mechanism, response) = (named, given)
    case .pop3:
      guard case .authenticate(let named?, let given) = POP3Command<OctetRange>.parse(line) else { return [] }
      (mechanism, response) = (named, given)
    case .imap:
      guard let command = IMAPCommand.parse(line), command.name == .authenticate else { return [] }
      mechanism = line.word(from: command.nameRange.upper)
      let given = line.word(from: mechanism.upper)
      response = given.isEmpty ? nil : given
    case .http, .tls: return []
    }
    let name = line.extracting(line.bounds(mechanism))
    telling.login = Login(
      mechanism: SASLResponse.Mechanism.parse(name), name: name.text().uppercased(), step: 0, isOpen: true)
    step.verb += " " + telling.login.name
    guard let response else { return [] }
    return decodeAnswer(line.extracting(line.bounds(response)), &telling)
  }
  /// What the client's next response tells: a user name, a password, or the text that neither is.
  func decodeAnswer(_ response: Span<UInt8>, _ telling: inout Telling) -> [Step.Decoded] {
    var userName = ByteWriter()
    var password = ByteWriter()
    var scratch = ByteWriter()
    if !telling.login.isOpen { guessLogin(response, &telling) }
    // Where an answer was not captured, the challenge says which this one is.
    if telling.login.mechanism == .login,
      let step = SASLResponse.loginStep(after: telling.challenge.span, scratch: &scratch)
    {
      telling.login.step = step
    }
    telling.challenge = []
    let login = telling.login
    telling.login.step += 1
    guard
      SASLResponse.read(
        response, step: login.step, of: login.mechanism, userName: &userName, password: &password, scratch: &scratch)
    else { return [] }
    var decoded: [Step.Decoded] = []
    if userName.count > 0 { decoded.append(Step.Decoded(label: "user name", text: Self.text(userName))) }
    if password.count > 0 { decoded.append(Step.Decoded(label: "password", text: secret(Self.text(password)))) }
    let isWhole = login.mechanism == .plain || login.mechanism == .login
    if !isWhole,
      let octets = Base64.decode(response.extracting(response.bounds(response.trimmed(OctetRange(0, response.count))))),
      !octets.isEmpty, !octets.contains(0)
    {
      // What holds NULs, as NTLM and Kerberos do, is for programs only.
      decoded.append(Step.Decoded(label: "decoded", text: secret(octets.span.text())))
    }
    return decoded
  }
  private static func text(_ writer: borrowing ByteWriter) -> String { writer.withOctets { $0.text() } }
  func secret(_ text: String) -> String { masksPasswords ? "\(Redaction.mask)" : text }

  /// What the server asks: `334 VXNlcm5hbWU6` is `Username:`.
  func decodeChallenge(_ line: Span<UInt8>, _ telling: inout Telling) -> [Step.Decoded] {
    let code = line.word(from: 0)
    let challenge = line.extracting(line.bounds(line.trimmed(OctetRange(code.upper, line.count))))
    telling.challenge = challenge.copied()
    return SASLResponse.text(ofChallenge: challenge).map { [Step.Decoded(label: "decoded", text: $0)] } ?? []
  }
  /// Takes up a login whose command was not heard, at the answer that it is at.
  func guessLogin(_ response: Span<UInt8>, _ telling: inout Telling) {
    var scratch = ByteWriter()
    let guess = SASLResponse.guess(response, after: telling.challenge.span, before: Span(), scratch: &scratch)
    guard let guess else { return }
    telling.login = Login(
      mechanism: guess.mechanism, name: guess.mechanism == .plain ? "PLAIN" : "LOGIN", step: guess.step, isOpen: true)
  }
  /// What an Authorization field tells of a login (RFC 9110 §11.6.2).
  func decodeAuthorization(_ value: Span<UInt8>) -> [Step.Decoded] {
    guard let authorization = HTTPAuthorization.parse(value) else { return [] }
    let credentials = value.extracting(value.bounds(authorization.credentials))
    switch authorization.scheme {
    case .basic:
      guard let credentials = BasicCredentials.parse(base64: credentials) else { return [] }
      return [
        Step.Decoded(label: "user name", text: credentials.user.span.text()),
        Step.Decoded(label: "password", text: secret(credentials.password.span.text())),
      ]
    case .digest:
      return HTTPAuthorization.digestUserName(in: credentials).map { [Step.Decoded(label: "user name", text: $0)] }
        ?? []
    case .ntlm, .negotiate:
      var userName = ByteWriter()
      NTLMMessage.appendUserName(of: Base64.decodeLenient(credentials).span, to: &userName)
      return userName.count > 0 ? [Step.Decoded(label: "user name", text: Self.text(userName))] : []
    case .bearer, .other: return []
    }
  }
  /// A login in the query of a request's target.
  func decodeQuery(_ line: Span<UInt8>) -> [Step.Decoded] {
    guard let query = SubmittedForm.query(of: line) else { return [] }
    let fields = SubmittedForm.fields(line.extracting(line.bounds(query)), .urlEncoded)
    return SubmittedForm.login(in: fields) == nil ? [] : fields.map(decoded)
  }
}
