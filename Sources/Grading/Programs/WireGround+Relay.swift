internal import Bytes

/// Rules about a server that passes mail on (RFC 5321 §4.5.4.1): what it said to the next server.
extension WireGround {
  /// The ground as seen from the next server, to which the student's program is a client.
  var next: WireGround {
    var ground = self
    ground.talks = nextTalks
    return ground
  }
  private struct Delivery {
    var talk: Talk
    var exchange: Talk.Exchange
    var reversePath: String
    var recipients: [String]
    var octets: [UInt8]
  }
  /// The messages that were taken, each with its envelope.
  private static func deliveries(_ talks: [Talk]) -> [Delivery] {
    var deliveries: [Delivery] = []
    for talk in talks {
      var (reversePath, recipients): (String, [String]) = ("", [])
      for exchange in talk.exchanges where exchange.reply?.isPositive == true {
        switch exchange.verb {
        case "MAIL": (reversePath, recipients) = (path(exchange), [])
        case "RCPT": recipients.append(path(exchange))
        case "MESSAGE":
          deliveries.append(
            Delivery(
              talk: talk, exchange: exchange, reversePath: reversePath, recipients: recipients,
              octets: talk.message(exchange)))
        default: break
        }
      }
    }
    return deliveries
  }
  /// What stands between the brackets of MAIL or RCPT, in lower case.
  private static func path(_ exchange: Talk.Exchange) -> String {
    let text = exchange.line.text
    guard let open = text.firstIndex(of: "<"), let close = text.firstIndex(of: ">"), open < close else { return text }
    return text[text.index(after: open)..<close].lowercased()
  }
  /// The message that a client of ours has handed over.
  private var original: Delivery? { Self.deliveries(frontTalks).first }
  private static let noOriginal = Finding.notRun("Your server did not take the message.")
  /// What was passed on: everything but a notification, which has no sender.
  private var relayed: [Delivery] { Self.deliveries(nextTalks).filter { !$0.reversePath.isEmpty } }

  /// The message came to the next server once, and as it was, behind what each server adds in front of it.
  func relays() -> Finding {
    guard let original else { return Self.noOriginal }
    guard let first = relayed.first else {
      return next.stopped(
        expected: "the message at the next server",
        nextTalks.isEmpty
          ? "Your server took the message, and never spoke to the next server while that was there."
          : "Your server took the message, and the next server never got it.")
    }
    if relayed.count > 1 {
      return .failed(
        expected: "one message", found: "\(relayed.count) messages", "The message was passed on more than once.",
        at: relayed[1].talk.place(relayed[1].exchange.line))
    }
    guard first.octets.count >= original.octets.count,
      Array(first.octets.suffix(original.octets.count)) == original.octets
    else {
      let lines = Self.lines(first.octets)
      let missing = Self.lines(original.octets).first { !lines.contains($0) }
      return .failed(
        expected: missing.map { Spot.escaped($0) } ?? "the message, line by line",
        found: missing == nil ? "the lines in another order" : "a message without this line",
        "The message was changed on its way. Lines that begin with a dot are doubled again towards the next server.",
        at: first.talk.place(first.exchange.line))
    }
    return .passed
  }
  private static func lines(_ octets: [UInt8]) -> [[UInt8]] {
    octets.split(separator: 10, omittingEmptySubsequences: false).map { $0.last == 13 ? $0.dropLast() : $0 }.map(
      Array.init)
  }
  /// Each server writes where the message came from in front of it (RFC 5321 §4.4).
  func traces() -> Finding {
    guard let first = relayed.first else { return .notRun("The message did not come to the next server.") }
    let begin = String(decoding: first.octets.prefix(60), as: UTF8.self)
    guard begin.lowercased().hasPrefix("received:") else {
      return .failed(
        expected: "Received: from … by …", found: begin.split(separator: "\r\n").first.map(String.init) ?? begin,
        "Your server left no trace in the message.", at: first.talk.place(first.exchange.line))
    }
    return .passed
  }
  /// Who sent a message that the next server does not want is told, by a message without a sender (RFC 5321 §6.1).
  func bounces() -> Finding {
    guard let original else { return Self.noOriginal }
    guard nextTalks.contains(where: { $0.exchanges.contains { $0.reply?.isPermanent == true } }) else {
      return .notRun("The next server was not asked.")
    }
    let notice = Self.deliveries(nextTalks).first { $0.recipients.contains(original.reversePath) }
    guard let notice else {
      return .failed(
        expected: "a message from <> to <\(original.reversePath)>", found: "nothing", StudentMistake.losesMail.words,
        at: nil,
        .losesMail)
    }
    guard notice.reversePath.isEmpty else {
      return .failed(
        expected: "MAIL FROM:<>", found: "MAIL FROM:<\(notice.reversePath)>",
        "A notification has no sender, so that nobody is notified about a notification.",
        at: notice.talk.place(notice.exchange.line))
    }
    return .passed
  }
}
