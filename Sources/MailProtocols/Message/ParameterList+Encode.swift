import Bytes

extension ParameterList {
  /// The wire form, each parameter behind `; `: a token or quoted string where plain ASCII allows, else the extended
  /// form in UTF-8 (RFC 2231 §4), in sections where it is long (§3).
  package func encode() -> String { parameters.map { Self.encode($0) }.joined() }

  private static func encode(_ parameter: Parameter) -> String {
    let octets = Array(parameter.value.utf8)
    let name = String(decoding: parameter.attribute.utf8.filter(isTokenOctet), as: UTF8.self)
    guard !name.isEmpty else { return "" }
    let isPlain = octets.allSatisfy(ASCII.isPrintable) && !parameter.value.contains("=?")
    if isPlain, octets.count + name.utf8.count < MessageLimits.preferredLineOctets - 6 || name == "boundary" {
      return "; \(name)="
        + (octets.isEmpty || !octets.allSatisfy(isTokenOctet) ? quoted(parameter.value) : parameter.value)
    }
    let room = max(16, MessageLimits.preferredLineOctets - name.utf8.count - 16)
    var sections = [""]
    for octet in octets {
      let piece = isAttributeOctet(octet) ? String(UnicodeScalar(octet)) : "%" + hexadecimal(octet)
      let used = sections[sections.count - 1].utf8.count
      if used + piece.utf8.count > room { sections.append("") }
      sections[sections.count - 1] += piece
    }
    sections[0] = "utf-8''" + sections[0]
    if sections.count == 1 { return "; \(name)*=\(sections[0])" }
    return sections.enumerated().map { "; \(name)*\($0)*=\($1)" }.joined()
  }

  /// A quoted string (RFC 5322 §3.2.4).
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
  private static func hexadecimal(_ octet: UInt8) -> String {
    String(decoding: [ASCII.hexadecimalDigit(octet >> 4), ASCII.hexadecimalDigit(octet)], as: UTF8.self)
  }
  /// token := any CHAR except SPACE, CTLs and tspecials (RFC 2045 §5.1)
  static func isTokenOctet(_ octet: UInt8) -> Bool {
    octet > 32 && octet < 127 && !Array("()<>@,;:\\\"/[]?=*'%".utf8).contains(octet)
  }
  private static func isAttributeOctet(_ octet: UInt8) -> Bool {
    ASCII.isLetter(octet) || ASCII.isDigit(octet) || [45, 46, 95].contains(octet)  // - . _
  }
}
