internal import Bytes
internal import WebProtocols

/// Rules about STARTTLS (RFC 3207): what packets show of it, and what our server heard inside.
extension WireGround {
  private static let notAsked = Finding.notRun("Your program did not come to STARTTLS.")

  /// The first dialogue in which TLS was asked for, and the exchange that did it.
  private var security: (talk: Talk, exchange: Talk.Exchange)? {
    for talk in talks {
      if let exchange = talk.exchanges.first(where: { $0.verb == "STARTTLS" }) { return (talk, exchange) }
    }
    return nil
  }
  /// STARTTLS behind EHLO, 220, and then a ClientHello and nothing else (RFC 3207 §4).
  func startTLS() -> Finding {
    if talks.isEmpty { return .notRun("There is no connection.") }
    guard let (talk, exchange) = security else {
      return stopped(expected: "STARTTLS behind the reply to EHLO", "Your program never said STARTTLS.")
    }
    guard let index = talk.exchanges.firstIndex(of: exchange),
      talk.exchanges[..<index].contains(where: { $0.verb == "EHLO" && $0.reply?.isPositive == true })
    else {
      return .failed(
        expected: "EHLO before STARTTLS", found: exchange.line.text,
        "The reply to EHLO tells whether the server knows STARTTLS.", at: talk.place(exchange.line))
    }
    guard let reply = exchange.reply, reply.status == "220" else {
      return .failed(
        expected: "220", found: exchange.reply?.text ?? "nothing", "The server did not agree to begin TLS.",
        at: talk.place(exchange.line))
    }
    let speech = talk.covered[.client]
    let start = exchange.line.range.upperBound
    guard start < speech.octets.count else {
      return stopped(expected: "a ClientHello behind 220", "The server waits for TLS, and nothing came.")
    }
    let shown = start..<min(speech.octets.count, start + 60)
    let rest = Array(speech.octets[start...])
    guard speech.frame(of: start) > reply.lastFrame else {
      return .failed(
        expected: "220, and then the ClientHello", found: Spot.escaped(rest.prefix(24)),
        "Something came behind STARTTLS before the server had said 220.",
        at: Spot.place(speech, shown, marked: start..<(start + 1)))
    }
    guard rest.first == 22, rest.count < 2 || rest[1] == 3 else {
      return .failed(
        expected: "a ClientHello behind 220",
        found: Spot.escaped(rest.prefix { $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed }.prefix(60)),
        StudentMistake.clearBehindSTARTTLS.words, at: Spot.place(speech, shown, marked: shown), .clearBehindSTARTTLS)
    }
    guard talk.protected?.handshake == .done else {
      let found: String
      if case .failed(let text)? = talk.protected?.handshake {
        found = text
      } else {
        found = "a handshake without an end"
      }
      return .failed(
        expected: "a TLS handshake that is done", found: program?.lastComplaint ?? found,
        "TLS was begun, and did not come about. \(found).",
        at: Feedback.Place(frame: speech.frame(of: start), offset: 0, excerpt: ""))
    }
    return .passed
  }
  /// The first command inside is EHLO (RFC 3207 §4.2).
  func greetsAgain() -> Finding {
    guard let (talk, exchange) = security, let protected = talk.protected, protected.handshake == .done,
      let index = talk.exchanges.firstIndex(of: exchange)
    else { return .notRun("TLS did not come about.") }
    guard let next = (talk.exchanges + [talk.unfinished].compactMap(\.self)).dropFirst(index + 1).first else {
      return stopped(expected: "EHLO inside TLS", "Inside TLS your program said nothing.")
    }
    guard next.verb == "EHLO" || next.verb == "HELO" else {
      return .failed(
        expected: "EHLO inside TLS", found: next.line.text, StudentMistake.noEHLOInsideTLS.words,
        at: talk.place(next.line), .noEHLOInsideTLS)
    }
    return .passed
  }
  /// Neither a login nor a message goes over the wire in clear.
  func nothingSecretInClear() -> Finding {
    guard exchanges.contains(where: { ["EHLO", "HELO"].contains($0.exchange.verb) }) else {
      return talks.isEmpty
        ? .notRun("There is no connection.") : stopped(expected: "EHLO", "Your program never said EHLO.")
    }
    for talk in talks {
      let end = talk.protected?.clearClientByteCount ?? Int.max
      guard
        let said = talk.exchanges.first(where: {
          $0.range.lowerBound < end && ["AUTH", "MAIL", "RESPONSE"].contains($0.verb)
        })
      else { continue }
      return .failed(
        expected: "\(said.verb) inside TLS only, or not at all", found: said.line.text,
        StudentMistake.secretInClear.words, at: talk.place(said.line), .secretInClear)
    }
    return .passed
  }
  /// With a server that shows a certificate of somebody else's, nothing is said (RFC 3207 §4.1, RFC 9525 §6).
  func refusesCertificate() -> Finding {
    guard let (talk, exchange) = security, let protected = talk.protected,
      exchange.range.upperBound < talk.covered[.client].octets.count
    else { return Self.notAsked }
    guard protected.handshake == .done,
      let said = talk.exchanges.first(where: {
        $0.range.lowerBound >= protected.clearClientByteCount && $0.verb != "QUIT"
      })
    else { return .passed }
    return .failed(
      expected: "the end of the connection: the certificate is not to be believed", found: said.line.text,
      StudentMistake.certificateNotVerified.words, at: talk.place(said.line), .certificateNotVerified)
  }
  /// The ClientHello names the server (RFC 6066 §3).
  func namesServer() -> Finding {
    guard let (talk, exchange) = security, exchange.range.upperBound < talk.covered[.client].octets.count else {
      return Self.notAsked
    }
    let speech = talk.covered[.client]
    let hello = Array(speech.octets[exchange.range.upperBound...])
    guard hello.first == 22 else { return Self.notAsked }
    let place = Feedback.Place(frame: speech.frame(of: exchange.range.upperBound), offset: 0, excerpt: "")
    let wanted = testCase.peer.name
    guard let name = TLSClientHello.serverName(of: hello.span) else {
      return .failed(
        expected: wanted, found: "no name", "A server of many names does not know which certificate to show.", at: place
      )
    }
    let text = String(decoding: hello[Int(name.lower)..<Int(name.upper)], as: UTF8.self)
    guard text.lowercased() == wanted.lowercased() else {
      return .failed(expected: wanted, found: text, "The ClientHello names another server.", at: place)
    }
    return .passed
  }
}
