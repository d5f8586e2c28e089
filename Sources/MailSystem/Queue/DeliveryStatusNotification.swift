package import Bytes
internal import MailProtocols

/// The message that tells a sender what became of another message (RFC 3461 §6): multipart/report (RFC 6522) with words
/// for people, the same for programs (RFC 3464), and the message itself or its header.
///
///     Return-Path: <>
///     Auto-Submitted: auto-replied
///     Content-Type: multipart/report; report-type=delivery-status; boundary="…"
///       text/plain                    what happened, and what can be done
///       message/delivery-status       the host, then a group of fields for each recipient
///       message/rfc822, or text/rfc822-headers
package struct DeliveryStatusNotification: Sendable {
  /// The name of the host that tells it.
  package let host: String
  /// The domain whose postmaster reads what is answered.
  package let domain: String
  /// A name that no other message of this host has; the Message-ID and the boundary are made of it.
  package let id: String
  /// The envelope of the message that this is about.
  package let about: Envelope
  /// That message.
  package let message: [UInt8]
  /// When the host took it over.
  package let arrival: Timestamp
  package let reports: [DeliveryReport]

  /// Nil where nobody is to be told: no report is left, or the message has a null reverse-path and may be a notification
  /// itself (RFC 5321 §4.5.5).
  package init?(
    host: String, domain: String? = nil, id: String, about envelope: Envelope, message: [UInt8], arrival: Timestamp,
    reports: [DeliveryReport]
  ) {
    guard envelope.reversePath != nil, !reports.isEmpty else { return nil }
    self.host = host
    self.domain = domain ?? host
    self.id = id
    about = envelope
    self.message = message
    self.arrival = arrival
    self.reports = reports
  }

  /// From nobody, so that it is never answered by another; to the sender, who is told of nothing more than a failure
  /// (RFC 3461 §6.1), which nobody hears.
  package var envelope: Envelope {
    var envelope = Envelope(from: nil)
    if let sender = about.reversePath { envelope.recipients = [Envelope.Recipient(sender, notifications: .never)] }
    envelope.isEightBit = !returned.span.isASCII
    envelope.isInternationalized = about.reversePath?.isInternationalized == true
    return envelope
  }

  /// The wire form. Lines end with CRLF.
  package func encode(at now: Timestamp) -> [UInt8] {
    let text = NotificationText(self).encode()
    let returned = returned
    let boundary = boundary(notIn: [text, returned])
    var writer = ByteWriter()
    appendHeader(boundary, at: now, to: &writer)
    writer.append(string: "This is a report about a message, in the parts that RFC 6522 gives it.\r\n")
    writer.append(string: "\r\n--\(boundary)\r\n")
    appendPartHeader(
      text.span.isASCII ? "text/plain; charset=us-ascii" : "text/plain; charset=utf-8", "Notification",
      encoding: text.span.isASCII ? nil : "quoted-printable", to: &writer)
    if text.span.isASCII { writer.append(text.span) } else { QuotedPrintable.encode(text.span, into: &writer) }
    writer.append(string: "\r\n--\(boundary)\r\n")
    appendPartHeader("message/delivery-status", "Delivery report", encoding: nil, to: &writer)
    appendStatus(to: &writer)
    writer.append(string: "\r\n--\(boundary)\r\n")
    appendPartHeader(
      returnedType, isFull ? "The message" : "The header of the message",
      encoding: returned.span.isASCII ? nil : "8bit", to: &writer)
    writer.append(returned.span)
    if returned.suffix(2) != [13, 10] { writer.append("\r\n") }
    writer.append(string: "\r\n--\(boundary)--\r\n")
    return writer.withOctets { $0.copied() }
  }

  // MARK: The header

  private func appendHeader(_ boundary: String, at now: Timestamp, to writer: inout ByteWriter) {
    let sender = about.reversePath?.text ?? ""
    HeaderField.encode(name: "Date", value: Self.date(now), into: &writer)
    // Whoever answers reaches somebody (RFC 3464 §2).
    HeaderField.encode(name: "From", value: "Mail Delivery System <postmaster@\(domain)>", into: &writer)
    HeaderField.encode(name: "To", value: "<\(sender)>", into: &writer)
    HeaderField.encode(name: "Subject", value: subject, into: &writer)
    HeaderField.encode(name: "Message-ID", value: "<\(id)@\(host)>", into: &writer)
    // RFC 3834 §5: no program is to answer.
    HeaderField.encode(name: "Auto-Submitted", value: "auto-replied", into: &writer)
    HeaderField.encode(name: "MIME-Version", value: "1.0", into: &writer)
    let type = "multipart/report; report-type=delivery-status; boundary=\"\(boundary)\""
    HeaderField.encode(name: "Content-Type", value: type, into: &writer)
    if !returned.span.isASCII { HeaderField.encode(name: "Content-Transfer-Encoding", value: "8bit", into: &writer) }
    writer.append("\r\n")
  }
  private var subject: String {
    let actions = Set(reports.map(\.action))
    if actions.contains(.failed) { return "Your message was not delivered" }
    if actions.contains(.delayed) { return "Your message is delayed" }
    return actions.contains(.relayed) ? "Your message was passed on" : "Your message was delivered"
  }
  private func appendPartHeader(_ type: String, _ description: String, encoding: String?, to writer: inout ByteWriter) {
    HeaderField.encode(name: "Content-Description", value: description, into: &writer)
    HeaderField.encode(name: "Content-Type", value: type, into: &writer)
    if let encoding { HeaderField.encode(name: "Content-Transfer-Encoding", value: encoding, into: &writer) }
    writer.append("\r\n")
  }
  /// RFC 2046 §5.1.1: no line of a part begins with it.
  private func boundary(notIn parts: [[UInt8]]) -> String {
    for number in 0..<NotificationLimits.boundaryCount {
      let boundary = number == 0 ? "=_\(id)" : "=_\(id)_\(number)"
      if !parts.contains(where: { Self.contains($0, "--\(boundary)") }) { return boundary }
    }
    // Whoever knew the id could not have written so many.
    return "=_\(id)_\(message.count)_\(arrival.nanoseconds)"
  }
  private static func contains(_ octets: [UInt8], _ text: String) -> Bool {
    let wanted = Array(text.utf8)
    var start = 0
    while let hyphen = octets.span.firstOffset(of: UInt8(ascii: "-"), from: start) {
      if octets[hyphen...].starts(with: wanted) { return true }
      start = hyphen + 1
    }
    return false
  }
  static func date(_ time: Timestamp) -> String {
    MessageDate(secondsSinceEpoch: time.nanoseconds / 1_000_000_000).encode()
  }

  // MARK: What is brought back

  /// RET, which is about failures: in any other case the header is enough (RFC 3461 §4.3).
  private var isFull: Bool {
    about.returnedContent != .headers && message.count <= NotificationLimits.returnedByteCount
      && reports.contains { $0.action == .failed }
  }
  private var returned: [UInt8] {
    guard !isFull else { return message }
    // The header, without the line that ends it.
    let header = MessageLines.top(of: message, bodyLines: 0)
    let lines = header.suffix(4) == [13, 10, 13, 10] ? header.dropLast(2) : header[...]
    let some = lines.prefix(NotificationLimits.returnedByteCount)
    return some.count == lines.count ? Array(some) : Array(some[..<((some.lastIndex(of: ASCII.lineFeed) ?? -1) + 1)])
  }
  /// RFC 6522 §3 and §4; RFC 6533 §4 and §5 where the header is more than ASCII.
  private var returnedType: String {
    let isGlobal = about.isInternationalized || !MessageLines.top(of: message, bodyLines: 0).span.isASCII
    if isFull { return isGlobal ? "message/global" : "message/rfc822" }
    return isGlobal ? "message/global-headers" : "text/rfc822-headers"
  }
}

/// The lengths and numbers that a notification keeps to.
enum NotificationLimits {
  /// A longer message is not brought back whole, lest two servers fill each other's disks.
  static let returnedByteCount = 65_536
  /// What is told of another server's words; a line may be no longer than 998 (RFC 5322 §2.1.1).
  static let replyByteCount = 800
  /// Boundaries that are tried.
  static let boundaryCount = 1_000
}
