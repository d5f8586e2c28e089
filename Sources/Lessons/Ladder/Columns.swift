/// How much room text takes on a terminal, and text cut to fit.
enum Columns {
  /// Columns of a text: wide letters take two, combining marks none.
  static func count(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + count($1) }
  }
  private static func count(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x300: 1
    case 0x300..<0x370, 0x1AB0..<0x1B00, 0x20D0..<0x2100, 0xFE00..<0xFE10, 0xFE20..<0xFE30: 0
    case 0x1100..<0x1160, 0x2E80..<0xA4D0, 0xAC00..<0xD7A4, 0xF900..<0xFB00, 0xFE30..<0xFE70, 0xFF00..<0xFF61,
      0xFFE0..<0xFFE7, 0x1F300..<0x1F650, 0x1F900..<0x1FA00, 0x20000..<0x40000:
      2
    default: 1
    }
  }
  /// As many blanks; none for a negative number.
  static func blanks(_ count: Int) -> String { run(of: " ", from: blankRun, count) }
  /// As many dashes, of an arrow or of one that TCP draws.
  static func dashes(_ count: Int, ofTransport: Bool) -> String {
    ofTransport ? run(of: "╌", from: transportRun, count) : run(of: "─", from: dashRun, count)
  }
  private static let runCount = 256
  private static let blankRun = String(repeating: " ", count: runCount)
  private static let dashRun = String(repeating: "─", count: runCount)
  private static let transportRun = String(repeating: "╌", count: runCount)
  /// Cut from a long run: put together sign by sign it would cost more than the text beside it.
  private static func run(of sign: String, from run: String, _ count: Int) -> String {
    if count > runCount { return String(repeating: sign, count: count) }
    return String(Substring(run.utf8.prefix(max(0, count) * sign.utf8.count)))
  }
  /// A text in pieces of at most `width` columns: at blanks where there are any, else anywhere. Nothing of it is lost
  /// but the blanks at which it was broken.
  static func broken(_ text: String, width: Int) -> [String] { broken(text, width: width, isSentence: false) }
  /// The same of a sentence, in which the name of an RFC is not torn from its number and section.
  static func broken(sentence: String, width: Int) -> [String] { broken(sentence, width: width, isSentence: true) }

  private static func broken(_ text: String, width: Int, isSentence: Bool) -> [String] {
    // No scalar takes more columns than octets.
    if text.utf8.count <= width { return [text] }
    let scalars = Array(text.unicodeScalars)
    var pieces: [String] = []
    var (start, used) = (0, 0)
    var blank: Int?
    for (index, scalar) in scalars.enumerated() {
      let columns = count(scalar)
      if used + columns > width {
        let end = blank.flatMap { $0 > start ? $0 : nil }
        pieces.append(string(scalars[start..<(end ?? index)]))
        start = end.map { $0 + 1 } ?? index
        used = scalars[start..<index].reduce(0) { $0 + count($1) }
        blank = nil
      }
      if scalar == " ", !(isSentence && isWithinReference(scalars, index)) { blank = index }
      used += columns
    }
    return pieces + [string(scalars[start...])]
  }
  /// Whether a blank stands in `RFC 5321 §4.1`.
  private static func isWithinReference(_ scalars: [Unicode.Scalar], _ blank: Int) -> Bool {
    blank + 1 < scalars.count && scalars[blank + 1] == "§" || scalars[..<blank].suffix(3) == ["R", "F", "C"]
  }
  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
