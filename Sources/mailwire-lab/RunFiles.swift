import ArgumentParser
import Console
import Glibc

/// The files of a play.
struct RunFiles {
  let folder: String
  let name: String
  private static let suffixes = ["pcapng", "ladder.txt", "md", "keylog"]

  func path(_ suffix: String) -> String { folder == "." ? "\(name).\(suffix)" : "\(folder)/\(name).\(suffix)" }

  /// Ends with status 2 where one of them is there.
  func refuseExisting() throws {
    for suffix in Self.suffixes where unsafe access(path(suffix), F_OK) == 0 {
      Terminal.complain("\(path(suffix)) is there already; --force writes over it, --out names another folder")
      throw ExitCode(2)
    }
  }
  func makeFolder() throws {
    if folder != ".", unsafe mkdir(folder, 0o755) != 0, errno != EEXIST { throw refusal(folder) }
  }
  func write(capture: [UInt8], ladder: String, page: String) throws {
    try makeFolder()
    try write(capture, "pcapng")
    try write(Array(ladder.utf8), "ladder.txt")
    try write(Array(page.utf8), "md")
  }
  /// The secrets of TLS, line by line.
  func write(keyLog: [String]) throws {
    try makeFolder()
    try write(Array(keyLog.map { "\($0)\n" }.joined().utf8), "keylog")
  }
  /// What was written, for a person.
  var summary: String {
    let keys = unsafe access(path("keylog"), F_OK) == 0 ? ", \(path("keylog")) what opens its TLS" : ""
    return
      "Written: \(path("pcapng")) for Wireshark\(keys), \(path("ladder.txt")) line by line, \(path("md")) this page."
  }
  private func write(_ octets: [UInt8], _ suffix: String) throws {
    let path = path(suffix)
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw refusal(path) }
    defer { close(file) }
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets[offset...].withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw refusal(path) }
      offset += written
    }
  }
  private func refusal(_ path: String) -> ExitCode {
    Terminal.complain("\(path): \(unsafe String(cString: strerror(errno)))")
    return ExitCode(2)
  }

  /// A file's text; nil when it cannot be read (errno tells why).
  static func read(_ path: String, limit: Int) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var octets: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while octets.count <= limit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
      if count < 0 { return nil }
      if count == 0 { break }
      octets += chunk[..<count]
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
