import Bytes
import Console
import Glibc
import Lessons

/// The folder that an export writes into: nothing in it is overwritten, and nothing outside it is touched.
///
/// Names are looked up from the opened folder, one component each, and never through a symbolic link.
final class ExportFolder {
  private let descriptor: Int32
  /// As it is named to the user.
  let path: String
  struct Failure: Error { var text: String }

  /// What cannot be written ends the program with status 2: an export with holes that nobody asked for is none.
  static func orEnd<Result>(_ output: StandardOutput, _ body: () throws(Failure) -> Result) -> Result {
    do throws(Failure) { return try body() } catch {
      output.flush()
      Terminal.complain(error.text)
      exit(2)
    }
  }

  /// Opens the folder at `path`, which is made where it is missing.
  init(path: String) throws(Failure) {
    var made = ""
    for piece in path.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && piece.isEmpty ? "/" : piece + "/"
      if !piece.isEmpty { unsafe _ = mkdir(made, 0o777) }
    }
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let end = path.lastIndex { $0 != "/" }
    self.path = end.map { String(path[...$0]) } ?? path
    if descriptor < 0 { throw Self.failure(path) }
  }
  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }
  deinit { close(descriptor) }

  /// A new folder within this one, called `name` or, where that is taken, `name-2` and so on.
  func folder(_ name: String) throws(Failure) -> ExportFolder {
    let taken = try claim(name, ending: "") { unsafe mkdirat(descriptor, $0, 0o777) }
    return try opened(taken)
  }
  /// The folder of that name within this one, which is made where it is missing.
  func subfolder(_ name: String) throws(Failure) -> ExportFolder {
    if unsafe mkdirat(descriptor, name, 0o777) != 0, errno != EEXIST { throw Self.failure("\(path)/\(name)") }
    return try opened(name)
  }
  private func opened(_ name: String) throws(Failure) -> ExportFolder {
    let folder = unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard folder >= 0 else { throw Self.failure("\(path)/\(name)") }
    return ExportFolder(descriptor: folder, path: "\(path)/\(name)")
  }
  /// Makes a new file called `name` and `ending`, or `name-2` and so on, with these octets; returns what it is called.
  func create(_ name: String, ending: String, _ octets: Span<UInt8>) throws(Failure) -> String {
    var file: Int32 = -1
    let taken = try claim(name, ending: ending) {
      file = unsafe openat(descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      return file < 0 ? -1 : 0
    }
    try write(octets, to: file, taken)
    return taken
  }
  /// Adds octets to a file that was made here.
  func append(_ octets: Span<UInt8>, to name: String) throws(Failure) {
    try write(
      octets, to: unsafe openat(descriptor, name, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW), name)
  }
  /// Gives a file that was made here another name within `other`.
  func move(_ name: String, to other: ExportFolder) throws(Failure) {
    guard unsafe linkat(descriptor, name, other.descriptor, name, 0) == 0, unsafe unlinkat(descriptor, name, 0) == 0
    else { throw Self.failure("\(other.path)/\(name)") }
  }
  /// Hands a file's octets to `body`, piece by piece, and takes the file away.
  func consume(_ name: String, _ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
    let file = unsafe openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { throw Self.failure("\(path)/\(name)") }
    defer { close(file) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
      if count < 0 { throw Self.failure("\(path)/\(name)") }
      if count == 0 { break }
      try body(piece.span.extracting(0..<count))
    }
    _ = unsafe unlinkat(descriptor, name, 0)
  }

  private func claim(_ name: String, ending: String, _ make: (String) -> Int32) throws(Failure) -> String {
    for number in 1...10_000 {
      let wanted = number == 1 ? name + ending : "\(name)-\(number)\(ending)"
      if make(wanted) == 0 { return wanted }
      if errno != EEXIST { throw Self.failure("\(path)/\(wanted)") }
    }
    throw Failure(text: "\(Printable.line(path))/\(name)\(ending): ten thousand of that name are there")
  }
  private func write(_ octets: Span<UInt8>, to file: Int32, _ name: String) throws(Failure) {
    guard file >= 0 else { throw Self.failure("\(path)/\(name)") }
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets.withUnsafeBytes { source in
        unsafe Glibc.write(file, source.baseAddress! + offset, source.count - offset)
      }
      if written < 0, errno == EINTR { continue }
      if written < 0 {
        let failure = Self.failure("\(path)/\(name)")
        close(file)
        throw failure
      }
      offset += written
    }
    // Some file systems say only here that there was no room.
    if close(file) != 0 { throw Self.failure("\(path)/\(name)") }
  }
  private static func failure(_ path: String) -> Failure {
    Failure(text: "\(Printable.line(path)): \(unsafe String(cString: strerror(errno)))")
  }
}
