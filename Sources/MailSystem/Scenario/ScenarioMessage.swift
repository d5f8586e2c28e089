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
    ComposedMessage(
      from: cast.address(of: from), to: to.map { cast.address(of: $0) }, subject: subject, text: text,
      attachments: attachments.map { .init(name: $0.name, type: $0.type, octets: Array($0.text.utf8)) }
    ).encode(date: date, id: id)
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
