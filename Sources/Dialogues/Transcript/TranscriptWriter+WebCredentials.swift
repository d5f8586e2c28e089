internal import Bytes
internal import MailProtocols
internal import WebProtocols

/// Logins within HTTP: in Authorization fields, in forms, and in the query of a request's target.
extension TranscriptWriter {
  mutating func writeHTTPAttempts(_ subject: Subject, _ arena: Span<UInt8>) {
    var isFirst = true
    for index in 0..<recordCount where kind(index) == .field || kind(index) == .text || kind(index) == .request {
      let record = self.record(index, arena)
      guard record.flags.contains(.fromClient) else { continue }
      attempt.begin(verdictOf: index)
      userName.removeAll()
      password.removeAll()
      let isAttempt =
        switch record.kind {
        case .field where record.flags.contains(.isSecret): readAuthorization(index, record, arena)
        case .text: readForm(index, record, arena)
        case .request: readQuery(index, record, arena)
        default: false
        }
      guard isAttempt else { continue }
      out.append(commaUnless: isFirst)
      isFirst = false
      writeAttempt(subject, arena)
    }
  }
  /// Authorization, Proxy-Authorization (RFC 9110 §11.6.2, §11.7.2).
  private mutating func readAuthorization(_ index: Int, _ field: Record, _ arena: Span<UInt8>) -> Bool {
    let line = arena.extracting(text(index, field))
    guard let parts = HTTPField.parse(line) else { return false }
    let value = line.extracting(line.bounds(parts.value))
    guard let authorization = HTTPAuthorization.parse(value) else { return false }
    let credentials = value.extracting(value.bounds(authorization.credentials))
    attempt.evidence.append(Int32(index))
    if authorization.scheme != .digest {
      attempt.encoded.append(
        EncodedLine(index: Int32(index), range: authorization.credentials.shifted(by: parts.value.lower)))
    }
    switch authorization.scheme {
    case .basic:
      attempt.mechanism = "Basic"
      if let credentials = BasicCredentials.parse(base64: credentials) {
        userName.append(credentials.user.span)
        password.append(credentials.password.span)
        attempt.tellsUserName = true
        attempt.tellsPassword = true
      }
    case .digest:
      attempt.mechanism = "Digest"
      if let name = HTTPAuthorization.digestUserName(in: credentials) { userName.append(string: name) }
    case .bearer: attempt.mechanism = "Bearer"
    case .ntlm, .negotiate:
      let message = Base64.decodeLenient(credentials)
      let type = NTLMMessage.type(of: message.span)
      // Its first message only asks for a challenge.
      if type == 1 { return false }
      attempt.mechanism = type == nil && authorization.scheme == .negotiate ? "Negotiate" : "NTLM"
      NTLMMessage.appendUserName(of: message.span, to: &userName)
    case .other:
      attempt.mechanismIndex = index
      attempt.mechanismName = authorization.name.shifted(by: parts.value.lower)
    }
    return true
  }
  /// A form that carries a password, as webmail's login page does.
  private mutating func readForm(_ index: Int, _ body: Record, _ arena: Span<UInt8>) -> Bool {
    guard let spelling = SubmittedForm.Spelling(rawValue: body.code), spelling != .none, !hasGap(index, arena) else {
      return false
    }
    return read(
      SubmittedForm.fields(arena.extracting(text(index, body)), spelling), index,
      as: spelling == .json ? "JSON" : "form")
  }
  /// Whether octets are missing in the body whose text stands at `index`: what is left may join into other words.
  func hasGap(_ index: Int, _ arena: Span<UInt8>) -> Bool {
    var end = index + 1
    while end < recordCount, kind(end) != .messageEnd || entries[end].flags.contains(.fromClient) != isOfClient(index) {
      end += 1
    }
    return end == recordCount || record(end, arena).otherNumber > 0
  }
  func isOfClient(_ index: Int) -> Bool { entries[index].flags.contains(.fromClient) }
  /// A password in the request's target, where every log and every history keeps it.
  private mutating func readQuery(_ index: Int, _ request: Record, _ arena: Span<UInt8>) -> Bool {
    let line = arena.extracting(text(index, request))
    guard let query = SubmittedForm.query(of: line) else { return false }
    return read(SubmittedForm.fields(line.extracting(line.bounds(query)), .urlEncoded), index, as: "query")
  }
  private mutating func read(_ fields: [FormField], _ index: Int, as mechanism: StaticString) -> Bool {
    let areCut = entries[index].flags.contains(.isCut)
    guard let login = SubmittedForm.login(in: fields, areCut: areCut) else { return false }
    attempt.mechanism = mechanism
    attempt.evidence.append(Int32(index))
    userName.append(string: login.userName)
    password.append(string: login.password)
    attempt.tellsPassword = true
    return true
  }
  /// What a status code says of the credentials in a field: 401 refuses those of the server, 407 those of the proxy, and
  /// whatever was fetched was fetched with them (RFC 9110 §15.5.2, §15.5.8). A form's answer is a page, which only a
  /// person understands.
  func isAccepted(_ request: Record, http code: UInt16, _ arena: Span<UInt8>) -> Bool? {
    guard request.kind == .field else { return nil }
    if code == 401 || code == 407 {
      let isProxy = arena.extracting(text(attempt.verdictOf, request)).startsIgnoringCase(with: "proxy-")
      if code == 401, isProxy { return true }
      return code == 407 && !isProxy ? nil : false
    }
    return code < 400 ? true : nil
  }
}
