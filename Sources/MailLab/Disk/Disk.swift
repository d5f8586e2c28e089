// Where Foundation is used anywhere in a module, `stat` counts as a part of it.
internal import CoreFoundation
internal import Glibc

/// Files and folders, with the one thing that other libraries do not promise: what is said to be on disk is there.
enum Disk {
  /// Makes a folder and those above it; they are this user's alone.
  static func makeFolder(_ path: String) throws(DiskError) {
    if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw .last(path)
    }
    try makeFolder(String(path[..<slash]))
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last(path) }
  }
  /// Writes a file that must not exist yet, and waits until it is on disk; its folder must be synchronised, too. Nothing
  /// is left of what fails. `seconds` since 1970 is what it counts as written at.
  static func write(_ octets: [UInt8], to path: String, modified seconds: Int64? = nil) throws(DiskError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .last(path) }
    do throws(DiskError) {
      try write(octets, into: file, path)
      if let seconds {
        let time = timespec(tv_sec: Int(seconds), tv_nsec: 0)
        guard unsafe [time, time].withUnsafeBufferPointer({ unsafe futimens(file, $0.baseAddress) }) == 0 else {
          throw .last(path)
        }
      }
      guard fsync(file) == 0 else { throw .last(path) }
    } catch {
      close(file)
      unsafe unlink(path)
      throw error
    }
    // What close says matters on some file systems.
    guard close(file) == 0 else {
      let error = DiskError.last(path)
      unsafe unlink(path)
      throw error
    }
  }
  private static func write(_ octets: [UInt8], into file: Int32, _ path: String) throws(DiskError) {
    var offset = 0
    while offset < octets.count {
      let count = unsafe octets.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress.map { unsafe $0 + offset }, octets.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .last(path) }
      offset += count
    }
  }
  /// A file of at most `limit` octets.
  static func read(_ path: String, limit: Int = 1 << 30) throws(DiskError) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .last(path) }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw .last(path) }
    guard status.st_size <= limit else { throw .failed(path: path, reason: "it is too large") }
    let size = Int(status.st_size)
    var failure: DiskError?
    let octets = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let more = unsafe Glibc.read(file, buffer.baseAddress.map { unsafe $0 + count }, size - count)
        if more < 0, errno == EINTR { continue }
        if more < 0 { failure = .last(path) }
        if more <= 0 { return }
        count += more
      }
    }
    if let failure { throw failure }
    return octets
  }
  /// Waits until the names in a folder are on disk as they are now.
  static func synchronize(folder path: String) throws(DiskError) {
    let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw .last(path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw .last(path) }
  }
  static func rename(_ path: String, to other: String) throws(DiskError) {
    guard unsafe Glibc.rename(path, other) == 0 else { throw .last(path) }
  }
  /// Gives a file a second name.
  static func link(_ path: String, as other: String) throws(DiskError) {
    guard unsafe Glibc.link(path, other) == 0 else { throw .last(path) }
  }
  /// Removes a file, if it is there.
  static func remove(_ path: String) throws(DiskError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .last(path) }
  }
  /// Removes an empty folder, if it is there.
  static func removeFolder(_ path: String) throws(DiskError) {
    guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw .last(path) }
  }
  /// Removes a folder with everything in it, if it is there. Links are removed, and not followed.
  static func removeTree(_ path: String) throws(DiskError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
    for name in try names(in: path) { try removeTree("\(path)/\(name)") }
    try removeFolder(path)
  }
  /// The names in a folder, in no order; none where there is no folder.
  static func names(in path: String) throws(DiskError) -> [String] {
    guard let folder = unsafe opendir(path) else {
      if errno == ENOENT { return [] }
      throw .last(path)
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(validatingCString: $0) }
      }
      // A name that is no text cannot be one of ours.
      if let name, name != ".", name != ".." { names.append(name) }
    }
    return names
  }
  /// What `stat` says; nil where there is nothing.
  static func status(_ path: String) -> Status? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Status(
      isFolder: status.st_mode & S_IFMT == S_IFDIR, byteCount: Int(status.st_size),
      modified: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
  }
  struct Status: Equatable {
    var isFolder: Bool
    var byteCount: Int
    /// Seconds since 1970, and what is above them.
    var modified: Int64
    var nanoseconds: Int64
  }
}
