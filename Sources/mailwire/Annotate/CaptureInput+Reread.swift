import Glibc
import Lessons

extension CaptureInput {
  /// The capture where it can be read a second time: itself, or a copy of what a pipe brings, in a file without a name
  /// that is gone with the program.
  func rereadable() throws(Refusal) -> CaptureInput {
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return self }
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var path = Array("\(folder)/mailwire-XXXXXX".utf8CString)
    let copy = unsafe path.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
    guard copy >= 0, unsafe unlink(path) == 0 else {
      throw Self.refusal("\(Printable.line(folder)): no room for a copy of \(Printable.line(name))")
    }
    let file = OutputFile(descriptor: copy, name: "a copy of \(name) in \(folder)")
    var octets = [UInt8](repeating: 0, count: 1 << 18)
    while !Interruption.isRequested {
      let count = unsafe octets.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw Self.refusal(Printable.line(name)) }
      if count == 0 { break }
      file.write(octets.span.extracting(0..<count))
      if let failure = file.failure { throw Refusal(text: Printable.line(failure.text)) }
    }
    lseek(copy, 0, SEEK_SET)
    return CaptureInput(descriptor: copy, name: name)
  }
  private static func refusal(_ what: String) -> Refusal {
    Refusal(text: "\(what): \(unsafe String(cString: strerror(errno)))")
  }
}
