import Glibc

/// Small files of text.
enum TextFile {
  /// Larger files are no questions.
  private static let byteLimit = 1 << 20

  /// A file's text; nil when it cannot be read (errno tells why).
  static func read(_ path: String) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var octets: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while octets.count < byteLimit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
      if count < 0 { return nil }
      if count == 0 { break }
      octets += chunk[..<count]
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
