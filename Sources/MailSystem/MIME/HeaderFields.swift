internal import Bytes
internal import MailProtocols

/// The fields of a header (RFC 5322 §2.2), as ranges within the message.
package struct HeaderFields: Sendable {
  package struct Field: Sendable {
    /// The name, the colon, the folded lines, and the end of the last.
    package let whole: Range<Int>
    package let name: Range<Int>
    package let value: Range<Int>
  }
  package private(set) var fields: [Field] = []
  /// Fields that are looked at.
  static var countLimit: Int { 10_000 }

  package init(_ octets: Span<UInt8>, _ header: Range<Int>) {
    var start = header.lowerBound
    while start < header.upperBound, fields.count < Self.countLimit {
      var end = MIMEStructure.endOfLine(octets, start, header.upperBound)
      while end < header.upperBound, ASCII.isBlank(octets[end]) {
        end = MIMEStructure.endOfLine(octets, end, header.upperBound)
      }
      if let field = HeaderField.parse(octets.extracting(start..<end)) {
        fields.append(
          Field(
            whole: start..<end, name: start + field.name.lower..<start + field.name.upper,
            value: start + field.value.lower..<start + max(field.value.lower, field.value.upper)))
      }
      start = end
    }
    self.lowerNames = fields.map { octets.extracting($0.name).text().lowercased() }
  }
  private var lowerNames: [String] = []

  /// The value of the first field of that name, given in lower case.
  package func first(_ name: String) -> Range<Int>? {
    lowerNames.firstIndex(of: name).map { fields[$0].value }
  }
  /// All fields of that name, given in lower case.
  package func all(_ name: String) -> [Field] {
    fields.indices.filter { lowerNames[$0] == name }.map { fields[$0] }
  }
  /// The fields whose name, in lower case, `belongs` accepts.
  package func filter(_ belongs: (String) -> Bool) -> [Field] {
    fields.indices.filter { belongs(lowerNames[$0]) }.map { fields[$0] }
  }
}
