import Dialogues

/// The fields of one stream, both sides as lists of lines that are equal when the facts are; what the truth does not
/// know is `_` on both sides.
struct StreamFields {
  typealias Lists = (truth: [String], ours: [String])

  let truth: Truth.Stream
  let ours: Conversation

  private var exchanges: [Conversation.Exchange] { ours.exchanges ?? [] }

  func all() -> [(field: String, lists: Lists)] {
    var fields: [(field: String, lists: Lists)] = [("ending", ending())]
    guard truth.protocol != "tls" else { return fields }
    fields.append(("first client line", firstLine(truth.firstClientLine, ours.opening.client)))
    fields.append(("first server line", firstLine(truth.firstServerLine, ours.opening.server)))
    fields.append(("credentials", credentials()))
    guard truth.protocol != "http" else { return fields + [("commands", requests()), ("replies", responses())] }
    fields.append(("greeting", greeting()))
    fields.append(("commands", commands()))
    if truth.protocol == "smtp" { fields.append(("envelope", envelopes())) }
    fields.append(("messages", messages()))
    return fields
  }

  // MARK: Lines

  private func firstLine(_ line: String?, _ lines: Conversation.Lines?) -> Lists {
    let expected = line.map(Self.comparable) ?? "none"
    let found = lines?.lines.first.map(Self.comparable) ?? "none"
    // The truth cuts long lines there.
    return ([expected], [line?.count == 300 ? String(found.prefix(expected.count)) : found])
  }

