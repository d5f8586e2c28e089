internal import Foundation

/// A student's name, however somebody has written it.
package enum StudentName {
  /// Without what makes text bold or code, and without a number in brackets behind it:
  ///
  ///     **Ada  Lovelace** (123456)
  package static func plain(_ name: String) -> String {
    let bare = name.filter { $0 != "*" && $0 != "`" }.replacing(#/\s*[(\[]\s*\d+\s*[)\]]\s*$/#, with: "")
    let signs = { (character: Character) in character.isWhitespace || character == "_" }
    let plain = bare.split(whereSeparator: \.isWhitespace).joined(separator: " ").drop(while: signs)
    let end = plain.lastIndex { !signs($0) }.map { plain[...$0] } ?? ""
    return end.isEmpty ? name.trimmingBlanks : String(end)
  }
  /// The form that all spellings have in common: capitals do not matter, nor how a letter and its dots are put together.
  package static func folded(_ name: String) -> String {
    plain(name).lowercased().precomposedStringWithCanonicalMapping
  }
}
