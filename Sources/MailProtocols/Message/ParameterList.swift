import Bytes

/// The parameters of a MIME field (RFC 2045 §5.1), with continuations, charsets and languages joined (RFC 2231 §3, §4).
///
///     Content-Type: application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20;
///       title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2="isn't it!"
package struct ParameterList: Equatable, Sendable {
  /// One parameter: its attribute in lower case, its value decoded.
  package struct Parameter: Equatable, Sendable {
    package var attribute: String
    package var value: String

    package init(attribute: String, value: String) {
      self.attribute = attribute
      self.value = value
    }
  }
  /// In the order of first appearance.
  package var parameters: [Parameter] = []
  /// Whether parameters beyond `MessageLimits.parameterCount` were left out.
  package var reachedLimit = false

  package init(_ parameters: [Parameter] = []) { self.parameters = parameters }

  /// The value of `attribute` (in lower case), or nil.
  package subscript(_ attribute: String) -> String? { parameters.first { $0.attribute == attribute }?.value }

  /// The parameters that begin at `start` in `value`, leniently.
  package static func parse(_ value: Span<UInt8>, from start: Int = 0) -> ParameterList {
    var list = ParameterList()
    var cursor = ParameterCursor(from: start)
    var order: [String] = []
    var sections: [String: [Section]] = [:]
    var count = 0
    while let raw = cursor.next(in: value) {
      if count == MessageLimits.parameterCount {
        list.reachedLimit = true
        break
      }
      count += 1
      let section = Section(raw, in: value)
      if sections[section.attribute] == nil { order.append(section.attribute) }
      sections[section.attribute, default: []].append(section)
    }
    list.parameters = order.map { Parameter(attribute: $0, value: Section.joined(sections[$0] ?? [])) }
    return list
  }
}

/// A parameter or a section of one (RFC 2231 §3).
///
///     attribute := attribute-char [section] ["*"]     ; section := "*" decimal
private struct Section {
  let attribute: String
  let number: Int?
  let isExtended: Bool
  let octets: [UInt8]

  init(_ raw: RawParameter, in value: Span<UInt8>) {
    var name = value.extracting(value.bounds(raw.attribute)).text().lowercased()
    var isExtended = false
    var number: Int?
    if name.hasSuffix("*") {
      name.removeLast()
      isExtended = true
    }
    if let star = name.lastIndex(of: "*"), let parsed = Int(name[name.index(after: star)...]), parsed >= 0 {
      number = parsed
      name = String(name[..<star])
    }
    attribute = name
    self.number = number
    self.isExtended = isExtended
    octets = Self.content(value, raw)
  }

  /// The value unfolded, its quoted pairs resolved.
  private static func content(_ value: Span<UInt8>, _ raw: RawParameter) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(raw.value.count)
    var position = raw.value.lower
    while position < raw.value.upper {
      var octet = value[position]
      position &+= 1
      if octet == 10 || octet == 13 { continue }
      if raw.isQuoted, octet == UInt8(ascii: "\\"), position < raw.value.upper {
        octet = value[position]
        position &+= 1
      }
      octets.append(octet)
    }
    return octets
  }

  /// The value that the sections of one attribute make: numbered ones up to the first gap, else the extended form,
  /// else the plain one, where mailers use encoded words against RFC 2047 §5.
  static func joined(_ sections: [Section]) -> String {
    let numbered = sections.filter { $0.number != nil }
    if let single = sections.first(where: { $0.number == nil && $0.isExtended }) { return text([single]) }
    if let single = sections.first(where: { $0.number == nil }) { return EncodedWord.decode(single.octets.span) }
    var run: [Section] = []
    for section in numbered.sorted(by: { ($0.number ?? 0) < ($1.number ?? 0) }) {
      if section.number == run.count { run.append(section) }
    }
    guard let first = run.first else { return numbered.first.map { $0.octets.span.text() } ?? "" }
    if run.contains(where: \.isExtended) { return text(run) }
    let plain = [UInt8](run.flatMap(\.octets))
    return first.octets.starts(with: [61, 63]) ? EncodedWord.decode(plain.span) : plain.span.text()
  }

  /// The text of an extended value (RFC 2231 §4): `charset'language'octets`, percent signs escaping.
  private static func text(_ run: [Section]) -> String {
    var charset = ""
    var octets: [UInt8] = []
    for (index, section) in run.enumerated() {
      var rest = section.octets[...]
      if index == 0, section.isExtended {
        let parts = rest.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3 {
          charset = String(decoding: parts[0], as: UTF8.self)
          rest = parts[2]
        }
      }
      octets += section.isExtended ? unescaped(rest) : Array(rest)
    }
    return Charset.decode(octets.span, named: charset)
  }
  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var octets: [UInt8] = []
    var position = text.startIndex
    while position < text.endIndex {
      if text[position] == UInt8(ascii: "%"), position + 2 < text.endIndex,
        let high = ASCII.hexadecimalValue(text[position + 1]), let low = ASCII.hexadecimalValue(text[position + 2])
      {
        octets.append(high << 4 | low)
        position += 3
      } else {
        octets.append(text[position])
        position += 1
      }
    }
    return octets
  }
}
