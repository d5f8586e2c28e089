package import Foundation

/// The repository that the tests stand in.
package enum Repository {
  package static let root: URL = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    return folder
  }()
  /// The captures of `Captures/`, as `smtp/auth-login.pcapng`.
  package static let captures: [String] = {
    let names = FileManager.default.enumerator(atPath: root.appending(path: "Captures").path)?.compactMap {
      $0 as? String
    }
    return (names ?? []).filter { $0.hasSuffix(".pcapng") && !$0.hasPrefix("unchecked") }.sorted()
  }()
}

/// A folder that is gone when its user is done.
package enum Folder {
  package static func temporary(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}
