/// Rules about who was refused: whether, how often and how soon it is tried again (RFC 5321 §4.5.4.1).
extension WireGround {
  func retry(_ parameters: RuleParameters) -> Finding {
    if talks.isEmpty { return .notRun("There is no connection.") }
    let all = exchanges
    var hasBeenRefused = false
    for (index, item) in all.enumerated() {
      guard let reply = item.exchange.reply, reply.isTransient || reply.isPermanent, item.exchange.verb != "QUIT" else {
        continue
      }
      hasBeenRefused = true
      // Nobody counts without end.
      let tries =
        parameters.tryCount.map { most in
          all.lazy.filter { Self.isSame($0.exchange, item.exchange) }.prefix(most + 1)
        }.map(Array.init) ?? []
      let again = all[(index + 1)...].first { Self.isSame($0.exchange, item.exchange) }
      let isLast = parameters.tryCount.map { tries.count >= $0 } ?? false
      if reply.isTransient, again == nil, !isLast {
        return .failed(
          expected: "\(item.exchange.verb) once more", found: "no second try behind '\(reply.text.prefix(60))'",
          "The first digit is 4: the server may say yes later.", at: item.talk.place(item.exchange.line))
      }
      if reply.isTransient, let most = parameters.tryCount, tries.count > most {
        return .failed(
          expected: "\(most) tries in all", found: "more than \(most) tries", StudentMistake.triesForEver.words,
          at: tries[most].talk.place(tries[most].exchange.line), .triesForEver)
      }
      if reply.isPermanent, let again {
        return .failed(
          expected: "no second try behind '\(reply.text.prefix(60))'", found: again.exchange.line.text,
          "The first digit is 5: the server will say no again.", at: again.talk.place(again.exchange.line))
      }
    }
    return hasBeenRefused ? .passed : .notRun("The dialogue did not come to a refusal.")
  }
  /// Whether two things that were said are the same, so that the second is another try.
  private static func isSame(_ one: Talk.Exchange, _ other: Talk.Exchange) -> Bool {
    one.kind == other.kind && (one.kind == .message || one.line.octets == other.line.octets)
  }
  /// Time passes before the same is said once more, and before the same server is called once more.
  func pauses(_ parameters: RuleParameters) -> Finding {
    let seconds = parameters.pauseSeconds ?? 0
    let port = talks.first?.connection.server.port ?? record.nextPort ?? record.port
    let gaps = calls(to: port) + repetitions
    guard !gaps.isEmpty else { return .notRun("Nothing was tried again.") }
    guard let short = gaps.first(where: { Double($0.nanoseconds) < seconds * 1e9 }) else { return .passed }
    let tenths = short.nanoseconds / 100_000_000
    return .failed(
      expected: "at least \(seconds) s before the next try",
      found: tenths < 1 ? "the next try at once" : "the next try after \(tenths / 10).\(tenths % 10) s",
      "Your program did not wait before it tried again.", at: short.place)
  }
  private typealias Gap = (nanoseconds: Int64, place: Feedback.Place)
  /// Between a call that was not taken and the next one.
  private func calls(to port: UInt16) -> [Gap] {
    let calls = capture.connections.filter { $0.server.port == port }
    return zip(calls, calls.dropFirst()).filter { !$0.0.isOpen }.map { before, next in
      (next.beginning - before.beginning, Feedback.Place(frame: next.firstFrame, offset: 0, excerpt: ""))
    }
  }
  /// Between a refusal for now and the same command, on whichever connection.
  private var repetitions: [Gap] {
    let all = exchanges
    return all.indices.compactMap { index in
      let (talk, exchange) = all[index]
      guard let reply = exchange.reply, reply.isTransient, let line = reply.lines.last,
        let again = all[(index + 1)...].first(where: { Self.isSame($0.exchange, exchange) }),
        let refused = talk.server.mark(of: line.range.lowerBound),
        let said = again.talk.client.mark(of: again.exchange.range.lowerBound)
      else { return nil }
      return (said.nanoseconds - refused.nanoseconds, again.talk.place(again.exchange.line))
    }
  }
}
