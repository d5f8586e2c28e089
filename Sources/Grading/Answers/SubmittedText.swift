/// Text as it was handed in: UTF-8, or UTF-16 where a mark at the beginning says so (RFC 2781 §3.2), as Windows' editor writes
/// it when it is told "Unicode".
package enum SubmittedText {
  package static func decode(_ octets: some Collection<UInt8>) -> String {
    let mark = Array(octets.prefix(2))
    guard mark == [0xFF, 0xFE] || mark == [0xFE, 0xFF] else { return String(decoding: octets, as: UTF8.self) }
    let (isLittle, rest) = (mark == [0xFF, 0xFE], Array(octets.dropFirst(2)))
    let units = stride(from: 0, to: rest.count - 1, by: 2).map { place in
      let (first, second) = (UInt16(rest[place]), UInt16(rest[place + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    return String(decoding: units, as: UTF16.self)
  }
}
