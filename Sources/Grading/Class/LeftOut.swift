internal import Lessons

/// Something that lies where submissions or their files lie, and is none: it is neither followed nor opened, and whoever grades is
/// told.
package struct LeftOut: Equatable, Sendable {
  package var name: String
  /// In the middle of a sentence: `it is a symbolic link`.
  package var reason: String

  package init(_ name: String, _ reason: String) {
    self.name = name
    self.reason = reason
  }
  /// `'ada' could not be used: it is a symbolic link`
  package var words: String { "'\(Printable.line(name))' could not be used: \(reason)" }
  /// In names of an archive.
  static let leadsOut = "its name leads out of the archive"
}
