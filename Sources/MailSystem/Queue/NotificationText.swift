internal import Bytes
internal import MailProtocols

/// The words of a notification, for somebody who learns how mail works.
struct NotificationText {
  private let notification: DeliveryStatusNotification

  init(_ notification: DeliveryStatusNotification) { self.notification = notification }

  /// Lines of UTF-8, each with CRLF.
  func encode() -> [UInt8] {
    var lines = ["This is the mail server \(printable(notification.host)).", ""]
    for action in [DeliveryReport.Action.failed, .delayed, .relayed, .delivered, .expanded] {
      let reports = notification.reports.filter { $0.action == action }
      guard !reports.isEmpty else { continue }
      lines += wrapped(introduction(action), indent: "") + [""]
      for report in reports { lines += describe(report) + [""] }
    }
    lines += wrapped(
      "What follows is the same for programs (RFC 3464), and then your message or its header.", indent: "")
    return Array(lines.map { "\($0)\r\n" }.joined().utf8)
  }
  private func introduction(_ action: DeliveryReport.Action) -> String {
    switch action {
    case .failed: "Your message could not be delivered. It will not be tried again for:"
    case .delayed: "Your message has not been delivered yet. You need not send it again; it will be tried further for:"
    case .relayed: "Your message was given to a server that will tell you nothing more of it (it has no DSN), for:"
    case .delivered: "Your message was delivered into the mailbox of:"
    case .expanded: "Your message was sent on to those who stand behind:"
    }
  }
  private func describe(_ report: DeliveryReport) -> [String] {
    var lines = ["  <\(printable(report.recipient.path.text))>"]
    let host = report.remoteHost.map(printable)
    if let reply = report.reply {
      let whose = reply.isOurs ? "The reason:" : host.map { "The server \($0) said:" } ?? "The other server said:"
      lines += wrapped(whose, indent: "    ")
      lines += wrapped(printable(reply.text), indent: "      ")
    }
    if let meaning = Self.meaning(report.status) {
      lines += wrapped("\(report.status.text) means: \(meaning)", indent: "    ")
    }
    if let time = report.willRetryUntil {
      lines += ["    It is given up after \(DeliveryStatusNotification.date(time))."]
    }
    return lines
  }
  /// What a status is about, and what can be done (RFC 3463 §3).
  private static func meaning(_ status: EnhancedStatus) -> String? {
    if status.statusClass == 2 { return nil }
    switch (status.subject, status.detail) {
    case (1, 1): return "there is no such mailbox. Compare the part before the @ with what you were given."
    case (1, 2): return "there is no such domain, or it takes no mail. Compare the part behind the @."
    case (1, 3): return "the address is not written as an address is."
    case (1, 6): return "the mailbox has moved, and nobody knows where to."
    case (2, 1): return "the mailbox is closed."
    case (2, 2): return "the mailbox is full. Its owner must make room."
    case (3, 1): return "the server's disk is full."
    case (3, 2): return "the server takes no mail at present."
    case (3, 4), (2, 3): return "the message is too large for that server."
    case (4, 1): return "the server did not answer: it is down, or the way to it is cut."
    case (4, 2): return "the connection was lost."
    case (4, 4): return "no server could be found for the domain."
    case (4, 6): return "the message goes in circles between servers. Whoever runs them must look at how they forward."
    case (4, 7): return "it was tried for as long as the server keeps a message. You may send it again later."
    case (5, _): return "the two servers did not understand each other's SMTP."
    case (6, 7): return "that server takes no addresses with letters outside ASCII (it has no SMTPUTF8)."
    case (6, _): return "that server does not take a message of this form."
    case (7, _): return "that server may not, or does not want to, take the message from you."
    default: return status.statusClass == 4 ? "something is wrong for now." : nil
    }
  }
  /// Another server's words without controls, which could move a terminal's cursor or turn the direction of writing.
  private func printable(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: plain += " "
      default: plain.unicodeScalars.append(scalar)
      }
      if plain.utf8.count > NotificationLimits.replyByteCount { return plain + " ..." }
    }
    return plain
  }
  /// Lines of at most 76 characters, where the words allow it.
  private func wrapped(_ text: String, indent: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent.count + line.count + 1 + word.count > 76 {
        lines.append(indent + line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return line.isEmpty ? lines : lines + [indent + line]
  }
}
