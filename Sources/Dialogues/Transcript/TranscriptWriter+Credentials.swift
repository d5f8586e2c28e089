internal import Bytes
internal import MailProtocols
internal import WebProtocols

/// Attempts to log in: found among the requests, decoded, and joined with the server's verdict.
extension TranscriptWriter {
  /// One attempt while it is put together.
  struct Attempt: ~Copyable {
    var mechanism: StaticString = ""
    /// The mechanism's name on the wire, where it is none that is known.
    var mechanismName = OctetRange(0, 0)
    var mechanismIndex = -1
    var sasl = SASLResponse.Mechanism.other
    var step = 0
    /// The user's name was said, be it an empty one.
    var tellsUserName = false
    /// The password was said, be it an empty one.
    var tellsPassword = false
    /// Records whose lines carry what was encoded, and where in the line.
    var encoded = Slab<EncodedLine>(minimumCapacity: 4)
    /// The records that are evidence.
    var evidence = Slab<Int32>(minimumCapacity: 4)
    /// The record that the server's verdict answers.
    var verdictOf = -1
    init() {}

    mutating func begin(verdictOf index: Int) {
      mechanism = ""
      mechanismIndex = -1
      sasl = .other
      step = 0
      tellsUserName = false
      tellsPassword = false
      encoded.removeAll()
      evidence.removeAll()
      verdictOf = index
    }
  }
  /// Whom a POP3 client has named last.
  struct NamedUser: BitwiseCopyable {
    /// The record of USER; −1 when there is none.
    var index = -1
    /// Up to here nothing that the client said is missing.
    var heardUntil = -1
  }
  struct EncodedLine: BitwiseCopyable {
    var index: Int32
    var range: OctetRange
  }

  mutating func writeCredentials(_ subject: Subject, _ arena: Span<UInt8>) {
    out.append(",\"credentials\":[")
    if subject.dissected == .http {
      writeHTTPAttempts(subject, arena)
      return out.append(UInt8(ascii: "]"))
    }
    var isFirst = true
    namedUser = NamedUser()
    var index = landmarks.firstStep
    while index >= 0 {
      if kind(index) == .request, mayBegin(index, subject.dissected),
        let last = writeAttempt(index, record(index, arena), subject, arena, isFirst: isFirst)
      {
        isFirst = false
        index = last
      }
      index = Int(entries[index].next)
    }
    out.append(UInt8(ascii: "]"))
  }
  /// Whether an attempt may begin at the request: of SMTP this is told by the command alone.
  @inline(__always) private func mayBegin(_ index: Int, _ dissected: DissectedProtocol) -> Bool {
    dissected != .smtp || entries[index].word == SMTPDialogue.Asked.authentication.rawValue
  }
  /// Writes the attempt that begins at `index`, if one does; returns its last request.
  private mutating func writeAttempt(
    _ index: Int, _ record: Record, _ subject: Subject, _ arena: Span<UInt8>, isFirst: Bool
  ) -> Int? {
    attempt.begin(verdictOf: index)
    userName.removeAll()
    password.removeAll()
    let line = arena.extracting(text(index, record))
    var last: Int?
    switch subject.dissected {
    case .smtp:
      if record.code == 1 {
        last = readWithoutCommand(index, record, arena)
      } else {
        guard case .authenticate(let mechanism, let response) = SMTPCommand<OctetRange>.parse(line) else { return nil }
        last = readSASL(index, record, line, mechanism, response, arena)
      }
    case .pop3: last = readPOP3(index, record, line, arena)
    case .imap: last = readIMAP(index, record, line, arena)
    case .http, .tls: return nil
    }
    guard let last else { return nil }
    out.append(commaUnless: isFirst)
    writeAttempt(subject, arena)
    return last
  }

  // MARK: Reading

