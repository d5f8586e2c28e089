import Bytes
import Glibc

/// Octets in a named charset as text (RFC 2045 §2.2, RFC 2978). The only user of iconv.
package enum Charset {
  /// `octets` in the charset `name` as text: nothing is refused, malformed octets become U+FFFD, and an unknown
  /// charset is taken as UTF-8, or else Latin-1.
  package static func decode(_ octets: Span<UInt8>, named name: String) -> String {
    let name = canonical(name)
    switch name {
    case "utf-8": return String(decoding: octets.copied(), as: UTF8.self)
    case "us-ascii", "": return octets.text()
    case "iso-8859-1": return String(String.UnicodeScalarView(octets.copied().map { Unicode.Scalar($0) }))
    case "windows-1252":
      return String(
        String.UnicodeScalarView(octets.copied().map { $0 &- 0x80 < 32 ? windows1252($0) : Unicode.Scalar($0) }))
    default: return convert(octets, from: name) ?? octets.text()
    }
  }

  /// Whether octets in the charset `name` can be told from others, that is, whether `decode` knows the name.
  package static func isKnown(_ name: String) -> Bool {
    let name = canonical(name)
    if ["utf-8", "us-ascii", "iso-8859-1", "windows-1252"].contains(name) { return true }
    let nothing: [UInt8] = []
    return convert(nothing.span, from: name) != nil
  }

  /// The name that iconv knows: lower case, aliases of mailers replaced, and nothing iconv would take as an option.
  static func canonical(_ name: String) -> String {
    let lowered = String(
      decoding: name.utf8.prefix(MessageLimits.charsetNameOctets).map(ASCII.lowercased), as: UTF8.self)
    guard
      lowered.utf8.allSatisfy({
        ASCII.isLetter($0) || ASCII.isDigit($0) || [45, 95, 46, 58, 43].contains($0)  // - _ . : +
      })
    else { return "" }
    return aliases[lowered] ?? lowered
  }

  private static let aliases = [
    "utf8": "utf-8", "ascii": "us-ascii", "us_ascii": "us-ascii", "ansi_x3.4-1968": "us-ascii", "7bit": "us-ascii",
    "latin1": "iso-8859-1", "iso8859-1": "iso-8859-1", "iso_8859-1": "iso-8859-1", "l1": "iso-8859-1",
    "cp1252": "windows-1252", "cp-1252": "windows-1252", "x-ansi": "windows-1252", "windows1252": "windows-1252",
    "unicode-1-1-utf-8": "utf-8", "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7",
    "x-sjis": "shift_jis", "shift-jis": "shift_jis", "windows-31j": "cp932", "ms_kanji": "shift_jis",
    "x-euc-jp": "euc-jp", "x-gbk": "gbk", "gb2312": "gbk", "x-big5": "big5", "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949", "ksc5601": "cp949", "euc-kr": "cp949", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "x-mac-roman": "macintosh", "macroman": "macintosh",
    "x-mac-cyrillic": "mac-cyrillic", "utf16": "utf-16", "utf32": "utf-32", "x-windows-949": "cp949",
    "windows-949": "cp949", "windows-936": "gbk", "windows-950": "cp950", "windows-874": "cp874",
  ]

  /// 0x80 to 0x9F of windows-1252; the five unused ones stand for themselves.
  private static func windows1252(_ octet: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(windows1252Scalars[Int(octet & 31)]) ?? "\u{FFFD}"
  }
  private static let windows1252Scalars: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]

  /// What iconv makes of `octets`, or nil when it does not know `name`.
  private static func convert(_ octets: Span<UInt8>, from name: String) -> String? {
    // Without a byte order mark, UTF-16 and UTF-32 are big endian (RFC 2781 §4.3); glibc would take its own order.
    var name = name
    let unitOctets =
      name.hasPrefix("utf-32") || name == "ucs-4" ? 4 : name.hasPrefix("utf-16") || name == "ucs-2" ? 2 : 1
    if name == "utf-16" || name == "utf-32", !startsWithMark(octets) { name += "be" }
    guard let descriptor = unsafe iconv_open("UTF-8", name), Int(bitPattern: descriptor) != -1 else { return nil }
    defer { unsafe iconv_close(descriptor) }
    var text: [UInt8] = []
    text.reserveCapacity(octets.count &* 2 &+ 16)
    var input = octets.copied().map(CChar.init(bitPattern:))
    var block = [CChar](repeating: 0, count: 4096)
    let blockCount = block.count
    unsafe input.withUnsafeMutableBufferPointer { source in
      var next = source.baseAddress
      var left = source.count
      var isFlushing = false
      while true {
        let leftBefore = left
        var written = 0
        let (result, reason) = unsafe block.withUnsafeMutableBufferPointer { target in
          var out = target.baseAddress
          var room = blockCount
          let result =
            unsafe isFlushing ? iconv(descriptor, nil, nil, &out, &room) : iconv(descriptor, &next, &left, &out, &room)
          let reason = errno
          written = blockCount &- room
          return (result, reason)
        }
        text.append(contentsOf: block[..<written].lazy.map(UInt8.init(bitPattern:)))
        if result != -1 {
          if isFlushing { break }
          isFlushing = true  // a stateful charset may still hold something
        } else if isFlushing {
          break
        } else if reason == E2BIG, written > 0 || left < leftBefore {
          continue
        } else if left > 0 {
          text.append(contentsOf: [0xEF, 0xBF, 0xBD])  // U+FFFD for one unit that means nothing
          let skipped = reason == EINVAL ? left : min(unitOctets, left)
          unsafe next = next.map { unsafe $0 + skipped }
          left &-= skipped
        } else {
          break
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
  private static func startsWithMark(_ octets: Span<UInt8>) -> Bool {
    guard octets.count >= 2 else { return false }
    let first = (octets[0], octets[1])
    if first == (0xFE, 0xFF) || first == (0xFF, 0xFE) { return true }
    return octets.count >= 4 && first == (0, 0) && octets[2] == 0xFE && octets[3] == 0xFF
  }
}
