/// A file of an export, in memory.
package struct ExportFile: Equatable, Sendable {
  /// Inside the export, with slashes.
  package var path: String
  package var octets: [UInt8]
  package var isExecutable: Bool
  /// Whether nobody but its owner may read it.
  package var isPrivate: Bool

  package init(_ path: String, _ octets: [UInt8], isExecutable: Bool = false, isPrivate: Bool = false) {
    self.path = path
    self.octets = octets
    self.isExecutable = isExecutable
    self.isPrivate = isPrivate
  }
  package init(_ path: String, text: String, isExecutable: Bool = false) {
    self.init(path, Array(text.utf8), isExecutable: isExecutable)
  }
  /// As a file system has it.
  package var permissions: Int { (isExecutable ? 0o755 : 0o644) & (isPrivate ? 0o700 : 0o777) }
}
