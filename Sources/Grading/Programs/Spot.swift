internal import Bytes

/// A place on the wire, as feedback shows it: the octets, escaped, with carets under what matters.
///
///     MAIL FROM alice@example.org\r\n
///              ^
enum Spot {
  /// Octets that are shown before and behind what matters.
  private static let width = 72

  /// `range` is what is shown, `marked` what the carets stand under; both in the octets of `speech`.
  static func place(_ speech: WireSpeech, _ range: Range<Int>, marked: Range<Int>) -> Feedback.Place {
    let mark = speech.mark(of: marked.lowerBound)
    let isProtected = mark?.frameOffset == WireSpeech.nowhere
    let offset = isProtected ? 0 : mark.map { max(0, $0.frameOffset) + max(0, marked.lowerBound - $0.offset) } ?? 0
    return Feedback.Place(
      frame: mark?.frame ?? 0, offset: offset, excerpt: excerpt(speech.octets, range, marked: marked),
      isInsideTLS: isProtected ? true : nil)
  }
  static func excerpt(_ octets: [UInt8], _ range: Range<Int>, marked: Range<Int>) -> String {
    let begin = marked.lowerBound - range.lowerBound > width / 2 ? marked.lowerBound - 8 : range.lowerBound
    var (text, carets) = (begin > range.lowerBound ? "…" : "", begin > range.lowerBound ? " " : "")
    var index = begin
    while index < min(range.upperBound, octets.count), text.count < width {
      let spelled = escaped(octets[index])
      text += spelled
      carets += String(repeating: marked.contains(index) ? "^" : " ", count: spelled.count)
      index += 1
    }
    if index < range.upperBound { text += "…" }
    // What should stand behind the end.
    if marked.isEmpty || marked.lowerBound >= octets.count || marked.lowerBound >= range.upperBound { carets += "^" }
    while carets.last == " " { carets.removeLast() }
    return carets.isEmpty ? text : "\(text)\n\(carets)"
  }
  /// Octets as a line of text that no terminal obeys.
  static func escaped(_ octets: some Sequence<UInt8>) -> String { octets.map { escaped($0) }.joined() }
  static func escaped(_ octet: UInt8) -> String {
    switch octet {
    case 13: return "\\r"
    case 10: return "\\n"
    case 92: return "\\\\"
    case 32..<127: return String(UnicodeScalar(octet))
    default:
      let digits = String(octet, radix: 16)
      return "\\x\(digits.count < 2 ? "0" : "")\(digits)"
    }
  }
}

extension Talk {
  /// Where a line of the client's stands; the carets under `part` of it, or under all without its end.
  func place(_ line: WireLine, marked part: Range<Int>? = nil, of side: WireConnection.Side = .client) -> Feedback.Place
  {
    let marked =
      part.map { (line.range.lowerBound + $0.lowerBound)..<(line.range.lowerBound + $0.upperBound) }
      ?? line.range.lowerBound..<(line.range.lowerBound + line.octets.count)
    return Spot.place(connection[side], line.range, marked: marked)
  }
}
