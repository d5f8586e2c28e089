internal import Bytes

/// What one case of a trial is judged on: the capture, taken apart, and what is known of the program's run.
struct WireGround {
  let trial: Trial
  let testCase: TrialCase
  let record: TrialRecord
  let capture: WireCapture
  /// The dialogues with the server of the case, in order.
  var talks: [Talk]
  /// Those with the server that the student's program was called at, whichever `talks` are.
  let frontTalks: [Talk]
  /// Those that the student's server had with the next server.
  let nextTalks: [Talk]

  /// nil when the record has no capture that can be read.
  init?(_ trial: Trial, _ testCase: TrialCase, _ record: TrialRecord) {
    guard let capture = WireCapture(record.capture.octets) else { return nil }
    self.trial = trial
    self.testCase = testCase
    self.record = record
    self.capture = capture
    talks = capture.connections(to: record.host, record.port).filter(record.counts).map { connection in
      let protected = record.protectedSpeeches?.first { $0.clientPort == connection.client.port }
      return Talk(connection, trial.spoken, protected: protected)
    }
    frontTalks = talks
    nextTalks = record.nextPort.map { capture.connections(to: record.host, $0) }?.map { Talk($0, trial.spoken) } ?? []
  }
  /// All that was said on all connections.
  var exchanges: [(talk: Talk, exchange: Talk.Exchange)] {
    talks.flatMap { talk in talk.exchanges.map { (talk, $0) } }
  }
  var client: TrialRecord.Program? { record.programs.first { $0.name == "client" } }
  var server: TrialRecord.Program? { record.programs.first { $0.name == "server" } }
  /// The program that is judged first.
  var program: TrialRecord.Program? { trial.role == .server ? server : client }

  var isStuck: Bool {
    if case .stopped = program?.ending { return !record.limits.isEmpty }
    return false
  }
  /// The octets that a side has sent are a pickled object's (they begin with the opcode PROTO).
  static func isPickled(_ octets: some Collection<UInt8>) -> Bool {
    guard octets.count >= 2, octets.first == 0x80 else { return false }
    return octets.dropFirst().first.map { (2...5).contains($0) } ?? false
  }

  /// Whether something was said inside TLS, which no packet shows.
  var hasProtectedSpeech: Bool { talks.contains { $0.protected?.pieces.isEmpty == false } }

  func find(_ rule: WireRule, _ parameters: RuleParameters) -> Finding {
    switch rule {
    case .connect: return connect()
    case .waitGreeting: return waitGreeting()
    case .waitReply: return waitReply()
    case .crlf: return crlf()
    case .order: return order(parameters)
    case .syntax: return syntax()
    case .multiline: return multiline()
    case .code: return code(parameters)
    case .envelope: return envelope(parameters)
    case .end: return end()
    case .body: return body(parameters)
    case .headers: return headers(parameters)
    case .auth: return auth(parameters)
    case .quit: return quit()
    case .limits: return limits()
    case .finish: return finish()
    case .retry: return retry(parameters)
    case .pauses: return pauses(parameters)
    case .attachment: return attachment(parameters)
    case .commands: return commands(parameters)
    case .tags: return tags()
    case .listen: return listen()
    case .greets: return greets()
    case .answers, .together: return answers()
    case .replies: return replies()
    case .closes: return closes()
    case .restarts: return restarts()
    case .prints: return prints(parameters)
    case .lines: return lines()
    case .relay: return relays()
    case .trace: return traces()
    case .bounce: return bounces()
    case .startTLS: return startTLS()
    case .greetsAgain: return greetsAgain()
    case .nothingSecretInClear: return nothingSecretInClear()
    case .certificate: return refusesCertificate()
    case .serverName: return namesServer()
    }
  }

  // MARK: Why something is missing

