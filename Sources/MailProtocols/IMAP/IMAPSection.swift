internal import Bytes

/// Which octets of a message BODY[…] means (RFC 9051 §6.4.5, §9).
///
///     BODY[]   BODY[TEXT]   BODY[HEADER.FIELDS (DATE FROM)]   BODY[4.2.MIME]   BODY[3.HEADER]
///
///     section-spec = section-msgtext / (section-part ["." section-text])
package struct IMAPSection: Equatable, Sendable {
  package enum Text: Equatable, Sendable {
    case whole, header, text, mime
    /// The fields of these names, or all others.
    case headerFields([String], isInverted: Bool)
  }
  /// Part numbers from 1, the outermost first; none means the message.
  package var part: [UInt32] = []
  package var text = Text.whole

  package init(part: [UInt32] = [], text: Text = .whole) {
    self.part = part
    self.text = text
  }
  /// Part numbers within part numbers.
  package static var depthLimit: Int { 64 }

  /// Reads what is behind `[`, and `]`.
  package static func parse(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> IMAPSection {
    var section = IMAPSection()
    section.part = try parsePart(&arguments)
    if arguments.skip(UInt8(ascii: "]")) { return section }
    let failure = arguments.failure("HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT, MIME or a part number")
    switch arguments.keyword() {
    case "HEADER": section.text = .header
    case "TEXT": section.text = .text
    case "MIME" where !section.part.isEmpty: section.text = .mime
    case "HEADER.FIELDS": section.text = .headerFields(try names(&arguments), isInverted: false)
    case "HEADER.FIELDS.NOT": section.text = .headerFields(try names(&arguments), isInverted: true)
    default: throw failure
    }
    try arguments.expect(UInt8(ascii: "]"))
    return section
  }
  /// section-part = nz-number *("." nz-number), and the dot before a text.
  static func parsePart(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> [UInt32] {
    var part: [UInt32] = []
    while let octet = arguments.next, ASCII.isDigit(octet) {
      part.append(try arguments.positiveNumber())
      guard part.count <= depthLimit else { throw arguments.failure("fewer part numbers") }
      guard arguments.skip(ASCII.dot) else { return part }
      guard let next = arguments.next, next != UInt8(ascii: "]") else { throw arguments.failure("a part") }
    }
    return part
  }
  private static func names(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> [String] {
    var names: [String] = []
    try arguments.space()
    try arguments.list(atLeast: 1) { (arguments) throws(IMAPSyntaxError) in
      let failure = arguments.failure("the name of a header field")
      let name = try arguments.astring()
      guard !name.isEmpty, name.allSatisfy(HeaderField.isNameOctet) else { throw failure }
      names.append(name.span.text())
    }
    return names
  }
  /// What stands between the brackets.
  package func encode() -> String {
    var words = part.map(String.init)
    switch text {
    case .whole: break
    case .header: words.append("HEADER")
    case .text: words.append("TEXT")
    case .mime: words.append("MIME")
    case .headerFields(let names, let isInverted):
      var writer = ByteWriter()
      for (index, name) in names.enumerated() {
        if index > 0 { writer.append(ASCII.space) }
        IMAPTokens.encode(name, into: &writer)
      }
      words.append("HEADER.FIELDS\(isInverted ? ".NOT" : "") (\(writer.withOctets { $0.text() }))")
    }
    return words.joined(separator: ".")
  }
}
