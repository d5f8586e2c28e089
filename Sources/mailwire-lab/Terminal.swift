import Dialogues
import Glibc

/// Lines for people and programs, each written at once.
enum Terminal {
  /// To standard output.
  static func print(_ text: String) { write(text, to: 1) }
  /// To standard error.
  static func complain(_ text: String) { write("mailwire: \(text)", to: 2) }

  /// A text that comes from elsewhere, so that nothing in it acts on a terminal.
  static func harmless(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { Unprintable.contains($0) ? "\u{FFFD}" : $0 }))
  }

  private static func write(_ text: String, to file: Int32) {
    let octets = Array("\(text)\n".utf8)
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets[offset...].withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      // Nobody reads any more.
      if written <= 0 { return }
      offset += written
    }
  }
}
