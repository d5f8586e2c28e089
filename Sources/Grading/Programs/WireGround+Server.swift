internal import Bytes

/// Rules about a server: what it answered to a client of ours.
extension WireGround {
  func listen() -> Finding {
    if !talks.isEmpty { return .passed }
    let wanted = "\(record.host):\(record.port)"
    if let listener = server?.listeners.first {
      return .failed(
        expected: wanted, found: "listens on \(listener)",
        "Your server listens at a place that is written in the program. Take host and port from the arguments.",
        at: nil, .hardCodedServer)
    }
    return stopped(expected: "a server on \(wanted)", "Nobody listens there.")
  }
  func greets() -> Finding {
    guard let talk = talks.first else { return .notRun("There is no connection.") }
    if let pickle = pickled(talk, .server) { return pickle }
    guard let greeting = talk.greeting else {
      return stopped(expected: greetingWord, "Nothing came from your server when a client had connected.")
    }
    let spoke = talk.client.marks.first?.frame ?? talk.connection.finishFrames[0]
    if let spoke, greeting.firstFrame > spoke {
      return .failed(
        expected: greetingWord, found: "nothing, until the client had spoken or had given up",
        "Your server waited for the client to speak first.",
        at: greeting.lines.first.map { talk.place($0, of: .server) })
    }
    guard greeting.lines.first?.text.hasPrefix(greetingWord) == true else {
      return .failed(
        expected: "\(greetingWord) …", found: String(greeting.text.prefix(80)), "This is no greeting.",
        at: greeting.lines.first.map { talk.place($0, of: .server) })
    }
    return .passed
  }
  private var greetingWord: String {
    switch trial.spoken {
    case .smtp: "220"
    case .pop3: "+OK"
    case .imap: "* OK"
    }
  }
  /// Each reply against what the case expects, in the order in which the connections were opened.
  func answers() -> Finding {
    guard !talks.isEmpty else { return .notRun("There is no connection.") }
    for (index, plan) in testCase.peer.connections.enumerated() {
      guard talks.indices.contains(index) else {
        if plan.steps.allSatisfy({ $0.expected.isEmpty }) { continue }
        return stopped(
          expected: "connection \(index + 1) of \(testCase.peer.connections.count) is taken",
          "Your server took no further connection.")
      }
      if let finding = answers(talks[index], plan, index) { return finding }
    }
    return .passed
  }
  private func answers(_ talk: Talk, _ plan: PeerConnection, _ number: Int) -> Finding? {
    if let pickle = pickled(talk, .server) { return pickle }
    var rest = repliesOf(talk)
    var offset = 0
    for step in plan.steps {
      let asked = Spot.escaped(step.octets.utf8.prefix(60))
      let range = offset..<(offset + step.octets.utf8.count)
      offset = range.upperBound
      for (index, expected) in step.expected.enumerated() {
        guard let reply = Self.next(&rest, step, trial.spoken) else {
          var finding = stopped(
            expected: expected, asked.isEmpty ? "No greeting came." : "There was no reply to '\(asked)'.")
          if finding.mistake == .hung || finding.mistake == nil, number > 0, testCase.peer.isTogether {
            finding.mistake = .oneClientOnly
            finding.reason = StudentMistake.oneClientOnly.words
          }
          if finding.place == nil, !range.isEmpty, range.upperBound <= talk.client.octets.count {
            finding.place = Spot.place(
              talk.client, range, marked: range.lowerBound..<max(range.lowerBound + 1, range.upperBound - 2))
          }
          return finding
        }
        let shown = reply.lines.first.map { talk.place($0, of: .server) }
        let text = reply.lines.map(\.text).joined(separator: " / ")
        if step.pieceByteCount != nil, !range.isEmpty, index == 0, range.upperBound <= talk.client.octets.count,
          let end = talk.client.octets[range].firstIndex(of: ASCII.lineFeed),
          reply.firstFrame < talk.client.frame(of: end)
        {
          return .failed(
            expected: "\(expected), behind the whole line",
            found: "\(String(text.prefix(60))), before the line was complete",
            StudentMistake.answersPieces.words, at: shown, .answersPieces)
        }
        guard Self.fits(reply, expected, trial.spoken) else {
          return .failed(
            expected: expected, found: String(text.prefix(100)),
            asked.isEmpty ? "This is not the greeting that was expected." : "This is the reply to '\(asked)'.",
            at: shown)
        }
        for wanted in step.contains {
          let forms = wanted.split(separator: "|").map(String.init)
          if reply.lines.contains(where: { line in forms.contains { line.text.contains($0) } }) { continue }
          return .failed(
            expected: forms.first ?? wanted, found: String(text.prefix(100)), "The reply to '\(asked)' lacks it.",
            at: shown)
        }
      }
    }
    return nil
  }
  private func repliesOf(_ talk: Talk) -> ArraySlice<Talk.Reply> {
    switch trial.spoken {
    case .smtp: Talk.smtpReplies(talk.server)[...]
    case .pop3: talk.server.lines.map { Talk.Reply(status: "", lines: [$0], isWhole: $0.ending != .none) }[...]
    case .imap: Talk.imapResponses(talk.server)[...]
    }
  }
  private static func next(
    _ rest: inout ArraySlice<Talk.Reply>, _ step: PeerStep, _ spoken: TrialProtocol
  ) -> Talk.Reply? {
    guard var reply = rest.popFirst() else { return nil }
    switch spoken {
    case .smtp: break
    case .pop3:
      guard step.hasManyLines, reply.text.hasPrefix("+OK") else { break }
      while let line = rest.popFirst() {
        reply.lines += line.lines
        if line.text == "." { break }
      }
    case .imap:
      while reply.lines.last?.text.hasPrefix("*") == true, !step.octets.isEmpty, let more = rest.popFirst() {
        reply.lines += more.lines
      }
    }
    return reply
  }
  private static func fits(_ reply: Talk.Reply, _ expected: String, _ spoken: TrialProtocol) -> Bool {
    let text = (spoken == .imap ? reply.lines.last : reply.lines.first)?.text ?? ""
    return expected.split(separator: "|").contains { form in
      text.uppercased().hasPrefix(form.uppercased())
    }
  }
  func replies() -> Finding {
    guard talks.contains(where: { !$0.server.octets.isEmpty }) else { return .notRun("Your server said nothing.") }
    for talk in talks {
      if let pickle = pickled(talk, .server) { return pickle }
      for line in talk.server.lines {
        let shown = Spot.escaped(line.octets.prefix(60))
        switch line.ending {
        case .crlf: break
        case .lineFeed:
          return .failed(
            expected: "\(shown)\\r\\n", found: "\(shown)\\n", StudentMistake.bareLineFeed.words,
            at: talk.place(line, marked: line.octets.count..<(line.octets.count + 1), of: .server), .bareLineFeed)
        case .none:
          let spelled = line.text.contains("\\r\\n")
          return .failed(
            expected: "\(shown)\\r\\n", found: shown,
            (spelled ? StudentMistake.spelledLineEnd : .missingLineEnd).words,
            at: talk.place(line, marked: line.octets.count..<line.octets.count, of: .server),
            spelled ? .spelledLineEnd : .missingLineEnd)
        }
        if line.range.count > 512 {
          return .failed(
            expected: "at most 512 octets", found: "\(line.range.count) octets", "The line is too long.",
            at: talk.place(line, of: .server))
        }
      }
      guard trial.spoken == .smtp else { continue }
      for reply in Talk.smtpReplies(talk.server) where reply.status.isEmpty {
        return .failed(
          expected: "three digits and a space", found: reply.text, "This is no reply of SMTP.",
          at: reply.lines.first.map { talk.place($0, of: .server) })
      }
    }
    return .passed
  }
  func closes() -> Finding {
    let word = trial.spoken == .imap ? "LOGOUT" : "QUIT"
    guard let talk = talks.first(where: { !$0.exchanges(word).isEmpty }), let quit = talk.exchanges(word).first else {
      return .notRun("The dialogue did not come to \(word).")
    }
    let status = trial.spoken == .smtp ? "221" : trial.spoken == .pop3 ? "+OK" : "OK"
    guard let reply = quit.reply, reply.status == status else {
      return .failed(
        expected: status, found: quit.reply?.text ?? "nothing", "\(word) has a reply, too.", at: talk.place(quit.line))
    }
    if trial.spoken == .imap, !reply.lines.contains(where: { $0.text.uppercased().hasPrefix("* BYE") }) {
      return .failed(
        expected: "* BYE before the OK", found: reply.text, "The server says BYE before it answers LOGOUT.",
        at: reply.lines.last.map { talk.place($0, of: .server) })
    }
    let finish = talk.connection.finishFrames[1] ?? talk.connection.resetFrames[1]
    // A client of the student's may close as soon as it has read the reply.
    let limit = trial.role == .both ? nil : talk.connection.finishFrames[0]
    guard let finish, finish < limit ?? Int.max else {
      return .failed(
        expected: "the connection is closed behind \(status)", found: "it stays open",
        "Your server says goodbye and does not hang up.", at: reply.lines.last.map { talk.place($0, of: .server) })
    }
    return .passed
  }
  /// Whether the server was there again for the connection behind its restart.
  func restarts() -> Finding {
    guard let number = testCase.peer.connections.firstIndex(where: \.restartsServer) else {
      return .notRun("The server is not started again in this case.")
    }
    // From where an attempt that was refused came, our client does not know any more.
    let attempts = capture.connections.filter { $0.server.port == record.port && (!$0.isOpen || record.counts($0)) }
    guard let first = attempts.first, first.isOpen else { return .notRun("There is no connection.") }
    guard let restart = record.restarts?.first else { return .notRun("Your server was not started again.") }
    guard restart.keptConnectionCount > 0 else {
      return .notRun(
        "Your server did not leave a connection in TIME-WAIT, so that starting it again shows nothing.")
    }
    let next = attempts.indices.contains(number + 1) ? attempts[number + 1] : nil
    if let next, next.isOpen {
      return next[.server].octets.isEmpty
        ? stopped(expected: greetingWord, "Your server was started again, and does not greet any more.") : .passed
    }
    let wanted = "a server on \(record.host):\(record.port), as before"
    let refused = next.map { Feedback.Place(frame: $0.resetFrames[1] ?? $0.firstFrame, offset: 0, excerpt: "") }
    if let elsewhere = server?.listeners.first {
      return .failed(
        expected: wanted, found: "a server on \(elsewhere)",
        "\(StudentMistake.addressInUse.words) It listens elsewhere now: look at what bind() returns.", at: refused,
        .addressInUse)
    }
    let written = (server?.diagnostics.octets ?? []) + [ASCII.lineFeed] + (server?.output.octets ?? [])
    let lines = String(decoding: written, as: UTF8.self).split(whereSeparator: \.isNewline)
    let inUse = lines.first { $0.lowercased().contains("address already in use") || $0.contains("EADDRINUSE") }
    let isRunning = server?.ending == .stopped
    let found = inUse?.trimmingBlanks ?? server?.lastComplaint ?? (isRunning ? "nobody listens there" : endingWords)
    // Whoever ends with a traceback of another kind had another reason.
    let mistake: StudentMistake = inUse == nil && lines.contains { $0.contains("Traceback") } ? .crashed : .addressInUse
    return .failed(expected: wanted, found: found, mistake.words, at: refused, mistake)
  }
  func prints(_ parameters: RuleParameters) -> Finding {
    guard !talks.isEmpty else { return .notRun("There is no connection.") }
    let output = Self.lines(String(decoding: program?.output.octets ?? [], as: UTF8.self))
    let wanted = Self.lines(parameters.body ?? "")
    if parameters.isAll {
      if let other = output.first(where: { wanted.isEmpty ? isUnfinished($0) : !wanted.contains($0) }) {
        return .failed(
          expected: wanted.isEmpty ? "nothing of a message without its end" : "the message, and nothing else",
          found: other,
          wanted.isEmpty
            ? "Your program printed a line of a message that never came to its end."
            : "Your program printed something that is no line of the message.")
      }
    }
    guard !wanted.isEmpty else { return .passed }
    if output.count >= wanted.count,
      (0...(output.count - wanted.count)).contains(where: { Array(output[$0..<($0 + wanted.count)]) == wanted })
    {
      return .passed
    }
    let lacking = wanted.first { !output.contains($0) }
    let isStuffed = lacking.map { output.contains("." + $0) } ?? false
    return .failed(
      expected: lacking ?? wanted[0],
      found: isStuffed ? "." + (lacking ?? "") : output.isEmpty ? "nothing" : "other lines",
      isStuffed
        ? "The dot of the stuffing was not taken away." : "What your program printed is not the message that came.")
  }
  /// Whether a line belongs to a message that its client has left without an end.
  private func isUnfinished(_ printed: String) -> Bool {
    talks.contains { talk in
      guard let open = talk.unfinished, open.kind == .message else { return false }
      return talk.client.lines.contains {
        $0.range.lowerBound >= open.range.lowerBound && $0.text == printed && !printed.isEmpty
      }
    }
  }
}
