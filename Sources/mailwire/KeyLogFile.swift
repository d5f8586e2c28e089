import Dialogues
import Glibc

/// A key log that a program may still be writing to; it need not be there yet.
final class KeyLogFile {
  private let path: String
  private let mayCome: Bool
  private var descriptor: Int32 = -1
  /// All that was read of it: every capture is read with the whole log.
  private var octets: [UInt8] = []
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  /// A log of some hundred thousand connections.
  private static let byteLimit = 256 << 20

  /// Why the file cannot be read at all.
  struct Refusal: Error { var text: String }

  /// `mayCome`: the program that writes the file may not have begun.
  init(_ path: String, mayCome: Bool) throws(Refusal) {
    self.path = path
    self.mayCome = mayCome
    if openFile() { return }
    let code = errno
    if mayCome, code == ENOENT { return }
    throw Refusal(text: unsafe String(cString: strerror(code)))
  }
  deinit { if descriptor >= 0 { close(descriptor) } }

  /// For one capture, from the log's beginning on.
  func reader() -> any TLSKeySource { Reader(file: self) }

  private final class Reader: TLSKeySource {
    private let file: KeyLogFile
    private var offset = 0
    init(file: KeyLogFile) { self.file = file }

    func more() -> [UInt8]? {
      file.grow()
      defer { offset = file.octets.count }
      return offset < file.octets.count ? Array(file.octets[offset...]) : nil
    }
  }
  private func grow() {
    guard descriptor >= 0 || openFile() else { return }
    while octets.count < Self.byteLimit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      octets += chunk[..<count]
    }
    // The last line of a file that somebody has cut out or typed may have no end.
    if !mayCome, let last = octets.last, last != UInt8(ascii: "\n") { octets.append(UInt8(ascii: "\n")) }
  }
  /// Leaves the reason in errno when it cannot be opened.
  private func openFile() -> Bool {
    // While a capture is made, a pipe is read as far as somebody has written to it; else to its end.
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (mayCome ? O_NONBLOCK : 0))
    guard descriptor >= 0 else { return false }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      descriptor = -1
      errno = EISDIR
      return false
    }
    return true
  }
}
