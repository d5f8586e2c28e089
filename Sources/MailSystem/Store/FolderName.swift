internal import Bytes

/// The names that folders may have.
///
///     INBOX   Archive/2026   Entwürfe
package enum FolderName {
  package static var separator: Character { "/" }
  package static let inbox = "INBOX"
  /// A component is a directory's name in a store on disk, where 255 octets are the most.
  static var componentByteCount: Int { 200 }
  static var byteCount: Int { 1000 }
  static var depth: Int { 16 }

  /// The name as a store keeps it, in Net-Unicode (RFC 9051 §5.1), INBOX in upper case; nil for one that no folder may have: with controls, the
  /// wildcards of LIST, an empty component, one that leads elsewhere (`..`), a reserved beginning (`#`, RFC 9051 §5.1.2.1),
  /// or too long.
  package static func canonical(_ name: String) -> String? {
    let name = NetUnicode.normalized(name)
    guard !name.isEmpty, name.utf8.count <= byteCount, name.first != "#" else { return nil }
    for scalar in name.unicodeScalars {
      // Controls, wildcards and backslashes; the line and paragraph separators of Unicode (RFC 5198 §2).
      switch scalar.value {
      case 0...31, 127...159, 37, 42, 92, 0x2028, 0x2029: return nil
      default: break
      }
    }
    var components = name.utf8.split(separator: 47, omittingEmptySubsequences: false).map { Array($0) }
    guard components.count <= depth else { return nil }
    for component in components {
      guard !component.isEmpty, component.count <= componentByteCount, !component.allSatisfy({ $0 == ASCII.dot })
      else { return nil }
    }
    let first = components[0]
    if first.span.equalsIgnoringCase("inbox") { components[0] = Array(inbox.utf8) }
    let octets = Array(components.joined(separator: [47]))
    return octets.span.text()
  }
  /// The names above `name`, the outermost first.
  static func superiors(of name: String) -> [String] {
    let components = name.split(separator: separator)
    return components.indices.dropFirst().map { components[..<$0].joined(separator: "/") }
  }
}
