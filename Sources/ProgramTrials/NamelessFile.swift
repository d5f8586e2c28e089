internal import CNamespaces
internal import Glibc

/// A file that has no name and lies in memory, for what a sandbox is to read.
enum NamelessFile {
  /// An open file with these octets, read from its beginning; the caller closes it.
  static func make(_ octets: [UInt8]) throws(TrialFault) -> Int32 {
    let file = mailwire_nameless_file()
    guard file >= 0 else { throw TrialFault.system("memfd_create") }
    guard writeAll(octets, to: file), lseek(file, 0, SEEK_SET) == 0 else {
      close(file)
      throw TrialFault.system("a file in memory")
    }
    return file
  }
  /// Writes all of it; false when nobody takes it any more.
  @discardableResult
  static func writeAll(_ octets: [UInt8], to file: Int32) -> Bool {
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets[offset...].withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written <= 0 { return false }
      offset += written
    }
    return true
  }
  /// What is there to read now. nil at the end of the file.
  static func readSome(_ file: Int32, limit: Int = 65_536) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: limit)
    let count = unsafe read(file, &octets, limit)
    if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return nil }
    return Array(octets.prefix(max(0, count)))
  }
}
