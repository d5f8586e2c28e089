import Bytes
import Console
import Glibc
import Lessons

/// Why something cannot be written, in a line for a person.
struct ExportFailure: Error {
  var text: String

  /// Why a system call that had to do with `path` has just failed (errno).
  init(_ path: String) { text = "\(Printable.line(path)): \(unsafe String(cString: strerror(errno)))" }
  init(text: String) { self.text = text }

  /// Such a failure ends the program with status 2: an export with holes that nobody asked for is none.
  static func orEnd<Result>(_ output: StandardOutput, _ body: () throws(ExportFailure) -> Result) -> Result {
    do throws(ExportFailure) { return try body() } catch {
      output.flush()
      Terminal.complain(error.text)
      exit(2)
    }
  }
}

/// The folder that an export writes into, or one within it: nothing there is overwritten, and nothing outside is touched.
///
/// Names are looked up from the opened folder, one component each, and never through a symbolic link. Folders within it
/// are opened while something happens in them: thousands of messages under way may have one each.
final class ExportFolder {
  private enum Place {
    case opened(Int32)
    case within(ExportFolder, name: String)
  }
  private let place: Place
  /// As it is named to the user.
  let path: String

  /// Opens the folder at `path`, which is made where it is missing.
  init(path: String) throws(ExportFailure) {
    let end = path.lastIndex { $0 != "/" }
    self.path = end.map { String(path[...$0]) } ?? path
    var made = ""
    for piece in path.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && piece.isEmpty ? "/" : piece + "/"
      if !piece.isEmpty { unsafe _ = mkdir(made, 0o777) }
    }
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    place = .opened(descriptor)
    if descriptor < 0 { throw ExportFailure(path) }
  }
  private init(_ name: String, within folder: ExportFolder) {
    place = .within(folder, name: name)
    path = "\(folder.path)/\(name)"
  }
  deinit { if case .opened(let descriptor) = place { close(descriptor) } }

  /// Lends the opened folder.
  private func withDescriptor<Result>(
    _ body: (Int32) throws(ExportFailure) -> Result
  ) throws(ExportFailure) -> Result {
    switch place {
    case .opened(let descriptor): return try body(descriptor)
    case .within(let folder, let name):
      let descriptor = try folder.withDescriptor { outer in
        unsafe openat(outer, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      }
      guard descriptor >= 0 else { throw ExportFailure(path) }
      defer { close(descriptor) }
      return try body(descriptor)
    }
  }
  /// A new folder within this one, called `name` or, where that is taken, `name-2` and so on.
  func folder(_ name: String) throws(ExportFailure) -> ExportFolder {
    ExportFolder(try claim(name, ending: "") { unsafe mkdirat($0, $1, 0o777) }, within: self)
  }
  /// The folder of that name within this one, which is made where it is missing.
  func subfolder(_ name: String) throws(ExportFailure) -> ExportFolder {
    try withDescriptor { descriptor throws(ExportFailure) in
      if unsafe mkdirat(descriptor, name, 0o777) != 0, errno != EEXIST { throw ExportFailure("\(path)/\(name)") }
    }
    return ExportFolder(name, within: self)
  }
  /// Makes a new file called `name` and `ending`, or `name-2` and so on, with these octets; returns what it is called.
  func create(_ name: String, ending: String, _ octets: Span<UInt8>) throws(ExportFailure) -> String {
    var file: Int32 = -1
    let taken = try claim(name, ending: ending) {
      file = unsafe openat($0, $1, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      return file < 0 ? -1 : 0
    }
    try write(octets, to: file, taken)
    return taken
  }
  /// Adds octets to a file that was made here.
  func append(_ octets: Span<UInt8>, to name: String) throws(ExportFailure) {
    let file = try withDescriptor { unsafe openat($0, name, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW) }
    try write(octets, to: file, name)
  }
  /// Moves a file that was made here into `other`, where it is called `wanted` and `ending`, or `wanted-2` and so on;
  /// returns its name there.
  func move(
    _ name: String, to other: ExportFolder, as wanted: String, ending: String
  ) throws(ExportFailure) -> String {
    try withDescriptor { descriptor throws(ExportFailure) in
      let taken = try other.claim(wanted, ending: ending) { unsafe linkat(descriptor, name, $0, $1, 0) }
      guard unsafe unlinkat(descriptor, name, 0) == 0 else { throw ExportFailure("\(path)/\(name)") }
      return taken
    }
  }
  /// Hands the octets of a file that was made here to `body`, piece by piece, and takes the file away.
  func consume(_ name: String, _ body: (Span<UInt8>) throws(ExportFailure) -> Void) throws(ExportFailure) {
    let file = try withDescriptor { unsafe openat($0, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    guard file >= 0 else { throw ExportFailure("\(path)/\(name)") }
    defer { close(file) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
      if count < 0 { throw ExportFailure("\(path)/\(name)") }
      if count == 0 { break }
      try body(piece.span.extracting(0..<count))
    }
    _ = try withDescriptor { unsafe unlinkat($0, name, 0) }
  }

  /// Has `make` make something of that name here, or of the next that is free.
  private func claim(
    _ name: String, ending: String, _ make: (Int32, String) -> Int32
  ) throws(ExportFailure) -> String {
    try withDescriptor { descriptor throws(ExportFailure) in
      for number in 1...10_000 {
        let wanted = number == 1 ? name + ending : "\(name)-\(number)\(ending)"
        if make(descriptor, wanted) == 0 { return wanted }
        if errno != EEXIST { throw ExportFailure("\(path)/\(wanted)") }
      }
      throw ExportFailure(text: "\(Printable.line(path))/\(name)\(ending): ten thousand of that name are there")
    }
  }
  private func write(_ octets: Span<UInt8>, to file: Int32, _ name: String) throws(ExportFailure) {
    guard file >= 0 else { throw ExportFailure("\(path)/\(name)") }
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets.withUnsafeBytes { source in
        unsafe Glibc.write(file, source.baseAddress! + offset, source.count - offset)
      }
      if written < 0, errno == EINTR { continue }
      if written < 0 {
        let failure = ExportFailure("\(path)/\(name)")
        close(file)
        throw failure
      }
      offset += written
    }
    // Some file systems say only here that there was no room.
    if close(file) != 0 { throw ExportFailure("\(path)/\(name)") }
  }
}