  /// The text of a line however octets that are no UTF-8 are shown: `\xE4` by the truth, U+FFFD by us.
  static func comparable(_ line: String) -> String {
    var text = line.replacing(#/\\x[0-9A-Fa-f]{2}/#, with: "\u{FFFD}").replacing(#/\x{FFFD}+/#, with: "\u{FFFD}")
    while let last = text.last, last.isWhitespace || last == "\0" { text.removeLast() }
    return text
  }

  private func greeting() -> Lists {
    guard let expected = truth.greeting else { return ([], []) }
    let unasked = exchanges.first { $0.request == nil }
    var found = unasked?.replies.first?.lines.first ?? "none"
    if truth.protocol == "smtp" { found.replace(#/^(?<code>[0-9]{3})-/#, maxReplacements: 1) { "\($0.code) " } }
    return ([Self.comparable(expected)], [Self.comparable(found)])
  }

  // MARK: Commands

  /// A command of ours with all replies until the next command, those to challenges and to the message included.
  private struct Turn {
    var request: Conversation.Request
    var first: Conversation.Reply?
    var last: Conversation.Reply?
    var replies: [Conversation.Reply]
  }

  private func turns() -> [Turn] {
    var turns: [Turn] = []
    for exchange in exchanges {
      guard let request = exchange.request else { continue }
      if let current = turns.indices.last, Self.continues(request.verb, turns[current].request.verb) {
        turns[current].replies += exchange.replies
        turns[current].last = exchange.replies.last ?? turns[current].last
      } else if request.verb != "DONE" {
        let replies = exchange.replies
        turns.append(Turn(request: request, first: replies.first, last: replies.last, replies: replies))
      }
    }
    return turns
  }

  /// Whether what the client says is part of the command before it. A lone `.` may also be a command that is refused.
  private static func continues(_ verb: String, _ command: String) -> Bool {
    switch verb {
    case "*": command.hasPrefix("AUTH")
    case ".": command == "DATA"
    case "DONE": command == "IDLE"
    default: false
    }
  }

  private func commands() -> Lists {
    // `DONE` is no command.
    let expected = (truth.commands ?? []).filter { !$0.verb.isEmpty }
    let found = turns()
    return (
      expected.map { "\($0.verb) | \(Self.comparable($0.line)) | \(result(of: $0))" },
      found.enumerated().map { index, turn in
        let command = expected.indices.contains(index) ? expected[index] : nil
        // Where the truth sees no command, we may see any.
        let verb = command?.verb == "?" ? "?" : turn.request.verb.prefix { $0 != " " }
        return "\(verb) | \(Self.comparable(turn.request.line)) | \(result(of: turn, like: command))"
      }
    )
  }

  private func result(of command: Truth.Command) -> String {
    switch truth.protocol {
    case "smtp":
      let final = command.verb == "AUTH" ? command.finalCode : command.verb == "DATA" ? command.afterDataCode : nil
      return ([command.code] + (final.map { [$0] } ?? [])).map { $0.map(String.init) ?? "none" }.joined(separator: " ")
    case "pop": return Self.comparable(command.status ?? "none")
    default: return Self.comparable(command.result ?? "none")
    }
  }

  private func result(of turn: Turn, like command: Truth.Command?) -> String {
    switch truth.protocol {
    case "smtp":
      let hasFinal = command?.verb == "AUTH" ? command?.finalCode != nil : command?.afterDataCode != nil
      let codes = [turn.first?.code] + (hasFinal ? [turn.last?.code] : [])
      return codes.map { $0.map(String.init) ?? "none" }.joined(separator: " ")
    case "pop":
      let reply = turn.request.verb == "AUTH" ? turn.last : turn.first
      return Self.comparable(reply?.lines.first ?? "none")
    default:
      guard let tag = turn.request.tag else { return "none" }
      let line = turn.replies.flatMap(\.lines).last { $0.hasPrefix(tag + " ") }
      return Self.comparable(line.map { String($0.dropFirst(tag.count + 1)) } ?? "none")
    }
  }

  private func requests() -> Lists {
    let expected = (truth.requests ?? []).map { $0.prefix(2).map { $0 ?? "_" }.joined(separator: " ") }
    let found = exchanges.compactMap(\.request).map { request in
      let words = request.line.split(separator: " ", omittingEmptySubsequences: false)
      return "\(request.verb) \(words.dropFirst().dropLast().joined(separator: " "))"
    }
    // The truth cuts long targets.
    let shortened = found.enumerated().map { index, line in
      let known = expected.indices.contains(index) ? expected[index] : line
      return known.count >= 200 ? String(line.prefix(known.count)) : line
    }
    return (expected, shortened)
  }

  private func responses() -> Lists {
    let codes = exchanges.flatMap(\.replies).compactMap(\.code)
    return ((truth.responses ?? []).map(String.init), codes.map(String.init))
  }

  // MARK: Credentials

  private func credentials() -> Lists {
    let expected = truth.credentials ?? []
    return (
      expected.map {
        "\(Self.mechanism($0.mech)) \($0.username ?? "_") \($0.password ?? "_") \(Self.text($0.isAccepted))"
      },
      // Of HTTP the truth knows Basic alone.
      ours.credentials.filter { truth.protocol != "http" || $0.mechanism == "Basic" }.enumerated().map { index, found in
        let known = expected.indices.contains(index) ? expected[index] : nil
        let username = known?.username == nil ? "_" : found.username ?? "none"
        let password = known?.password == nil ? "_" : found.password ?? "none"
        let accepted = known?.isAccepted == nil ? "_" : Self.text(found.accepted)
        return "\(Self.mechanism(found.mechanism)) \(username) \(password) \(accepted)"
      }
    )
  }

  private static func text(_ accepted: Bool?) -> String { accepted.map { $0 ? "accepted" : "refused" } ?? "_" }

  private static func mechanism(_ name: String) -> String {
    name.uppercased().replacing(#/^(AUTH|AUTHENTICATE|HTTP) /#, with: "")
  }

  // MARK: Envelopes and messages

  private func envelopes() -> Lists {
    let carried = ours.messages.filter { $0.via == "DATA" || $0.via == "BDAT" }
    let found = carried.map { message in
      let to = (message.envelope?.to ?? []).map { "\($0.path) \($0.code.map(String.init) ?? "none")" }
      return ([message.envelope?.from?.path ?? "none"] + to).joined(separator: ", ")
    }
    return (truthEnvelopes(), found)
  }

  /// The envelopes of the messages, each as it was when its message began.
  private func truthEnvelopes() -> [String] {
    var rest = (truth.envelope ?? [])[...]
    var current = Transaction()
    var envelopes: [String] = []
    var isInChunks = false
    for command in truth.commands ?? [] {
      switch command.verb {
      case "MAIL":
        guard let next = rest.popFirst() else { break }
        current = Transaction(from: next.mailFrom ?? "none", isOpen: true)
        current.coming = next.rcptTo[...]
      case "RCPT":
        guard let recipient = current.coming.popFirst() else { break }
        current.to.append("\(recipient.path ?? "none") \(recipient.code.map(String.init) ?? "none")")
      case "DATA" where command.code == 354 || command.code == nil, "BDAT" where !isInChunks:
        envelopes.append(([current.from] + current.to).joined(separator: ", "))
        current.isOpen = false
        isInChunks = command.verb == "BDAT" && !command.line.uppercased().hasSuffix("LAST")
      case "BDAT": isInChunks = !command.line.uppercased().hasSuffix("LAST")
      case "RSET": current.isOpen = false
      default: break
      }
    }
    return envelopes
  }

  /// What belongs to one MAIL command that was accepted.
  private struct Transaction {
    var from = "none"
    var to: [String] = []
    /// The truth's recipients whose RCPT is yet to come.
    var coming: ArraySlice<Truth.Recipient> = []
    var isOpen = false
  }

  /// In any order, since the truth lists what the client appended before what it fetched.
  private func messages() -> Lists {
    let firstWord = { (text: String) in text.prefix { $0 != " " } }
    let expected = (truth.messages ?? []).map { "\(firstWord($0.via)) \($0.unstuffedLen) \($0.unstuffedSha256)" }
    let found = ours.messages.filter { $0.via != "TOP" }
      .map { "\($0.via) \($0.byteCount) \($0.sha256 ?? "none")" }
    return (expected.sorted(), found.sorted())
  }

  // MARK: Ending

  private func ending() -> Lists {
    // Of FIN and RST sent again, the first counts.
    let firstFrames = { (segments: [(side: String, frame: Int)], name: String) in
      ["client", "server"].compactMap { side in
        segments.first { $0.side == side }.map { "\(name) \(side) \($0.frame)" }
      }
    }
    let expected =
      firstFrames(truth.ended.fin.map { ($0.side, $0.frame) }, "FIN")
      + firstFrames(truth.ended.rst.map { ($0.side, $0.frame) }, "RST")
    let found =
      firstFrames(ours.closing.finishes.map { ($0.by, $0.frame) }, "FIN")
      + firstFrames(ours.closing.resets.map { ($0.by, $0.frame) }, "RST")
    let hasQuit = truth.ended.app == nil ? "_" : "quit"
    let oursHasQuit = truth.ended.app == nil ? "_" : ours.closing.quit == nil ? "none" : "quit"
    let how = states.contains(ours.closing.how) ? truth.ended.state : ours.closing.how
    return (expected + [truth.ended.state, hasQuit], found + [how, oursHasQuit])
  }

  /// Our words for the truth's; a reset after both sides have finished ends nothing.
  private var states: Set<String> {
    switch truth.ended.state {
    case "both-fin": ["finished"]
    case "rst": Set(truth.ended.fin.map(\.side)).count == 2 ? ["reset", "finished"] : ["reset"]
    default: ["capture-ended", "reused", "evicted"]
    }
  }
}

extension Truth.Credential {
  /// Whether the server accepted; nil where the truth does not say.
  var isAccepted: Bool? {
    if let ok { return ok }
    if let resultCode { return resultCode < 400 }
    return result.map { $0.uppercased().hasPrefix("OK") }
  }
}
