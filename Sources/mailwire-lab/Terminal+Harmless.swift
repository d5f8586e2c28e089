import Console
import Dialogues

extension Terminal {
  /// A text that comes from elsewhere, so that nothing in it acts on a terminal.
  static func harmless(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { Unprintable.contains($0) ? "\u{FFFD}" : $0 }))
  }
}
