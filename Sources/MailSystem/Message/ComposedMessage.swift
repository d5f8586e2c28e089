internal import Bytes
package import MailProtocols

/// A message as a user agent makes it of what its user typed (RFC 5322, RFC 2045): a text, and files beside it.
package struct ComposedMessage: Equatable, Sendable {
  package struct Attachment: Equatable, Sendable {
    /// Visible ASCII without quotes, slashes and backslashes.
    package var name: String
    /// The media type, `text/plain`.
    package var type: String
    package var octets: [UInt8]

    package init(name: String, type: String, octets: [UInt8]) {
      self.name = name
      self.type = type
      self.octets = octets
    }
  }
  package var from: String
  package var to: [String]
  package var subject: String
  package var text: String
  package var attachments: [Attachment] = []

  package init(from: String, to: [String], subject: String, text: String, attachments: [Attachment] = []) {
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.attachments = attachments
  }

  /// The octets. `id` is the Message-ID's left side, and names the parts' boundary.
  package func encode(date: MessageDate, id: String) -> [UInt8] {
    var writer = ByteWriter()
    func field(_ name: String, _ value: String) { HeaderField.encode(name: name, value: value, into: &writer) }
    field("From", from)
    field("To", to.joined(separator: ", "))
    HeaderField.encode(name: "Subject", text: subject, into: &writer)
    field("Date", date.encode())
    field("Message-ID", "<\(id)@\(from.split(separator: "@").last.map(String.init) ?? "localhost")>")
    field("MIME-Version", "1.0")
    let boundary = "=_\(id)"
    if attachments.isEmpty {
      Self.append(text, type: "text/plain", to: &writer)
    } else {
      field("Content-Type", "multipart/mixed; boundary=\"\(boundary)\"")
      writer.append("\r\n")
      writer.append(string: "--\(boundary)\r\n")
      Self.append(text, type: "text/plain", to: &writer)
      for attachment in attachments {
        writer.append(string: "--\(boundary)\r\n")
        field("Content-Disposition", "attachment; filename=\"\(attachment.name)\"")
        Self.append(attachment, to: &writer)
      }
      writer.append(string: "--\(boundary)--\r\n")
    }
    return writer.withOctets { $0.copied() }
  }
  private static func append(_ attachment: Attachment, to writer: inout ByteWriter) {
    if attachment.type.hasPrefix("text/"), let text = String(validating: attachment.octets, as: UTF8.self) {
      return append(text, type: attachment.type, to: &writer)
    }
    writer.append(string: "Content-Type: \(attachment.type)\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    // RFC 2045 §6.8.
    Base64.encode(attachment.octets.span, lineOctets: 76, into: &writer)
    writer.append("\r\n")
  }
  /// A body with its own fields: as it is where it is ASCII in short lines, else quoted-printable.
  private static func append(_ text: String, type: String, to writer: inout ByteWriter) {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    let isPlain = text.utf8.allSatisfy { $0 < 128 && $0 != 0 } && lines.allSatisfy { $0.utf8.count <= 78 }
    let isText = type.hasPrefix("text/")
    writer.append(string: "Content-Type: \(type)\(isText ? "; charset=utf-8" : "")\r\n")
    writer.append(string: "Content-Transfer-Encoding: \(isPlain ? "7bit" : "quoted-printable")\r\n\r\n")
    let body = Array((lines.last == "" ? lines.dropLast() : lines[...]).map { "\($0)\r\n" }.joined().utf8)
    if isPlain { writer.append(body.span) } else { QuotedPrintable.encode(body.span, into: &writer) }
  }
}
