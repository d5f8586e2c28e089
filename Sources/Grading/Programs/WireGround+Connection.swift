/// Rules about how a client comes, waits and goes.
extension WireGround {
  func connect() -> Finding {
    let wanted = "\(record.host):\(record.port)"
    if !talks.isEmpty { return .passed }
    if let asked = capture.askedNames.first {
      return .failed(
        expected: wanted, found: "asks the name service for \(asked.name)", StudentMistake.hardCodedServer.words,
        at: Feedback.Place(frame: asked.frame, offset: 0, excerpt: ""), .hardCodedServer)
    }
    if let other = capture.connections.first(where: { $0.server.port == record.port.byteSwapped }) {
      return .failed(
        expected: wanted, found: other.server.text, StudentMistake.swappedPort.words,
        at: Feedback.Place(frame: other.firstFrame, offset: 0, excerpt: ""), .swappedPort)
    }
    if let other = capture.connections.first {
      return .failed(
        expected: wanted, found: other.server.text, StudentMistake.hardCodedServer.words,
        at: Feedback.Place(frame: other.firstFrame, offset: 0, excerpt: ""), .hardCodedServer)
    }
    let complaint = program?.lastComplaint ?? ""
    if let listener = program?.listeners.first {
      return .failed(
        expected: "a connection to \(wanted)", found: "listens on \(listener)",
        StudentMistake.listensInsteadOfConnects.words, at: nil, .listensInsteadOfConnects)
    }
    let words = complaint.lowercased().split { !$0.isLetter }.joined(separator: " ")
    let wordsOfBind = ["bind", "address already in use", "cannot assign requested address"]
    if wordsOfBind.contains(where: { " \(words) ".contains(" \($0) ") }) {
      return .failed(
        expected: "a connection to \(wanted)", found: complaint, StudentMistake.listensInsteadOfConnects.words, at: nil,
        .listensInsteadOfConnects)
    }
    // Our server listens: whoever is refused went elsewhere, also where that was not recorded.
    if complaint.contains("onnection refused") || complaint.contains("ECONNREFUSED") {
      return .failed(
        expected: "a connection to \(wanted)", found: complaint, StudentMistake.hardCodedServer.words, at: nil,
        .hardCodedServer)
    }
    return stopped(expected: "a connection to \(wanted)", "Your program does not connect.")
  }
  func waitGreeting() -> Finding {
    guard !talks.isEmpty else { return .notRun("There is no connection.") }
    for talk in talks {
      guard let first = talk.client.marks.first else {
        if talks.count == 1 { return .notRun("Your program said nothing.") }
        continue
      }
      let line = WireLine(talk.client, 0..<min(talk.client.octets.count, 80))
      let shown = talk.client.lines.first ?? line
      guard let greeting = talk.greeting, greeting.lastFrame < first.frame, greeting.isWhole else {
        let begun = talk.greeting.flatMap { $0.firstFrame < first.frame ? $0 : nil }
        let hasBegun = begun != nil
        let mistake = begun.map { hasty($0, before: first.frame) } ?? .speaksFirst
        return .failed(
          expected: "the whole greeting, and then the first command",
          found: hasBegun ? "a command in the middle of the greeting" : "a command before the greeting",
          mistake.words, at: talk.place(shown), mistake)
      }
    }
    return .passed
  }
  /// Whether a command may come before the reply to the one before it (RFC 2920 §3.1).
  private func mayBePipelined(_ talk: Talk, _ index: Int) -> Bool {
    guard testCase.peer.offersPipelining, trial.spoken == .smtp, index > 0 else { return false }
    guard talk.exchanges[..<index].contains(where: { $0.verb == "EHLO" && $0.reply?.status == "250" }) else {
      return false
    }
    return ["MAIL", "RCPT", "RSET"].contains(talk.exchanges[index - 1].verb)
  }
  func waitReply() -> Finding {
    guard talks.contains(where: { $0.exchanges.count > 0 }) else { return .notRun("Your program said no whole line.") }
    for talk in talks {
      let all = talk.exchanges + [talk.unfinished].compactMap(\.self)
      for (index, exchange) in all.enumerated().dropFirst()
      where index >= talk.exchanges.count || !mayBePipelined(talk, index) {
        let before = all[index - 1]
        let name = before.kind == .message ? "the end of the message" : before.verb
        guard let awaited = exchange.awaited, awaited.firstFrame < exchange.firstFrame else {
          if exchange.verb == "RESPONSE" { continue }
          // The other side had gone already.
          if exchange.awaited == nil, let gone = talk.connection.finishFrames[1], gone < exchange.firstFrame {
            continue
          }
          return .failed(
            expected: "the reply to \(name), and then the next command", found: "the next command at once",
            cause(talk, index), at: talk.place(exchange.line), .sendsEverythingAtOnce)
        }
      }
    }
    return .passed
  }
  /// What may be behind a command that came too early. Where earlier replies have had more lines than commands were sent, each
  /// line may have been taken for a reply.
  private func cause(_ talk: Talk, _ index: Int) -> String {
    let all = talk.exchanges + [talk.unfinished].compactMap(\.self)
    let cause = StudentMistake.sendsEverythingAtOnce.words
    let long = talk.exchanges.prefix(index).first { ($0.reply?.lines.count ?? 0) > 1 }
    guard let long, let reply = long.reply, all[index].firstFrame != all[index - 1].firstFrame,
      talk.server.lines.count(where: { $0.lastFrame < all[index].firstFrame }) > index
    else { return cause }
    return
      "The reply had not come yet. The one to \(long.verb) has \(reply.lines.count) lines: does your program take each of its "
      + "lines for a reply? Or does it send its commands without reading the replies?"
  }
  /// What a program does that goes on in the middle of a reply: behind a whole line, or behind a piece of one, or behind a line
  /// of a message that looks like the end of the reply.
  private func hasty(_ reply: Talk.Reply, to before: Talk.Exchange? = nil, before frame: Int) -> StudentMistake {
    let tag = trial.spoken == .imap ? before?.line.text.split(separator: " ").first : nil
    if let tag, reply.isMistakable(for: String(tag)) { return .messageTakenForResponse }
    let isInsideLine = reply.lines.contains { $0.firstFrame < frame && $0.lastFrame >= frame }
    return isInsideLine ? .oneReceiveForAll : .oneLineForAll
  }
  func multiline() -> Finding {
    guard talks.contains(where: { $0.exchanges.count > 0 }) else { return .notRun("Your program said no whole line.") }
    for talk in talks {
      for (index, exchange) in (talk.exchanges + [talk.unfinished].compactMap(\.self)).enumerated() {
        guard let awaited = exchange.awaited, awaited.lastFrame >= exchange.firstFrame else { continue }
        guard awaited.firstFrame < exchange.firstFrame else {
          // The greeting has a rule of its own.
          if index == 0 { continue }
          return .notRun("Your program does not wait for replies at all.")
        }
        let count = awaited.lines.filter { $0.lastFrame < exchange.firstFrame }.count
        let lines = awaited.lines.count
        let before = index > 0 && talk.exchanges.indices.contains(index - 1) ? talk.exchanges[index - 1] : nil
        let mistake = hasty(awaited, to: before, before: exchange.firstFrame)
        return .failed(
          expected: "the whole reply, of \(lines == 1 ? "one line" : "\(lines) lines"), and then the next command",
          found: count == 0
            ? "the next command after a part of the first line" : "the next command after line \(count)",
          mistake.words, at: talk.place(exchange.line), mistake)
      }
    }
    if let talk = talks.last, let last = talk.exchanges.last, isStuck || hasCrashed, last.verb != "QUIT" {
      return stopped(
        expected: "the next command behind the reply to \(last.verb)",
        "It did not go on behind the reply to \(last.verb).")
    }
    return .passed
  }
  func quit() -> Finding {
    guard !talks.isEmpty else { return .notRun("There is no connection.") }
    let verb = trial.spoken == .imap ? "LOGOUT" : "QUIT"
    let status = trial.spoken == .smtp ? "221" : trial.spoken == .pop3 ? "+OK" : "OK"
    for talk in talks {
      // A server that hangs up by itself is not to be told.
      if talk.greeting == nil || talk.exchanges.contains(where: { $0.reply?.status == "421" }) { continue }
      let isCut = talk.connection.resetFrames[1] != nil && !isStuck
      if isCut, talk.exchanges.last?.reply == nil, talk.exchanges.last?.verb != verb {
        continue
      }
      guard let quit = talk.exchanges.last(where: { $0.verb == verb }) else {
        var finding = stopped(expected: verb, "Your program never said \(verb).")
        if finding.mistake == nil {
          finding.mistake = .closesWithoutQUIT
          finding.reason = StudentMistake.closesWithoutQUIT.words
        }
        return finding
      }
      let closed = [talk.connection.finishFrames[0], talk.connection.resetFrames[0]].compactMap(\.self).min()
      let early = closed.map { frame in
        Finding.failed(
          expected: "\(verb), \(status), close", found: "\(verb), close",
          "Your program closed before the reply to \(verb) had come.",
          at: Feedback.Place(frame: frame, offset: 0, excerpt: ""))
      }
      // Whether the other side still says something depends on who is faster.
      if let early, quit.reply?.isWhole != true || (quit.reply?.status != status && trial.spoken == .imap) {
        return early
      }
      guard let reply = quit.reply, reply.status == status else {
        return .failed(
          expected: "\(status) before the connection is closed", found: quit.reply?.text ?? "nothing",
          "Your program did not wait for the reply to \(verb).", at: talk.place(quit.line))
      }
      // In TLS the server's last word is close_notify (RFC 8446 §6.1), which nobody needs to read.
      if talk.protected == nil, let reset = talk.connection.resetFrames[0],
        reset < (talk.connection.finishFrames[0] ?? Int.max)
      {
        return .failed(
          expected: "the connection is closed (FIN)", found: "the connection is broken off (RST)",
          "Your program closed the socket while there was something left to read.",
          at: Feedback.Place(frame: reset, offset: 0, excerpt: ""))
      }
      if let early, let finish = talk.connection.finishFrames[0], finish < reply.lastFrame, !isHalfClosed(talk) {
        return early
      }
    }
    return .passed
  }
  /// Whether the client has only said that it will say no more, and still took what came (RFC 9293 §3.6): what comes to a
  /// socket that is closed is answered with RST. Our own sockets do not show that.
  private func isHalfClosed(_ talk: Talk) -> Bool {
    record.source == .packets && talk.protected == nil && talk.connection.resetFrames[0] == nil
  }
  func finish() -> Finding {
    if isStuck {
      let limits = record.limits.map(\.words).joined(separator: ", and ")
      return .failed(
        expected: "the program ends by itself", found: "it had to be stopped",
        "It was stopped, because \(limits).", at: nil, .hung)
    }
    if hasCrashed, !hasTakenLeave {
      return .failed(
        expected: "the program ends by itself, without an error", found: program?.lastComplaint ?? endingWords,
        StudentMistake.crashed.words, at: nil, .crashed)
    }
    return .passed
  }
  /// Whether the server said no for good, and the program said goodbye all the same: then an exit status, or an exception, tells
  /// whoever has started it that nothing was sent.
  private var hasTakenLeave: Bool {
    !talks.isEmpty
      && talks.allSatisfy { talk in
        talk.exchanges.contains { $0.reply?.isPermanent == true } && talk.exchanges.last?.verb == "QUIT"
          && talk.exchanges.last?.reply?.isPositive == true
      }
  }
}
