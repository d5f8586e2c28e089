import Glibc

/// A file, or standard output, that octets are written into as they are.
final class OutputFile {
  /// A file that cannot be opened or written, in a line for the user.
  struct Failure: Error {
    var text: String
    /// Whoever read along has gone: that is the end, and nothing to complain of.
    var isClosedPipe = false
  }
  private let descriptor: Int32
  private let name: String
  /// Why writing has failed; nothing is written any more then.
  private(set) var failure: Failure?

  /// Opens `path` anew; `-` is standard output.
  init(_ path: String) throws(Failure) {
    name = path == "-" ? "standard output" : path
    descriptor =
      path == "-" ? STDOUT_FILENO : unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(0o644))
    guard descriptor >= 0 else { throw Failure(text: "\(name): \(unsafe String(cString: strerror(errno)))") }
  }
  /// Writes into what was opened as `descriptor`, under the `name` that a failure tells.
  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }
  func write(_ octets: Span<UInt8>) {
    guard failure == nil else { return }
    let error: Int32? = unsafe octets.withUnsafeBytes { source in
      var offset = 0
      while offset < source.count {
        let written = unsafe Glibc.write(descriptor, source.baseAddress! + offset, source.count - offset)
        if written < 0, errno == EINTR { continue }
        if written < 0 { return errno }
        offset += written
      }
      return nil
    }
    if let error {
      failure = Failure(text: "\(name): \(unsafe String(cString: strerror(error)))", isClosedPipe: error == EPIPE)
    }
  }
  func close() { if descriptor != STDOUT_FILENO { Glibc.close(descriptor) } }
}
