internal import Bytes

/// Mail addresses within a text, found as Zeek finds them (`scripts/base/utils/email.zeek`).
enum ZeekAddresses {
  /// Of a command's argument whatever stands around an `@`: `FROM:<alice@crepes.example> SIZE=995` gives the address
  /// without its brackets; `<>` and `<postmaster>` give none.
  static func found(in argument: String) -> [String] {
    let octets = Array(argument.utf8)
    var found: [String] = []
    var start = 0
    var index = 0
    while let sign = octets[index...].firstIndex(of: UInt8(ascii: "@")) {
      var local = sign
      while local > start, !isBeforeLocalPart(octets[local - 1]) { local -= 1 }
      var end = sign + 1
      while end < octets.count, !isBehindDomain(octets[end]) { end += 1 }
      if local == sign || end == sign + 1 {
        index = sign + 1
        continue
      }
      let address = octets[local..<end].filter { !isDelimiter($0) }
      found.append(String(decoding: address, as: UTF8.self))
      start = min(end + 1, octets.count)
      index = start
    }
    return found
  }
  private static func isBeforeLocalPart(_ octet: UInt8) -> Bool { "<,:@".utf8.contains(octet) || ASCII.isBlank(octet) }
  private static func isBehindDomain(_ octet: UInt8) -> Bool { ">,;".utf8.contains(octet) || ASCII.isBlank(octet) }
  private static func isDelimiter(_ octet: UInt8) -> Bool { "<>,:;".utf8.contains(octet) || ASCII.isBlank(octet) }

  /// The addresses of a To or Cc field, with their names, parted at commas but those of a quoted name that stands first:
  /// `"Doe, Jane" <jane@crepes.example>,bob@someschool.example`. Behind a blank Zeek sees no quoted name, and parts it.
  static func parted(_ field: String) -> [String] {
    let octets = Array(field.utf8)
    var pieces: [String] = []
    var index = 0
    while index < octets.count {
      if octets[index] == UInt8(ascii: ",") {
        index += 1
        continue
      }
      var end = comma(octets, from: index)
      if octets[index] == UInt8(ascii: "\""), let quote = octets[(index + 1)...].firstIndex(of: UInt8(ascii: "\"")) {
        let quotedEnd = comma(octets, from: quote + 1)
        if quotedEnd > quote + 1 { end = max(end, quotedEnd) }
      }
      pieces.append(stripped(octets[index..<end]))
      index = end
    }
    return pieces
  }
  private static func comma(_ octets: [UInt8], from start: Int) -> Int {
    octets[start...].firstIndex(of: UInt8(ascii: ",")) ?? octets.count
  }
  private static func stripped(_ octets: ArraySlice<UInt8>) -> String {
    var rest = octets
    while let first = rest.first, isSpace(first) { rest = rest.dropFirst() }
    while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
    return String(decoding: rest, as: UTF8.self)
  }
  private static func isSpace(_ octet: UInt8) -> Bool { octet == 32 || (9...13).contains(octet) }
}
