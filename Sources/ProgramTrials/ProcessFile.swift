internal import Glibc

/// Files in which the system tells what its processes do (proc(5)).
enum ProcessFile {
  /// A file's words, as far as they fit into one read; none where it is gone.
  static func words(_ path: String) -> [Substring] { text(path).split { $0 == " " || $0 == "\n" } }
  static func text(_ path: String) -> String {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    return String(decoding: NamelessFile.readSome(file) ?? [], as: UTF8.self)
  }
  /// The threads of a process.
  static func threads(of id: pid_t) -> [pid_t] {
    guard let folder = unsafe opendir("/proc/\(id)/task") else { return [] }
    defer { unsafe closedir(folder) }
    var ids: [pid_t] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      if let id = pid_t(String(decoding: name, as: UTF8.self)) { ids.append(id) }
    }
    return ids
  }
}