  /// Why a program has not said what it should have: it crashed, it hangs, it made one of the mistakes that stop a dialogue.
  func stopped(expected: String, _ usual: String) -> Finding {
    if let talk = talks.first, let pickle = pickled(talk, .client) { return pickle }
    if let talk = talks.last, let unfinished = talk.unfinished, unfinished.kind == .command {
      return missingLineEnd(talk, unfinished.line)
    }
    let complaint = program?.lastComplaint
    if let complaint,
      complaint.contains("bytes-like object") || complaint.contains("not 'str'")
        || complaint.contains("without a string argument") || complaint.contains("can't concat str to bytes")
    {
      return .failed(
        expected: expected, found: complaint, StudentMistake.textInsteadOfOctets.words, at: nil, .textInsteadOfOctets)
    }
    if hasCrashed {
      return .failed(
        expected: expected, found: complaint ?? endingWords,
        "\(StudentMistake.crashed.words) \(usual)", at: nil, .crashed)
    }
    if isStuck {
      let limit = record.limits.first?.words ?? ""
      return .failed(
        expected: expected, found: "nothing", "\(usual) It was stopped, because \(limit).", at: nil, .hung)
    }
    return .failed(expected: expected, found: "nothing", usual)
  }
  /// Whether the program ended as programs do that fail: a signal, or a traceback.
  var hasCrashed: Bool {
    switch program?.ending {
    case .signalled, .notStarted: return true
    case .exited(let status):
      let text = String(decoding: program?.diagnostics.octets ?? [], as: UTF8.self)
      return status != 0 && (text.contains("Traceback") || text.contains("Error") || status > 1)
    case .stopped, nil: return false
    }
  }
  var endingWords: String {
    switch program?.ending {
    case .exited(let status): "the program ended with status \(status)"
    case .signalled(let signal): "the program was ended by signal \(signal)"
    case .stopped: "the program was stopped"
    case .notStarted: "the program could not be started"
    case nil: "no program"
    }
  }
  /// The octet that ends a string in C, at either end of a line; nil where it is not.
  func endOfString(_ talk: Talk, _ line: WireLine) -> Finding? {
    let place = line.octets.first == 0 ? 0 : line.octets.last == 0 ? line.octets.count - 1 : nil
    guard let place else { return nil }
    let text = Spot.escaped(line.octets.filter { $0 != 0 }.prefix(60))
    return .failed(
      expected: text.isEmpty ? "nothing" : text, found: Spot.escaped(line.octets.prefix(60)),
      StudentMistake.endOfString.words, at: talk.place(line, marked: place..<(place + 1)), .endOfString)
  }
  func missingLineEnd(_ talk: Talk, _ line: WireLine) -> Finding {
    if let finding = endOfString(talk, line) { return finding }
    let end = line.octets.count..<line.octets.count
    if let spelled = line.text.range(of: "\\r\\n") ?? line.text.range(of: "\\n") {
      let from = line.text[..<spelled.lowerBound].utf8.count
      let to = line.text[..<spelled.upperBound].utf8.count
      return .failed(
        expected: "\\r\\n", found: line.text, StudentMistake.spelledLineEnd.words,
        at: talk.place(line, marked: from..<to),
        .spelledLineEnd)
    }
    return .failed(
      expected: "\(Spot.escaped(line.octets.prefix(60)))\\r\\n", found: Spot.escaped(line.octets.prefix(60)),
      StudentMistake.missingLineEnd.words, at: talk.place(line, marked: end), .missingLineEnd)
  }
  func pickled(_ talk: Talk, _ side: WireConnection.Side) -> Finding? {
    let octets = talk.connection[side].octets
    guard Self.isPickled(octets) else { return nil }
    return .failed(
      expected: "lines of text", found: Spot.escaped(octets.prefix(24)), StudentMistake.pickledObjects.words,
      at: Spot.place(talk.connection[side], 0..<octets.count, marked: 0..<2), .pickledObjects)
  }
}

extension StringProtocol {
  /// Without blanks at both ends, in capitals.
  var word: String { trimmingBlanks.uppercased() }
  /// The first place where another text stands.
  func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