  private mutating func readSASL(
    _ index: Int, _ record: Record, _ line: Span<UInt8>, _ mechanism: OctetRange, _ response: OctetRange?,
    _ arena: Span<UInt8>
  ) -> Int {
    attempt.mechanismName = mechanism
    attempt.mechanismIndex = index
    attempt.sasl = SASLResponse.Mechanism.parse(line.extracting(line.bounds(mechanism)))
    attempt.evidence.append(Int32(index))
    if let response { read(index, response, line) }
    return readResponses(behind: index, record.word, arena)
  }
  /// Adds the answers to challenges that follow.
  private mutating func readResponses(
    behind index: Int, _ word: UInt8, _ arena: Span<UInt8>
  ) -> Int {
    var last = index
    var next = index + 1
    while next < recordCount {
      if kind(next) == .request {
        let record = self.record(next, arena)
        guard record.word == word, record.code == 1 else { break }
        let line = arena.extracting(text(next, record))
        if attempt.sasl == .login { stepAsAsked(next, behind: last, arena) }
        read(next, OctetRange(0, line.count), line)
        attempt.evidence.append(Int32(next))
        attempt.verdictOf = next
        last = next
      }
      next += 1
    }
    return last
  }
  /// Which answer of LOGIN the one at `index` is, which follows the line at `previous`, its challenge says, if its words tell.
  private mutating func stepAsAsked(_ index: Int, behind previous: Int, _ arena: Span<UInt8>) {
    let asked = arena.extracting(challenge(challengeIndex(index, behind: previous, arena), arena))
    guard let step = SASLResponse.loginStep(after: asked, scratch: &decoded) else { return }
    attempt.step = step
    // Who is asked again says it anew.
    if step == 0 {
      userName.removeAll()
      attempt.tellsUserName = false
    } else {
      password.removeAll()
      attempt.tellsPassword = false
    }
  }
  /// The reply that the answer at `index` answers; −1 where there is none.
  private func challengeIndex(_ index: Int, behind previous: Int, _ arena: Span<UInt8>) -> Int {
    // Where some was not captured, ordinals may be out of step.
    if landmarks.hasGaps { return lastReply(before: index) }
    let ordinal = Int(record(previous, arena).ordinal)
    guard ordinal > 0 else { return -1 }
    var reply = Int(ordinals[ordinal].firstReply)
    guard ordinal == record(index, arena).ordinal else { return reply }
    // IMAP's answers have the ordinal of their command: as many continuation requests come as answers.
    var answered = attempt.evidence.count - 1
    while reply >= 0 {
      if entries[reply].word == IMAPResponse.Kind.continuation.rawValue {
        if answered == 0 { return reply }
        answered -= 1
      }
      reply = Int(entries[reply].next)
    }
    return -1
  }
  private mutating func read(_ index: Int, _ range: OctetRange, _ line: Span<UInt8>) {
    attempt.encoded.append(EncodedLine(index: Int32(index), range: range))
    let response = line.extracting(line.bounds(range))
    let isRead = SASLResponse.read(
      response, step: attempt.step, of: attempt.sasl, userName: &userName, password: &password, scratch: &decoded)
    if isRead {
      let (step, mechanism) = (attempt.step, attempt.sasl)
      if decoded.withOctets({ SASLResponse.tellsUserName($0, step: step, of: mechanism) }) {
        attempt.tellsUserName = true
      }
      if decoded.withOctets({ SASLResponse.tellsPassword($0, step: step, of: mechanism) }) {
        attempt.tellsPassword = true
      }
    }
    attempt.step += 1
  }
  /// An answer whose command was not captured: what it is, the challenges around it tell.
  private mutating func readWithoutCommand(
    _ index: Int, _ record: Record, _ arena: Span<UInt8>
  ) -> Int {
    attempt.mechanism = "unknown"
    let line = arena.extracting(text(index, record))
    let ordinal = Int(record.ordinal)
    let next = ordinal > 0 ? Int(ordinals[ordinal].firstReply) : -1
    let guess = SASLResponse.guess(
      line, after: arena.extracting(challenge(lastReply(before: index), arena)),
      before: arena.extracting(challenge(next, arena)), scratch: &decoded)
    if let guess {
      attempt.mechanism = guess.mechanism == .plain ? "PLAIN" : "LOGIN"
      attempt.sasl = guess.mechanism
      attempt.step = guess.step
    }
    read(index, OctetRange(0, line.count), line)
    attempt.evidence.append(Int32(index))
    return readResponses(behind: index, record.word, arena)
  }
  private func lastReply(before index: Int) -> Int {
    var before = index - 1
    while before >= 0, kind(before) != .reply { before -= 1 }
    return before
  }
  /// Where the base64 of a challenge (`334 …`, `+ …`) stands in the arena; nowhere where the record is none.
  private func challenge(_ index: Int, _ arena: Span<UInt8>) -> Range<Int> {
    guard index >= 0 else { return 0..<0 }
    let place = text(index, record(index, arena))
    let line = arena.extracting(place)
    let code = line.word(from: 0)
    let word = line.extracting(line.bounds(code))
    guard word.equals("334") || word.equals("+") else { return 0..<0 }
    return place.lowerBound + code.upper..<place.upperBound
  }
  private mutating func readPOP3(
    _ index: Int, _ record: Record, _ line: Span<UInt8>, _ arena: Span<UInt8>
  ) -> Int? {
    if record.code == 1 { return readWithoutCommand(index, record, arena) }
    switch POP3Command<OctetRange>.parse(line) {
    case .authenticate(let mechanism?, let response):
      namedUser.index = -1
      return readSASL(index, record, line, mechanism, response, arena)
    case .apop(let name, let digest):
      namedUser.index = -1
      attempt.mechanism = "APOP"
      userName.append(line.extracting(line.bounds(name)))
      attempt.encoded.append(EncodedLine(index: Int32(index), range: digest))
      attempt.evidence.append(Int32(index))
      return index
    case .user(let name):
      attempt.mechanism = "USER/PASS"
      userName.append(line.extracting(line.bounds(name)))
      attempt.evidence.append(Int32(index))
      namedUser = NamedUser(index: index, heardUntil: index)
      var next = index + 1
      while next < recordCount {
        if kind(next) == .request {
          let following = self.record(next, arena)
          let command = arena.extracting(text(next, following))
          guard case .password(let secret) = POP3Command<OctetRange>.parse(command) else { break }
          password.append(command.extracting(command.bounds(secret)))
          attempt.tellsPassword = true
          attempt.evidence.append(Int32(next))
          attempt.verdictOf = next
          return next
        }
        next += 1
      }
      return index
    case .password(let secret):
      attempt.mechanism = "USER/PASS"
      readNamedUser(before: index, arena)
      password.append(line.extracting(line.bounds(secret)))
      attempt.tellsPassword = true
      attempt.evidence.append(Int32(index))
      return index
    default: return nil
    }
  }
  /// Takes the name that USER said before a refused password: some servers let a client say another (RFC 1939 §7).
  private mutating func readNamedUser(before index: Int, _ arena: Span<UInt8>) {
    guard namedUser.index >= 0 else { return }
    for between in namedUser.heardUntil..<index where kind(between) == .gap && isOfClient(between) {
      return namedUser.index = -1
    }
    namedUser.heardUntil = index
    let line = arena.extracting(text(namedUser.index, record(namedUser.index, arena)))
    guard case .user(let name) = POP3Command<OctetRange>.parse(line) else { return }
    userName.append(line.extracting(line.bounds(name)))
    attempt.evidence.append(Int32(namedUser.index))
  }
  private mutating func readIMAP(
    _ index: Int, _ record: Record, _ line: Span<UInt8>, _ arena: Span<UInt8>
  ) -> Int? {
    guard record.code == 0, let command = IMAPCommand.parse(line) else { return nil }
    let arguments = line.extracting(line.bounds(command.arguments))
    var tokens = IMAPTokens()
    switch command.name {
    case .login:
      attempt.mechanism = "LOGIN"
      attempt.evidence.append(Int32(index))
      if let name = tokens.next(arguments) {
        IMAPTokens.append(name, of: arguments, to: &userName)
        attempt.tellsUserName = true
      }
      if let secret = tokens.next(arguments) {
        IMAPTokens.append(secret, of: arguments, to: &password)
        attempt.tellsPassword = true
      }
      return index
    case .authenticate:
      let mechanism = arguments.word(from: 0)
      let response = arguments.word(from: mechanism.upper)
      let start = command.arguments.lower
      return readSASL(
        index, record, line, mechanism.shifted(by: start), response.isEmpty ? nil : response.shifted(by: start),
        arena)
    default: return nil
    }
  }
}
