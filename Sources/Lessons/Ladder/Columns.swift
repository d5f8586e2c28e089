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
  /// A text in pieces of at most `width` columns: at blanks where there are any, else anywhere. Nothing of it is lost
  /// but the blanks at which it was broken.
  static func broken(_ text: String, width: Int) -> [String] { broken(text, width: width, isSentence: false) }
  /// The same of a sentence, in which the name of an RFC is not torn from its number and section.
  static func broken(sentence: String, width: Int) -> [String] { broken(sentence, width: width, isSentence: true) }

  private static func broken(_ text: String, width: Int, isSentence: Bool) -> [String] {
    var pieces: [String] = []
    var piece = String.UnicodeScalarView()
    var used = 0
    // The last blank at which the piece may be broken, and the one before it.
    var blank: String.UnicodeScalarView.Index?
    var earlier: String.UnicodeScalarView.Index?
    for scalar in text.unicodeScalars {
      if isSentence, scalar == "§", piece.last == " " { blank = earlier }
      let columns = count(scalar)
      if used + columns > width {
        if let place = blank, place > piece.startIndex {
          pieces.append(String(piece[..<place]))
          piece = String.UnicodeScalarView(piece[piece.index(after: place)...])
        } else {
          pieces.append(String(piece))
          piece = String.UnicodeScalarView()
        }
        used = count(String(piece))
        (blank, earlier) = (nil, nil)
      }
      let mayBreak = scalar == " " && !(isSentence && piece.suffix(3).elementsEqual("RFC".unicodeScalars))
      piece.append(scalar)
      if mayBreak { (earlier, blank) = (blank, piece.index(before: piece.endIndex)) }
      used += columns
    }
    return pieces + [String(piece)]
  }
}
