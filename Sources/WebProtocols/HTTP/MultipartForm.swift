internal import Bytes

/// multipart/form-data (RFC 7578), as forms with attachments carry it.
///
///     --boundary
///     Content-Disposition: form-data; name="_user"
///
///     alice
///     --boundary--
package enum MultipartForm {
  /// The fields in `body`, in order, files left out. The boundary is the body's own first line, so that the beginning of
  /// a body can be read without its head. Octets outside UTF-8 are Latin-1.
  package static func decode(_ body: Span<UInt8>) -> [FormField] {
    guard body.starts(with: "--"), let end = body.firstOffset(of: ASCII.lineFeed) else { return [] }
    let boundary = body.extracting(0..<end).copied().filter { $0 != ASCII.carriageReturn }
    var fields: [FormField] = []
    var start = end + 1
    while start < body.count, fields.count < HTTPLimits.formFieldCount {
      let next = offset(of: boundary, in: body, from: start)
      let end = next ?? self.end(of: body, before: boundary, from: start)
      if let field = field(body.extracting(start..<end)) { fields.append(field) }
      guard let next, let line = body.firstOffset(of: ASCII.lineFeed, from: next) else { break }
      start = line + 1
    }
    return fields
  }
  /// The field in one part, header and body; nil for a file or a part without a name.
  private static func field(_ part: Span<UInt8>) -> FormField? {
    var name: String?
    var isFile = false
    var start = 0
    while start < part.count {
      let end = part.firstOffset(of: ASCII.lineFeed, from: start) ?? part.count
      let line = part.extracting(start..<(end > start && part[end - 1] == ASCII.carriageReturn ? end - 1 : end))
      start = min(end + 1, part.count)
      if line.count == 0 { break }
      guard line.startsIgnoringCase(with: "content-disposition:") else { continue }
      name = parameter("name=", of: line)
      isFile = parameter("filename=", of: line) != nil || parameter("filename*=", of: line) != nil
    }
    guard let name, !isFile else { return nil }
    var end = part.count
    if end > start, part[end - 1] == ASCII.lineFeed { end -= 1 }
    if end > start, part[end - 1] == ASCII.carriageReturn { end -= 1 }
    let value = part.extracting(start..<min(end, start + HTTPLimits.formFieldOctets))
    return FormField(name: name, value: value.text())
  }
  /// The value of a parameter, which stands behind a semicolon, mostly in quotes.
  private static func parameter(_ name: StaticString, of line: Span<UInt8>) -> String? {
    var from = 0
    while let place = line.firstOffsetIgnoringCase(of: name, from: from) {
      from = place + 1
      guard place > 0, ASCII.isBlank(line[place - 1]) || line[place - 1] == UInt8(ascii: ";") else { continue }
      let start = place + name.utf8CodeUnitCount
      if start < line.count, line[start] == UInt8(ascii: "\"") {
        let end = line.firstOffset(of: UInt8(ascii: "\""), from: start + 1) ?? line.count
        return line.extracting(min(start + 1, end)..<end).text()
      }
      let end = line.firstOffset(of: UInt8(ascii: ";"), from: start) ?? line.count
      return line.extracting(line.bounds(line.trimmed(OctetRange(start, end)))).text()
    }
    return nil
  }
  /// Where the last part of a cut body ends: before what may be the beginning of a boundary.
  private static func end(of body: Span<UInt8>, before boundary: [UInt8], from start: Int) -> Int {
    var end = body.count
    while end > start, body[end - 1] != ASCII.lineFeed { end -= 1 }
    let rest = body.extracting(end...).copied()
    return end > start && boundary.starts(with: rest) ? end : body.count
  }
  private static func offset(of boundary: [UInt8], in body: Span<UInt8>, from start: Int) -> Int? {
    var offset = start
    while offset + boundary.count <= body.count {
      // It stands at the beginning of a line.
      if body[offset - 1] == ASCII.lineFeed, boundary.indices.allSatisfy({ body[offset + $0] == boundary[$0] }) {
        return offset
      }
      guard let line = body.firstOffset(of: ASCII.lineFeed, from: offset) else { return nil }
      offset = line + 1
    }
    return nil
  }
}
