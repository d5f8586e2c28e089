internal import Bytes
package import MailProtocols

/// A message as a scenario has it; an agent makes octets of it (RFC 5322, RFC 2045).
package struct ScenarioMessage: Equatable, Sendable {
  package struct Attachment: Equatable, Sendable {
    package var name: String
    package var type: String
    package var text: String
  }
  /// Users of the cast, or addresses.
  package var from: String
  package var to: [String]
  package var subject: String
  package var text: String
  package var attachments: [Attachment] = []

  /// The octets, with the addresses of `cast`. `id` is the Message-ID's left side, and names the parts' boundary.
  package func compose(_ cast: ScenarioCast, date: MessageDate, id: String) -> [UInt8] {
    var writer = ByteWriter()
    let sender = cast.address(of: from)
    func field(_ name: String, _ value: String) { HeaderField.encode(name: name, value: value, into: &writer) }
    field("From", sender)
    field("To", to.map { cast.address(of: $0) }.joined(separator: ", "))
    HeaderField.encode(name: "Subject", text: subject, into: &writer)
    field("Date", date.encode())
    field("Message-ID", "<\(id)@\(sender.split(separator: "@").last.map(String.init) ?? "localhost")>")
    field("MIME-Version", "1.0")
    let boundary = "=_\(id)"
    if attachments.isEmpty {
      Self.append(text, type: "text/plain", to: &writer)
    } else {
      field("Content-Type", "multipart/mixed; boundary=\"\(boundary)\"")
      writer.append("\r\n")
      for attachment in [nil] + attachments.map(Optional.some) {
        writer.append(string: "--\(boundary)\r\n")
        if let attachment {
          field("Content-Disposition", "attachment; filename=\"\(attachment.name)\"")
          Self.append(attachment.text, type: attachment.type, to: &writer)
        } else {
          Self.append(text, type: "text/plain", to: &writer)
        }
      }
      writer.append(string: "--\(boundary)--\r\n")
    }
    return writer.withOctets { $0.copied() }
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

extension ScenarioMessage: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case from, to, subject, text, attachments }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    from = try map.decode(String.self, forKey: .from)
    to = try map.decode([String].self, forKey: .to)
    subject = try map.decode(String.self, forKey: .subject)
    text = try map.decode(String.self, forKey: .text)
    attachments = try map.value(.attachments, or: [])
  }
}
extension ScenarioMessage.Attachment: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case name, type, text }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    name = try map.decode(String.self, forKey: .name)
    type = try map.value(.type, or: "text/plain")
    text = try map.decode(String.self, forKey: .text)
    guard name.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 34 && $0 != 92 && $0 != 47 }) else {
      throw decoder.failure("an attachment's name is visible ASCII without quotes and slashes")
    }
    guard type.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { throw decoder.failure("no media type: \(type)") }
  }
}
