internal import Bytes
internal import Packets

/// IP addresses within a header field, found as Zeek finds them (`scripts/base/utils/addrs.zeek`).
enum ZeekHosts {
  /// The addresses in order, each as RFC 5952 spells it. `areWrapped` takes only those that stand in brackets of any kind
  /// or between blanks, so that no version number of a mail program passes for one.
  static func addresses(in field: String, areWrapped: Bool) -> [String] {
    let octets = Array(field.utf8)
    var found: [String] = []
    var index = 0
    var end = 0
    while index < octets.count {
      let next = max(dotted(octets, index) ?? 0, colons(octets, index) ?? 0)
      if next <= index {
        index += 1
        continue
      }
      let isAlone = index == end && next == octets.count
      if let address = IPAddress(String(decoding: octets[index..<next], as: UTF8.self)),
        !areWrapped || isAlone || isWrapped(octets, index, next)
      {
        found.append(address.description)
      }
      index = next
      end = next
    }
    return found
  }
  private static func isWrapped(_ octets: [UInt8], _ start: Int, _ end: Int) -> Bool {
    guard start > 0, end < octets.count else { return false }
    return switch (octets[start - 1], octets[end]) {
    case (UInt8(ascii: "["), UInt8(ascii: "]")), (UInt8(ascii: "("), UInt8(ascii: ")")),
      (UInt8(ascii: "{"), UInt8(ascii: "}")), (UInt8(ascii: " "), UInt8(ascii: " ")):
      true
    default: false
    }
  }
  /// Behind the longest IPv4 address that begins at `start`; nil when none does.
  private static func dotted(_ octets: [UInt8], _ start: Int) -> Int? {
    var index = start
    for group in 0..<4 {
      if group > 0 {
        guard index < octets.count, octets[index] == ASCII.dot else { return nil }
        index += 1
      }
      var value = 0
      var count = 0
      while index < octets.count, count < 3, ASCII.isDigit(octets[index]) {
        let larger = value * 10 + Int(octets[index] - UInt8(ascii: "0"))
        if larger > 255 { break }
        value = larger
        count += 1
        index += 1
      }
      if count == 0 { return nil }
    }
    return index
  }
  /// Behind the longest IPv6 address that begins at `start` (RFC 4291 §2.2); nil when none does.
  private static func colons(_ octets: [UInt8], _ start: Int) -> Int? {
    var index = start
    var groupCount = 0
    var isCompressed = false
    var end: Int?
    if octets.span.starts(with: "::", at: start) {
      isCompressed = true
      index += 2
      end = index
    }
    while groupCount < (isCompressed ? 7 : 8) {
      if groupCount == 6 && !isCompressed || groupCount == 0 && isCompressed, let tail = dotted(octets, index) {
        return tail
      }
      let group = index
      while index < octets.count, index < group + 4, ASCII.hexadecimalValue(octets[index]) != nil { index += 1 }
      if index == group { return end }
      groupCount += 1
      if isCompressed || groupCount == 8 { end = index }
      if !isCompressed, groupCount < 8, octets.span.starts(with: "::", at: index) {
        isCompressed = true
        index += 2
        end = index
      } else if index < octets.count, octets[index] == UInt8(ascii: ":") {
        index += 1
      } else {
        return end
      }
    }
    return end
  }
}
