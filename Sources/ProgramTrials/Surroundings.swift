internal import Glibc

/// What the machine, or the container in which we are, lets a sandbox have.
enum Surroundings {
  /// Whether the sandbox may have a /proc of its own. Where something lies over a part of ours, as in most containers, the
  /// kernel does not show it uncovered (mount_namespaces(7)); programs then do without.
  static let letsMountProc = !isCovered(mounts: text(of: "/proc/self/mountinfo"))
  /// Whether bubblewrap can forbid user namespaces by a sysctl. Where it cannot, the filter of system calls still does.
  static let letsLimitUserNamespaces =
    unsafe access("/proc/sys/user/max_user_namespaces", W_OK) == 0 || errno != EROFS

  /// Whether `mounts`, which are those of proc(5) mountinfo, cover a part of /proc. What lies on folders that are always empty
  /// hides nothing.
  static func isCovered(mounts: String) -> Bool {
    mounts.split(separator: "\n").contains { line in
      let words = line.split(separator: " ")
      guard words.count > 4, words[4].hasPrefix("/proc/") else { return false }
      return !["/proc/sys/fs/binfmt_misc", "/proc/fs/nfsd"].contains(String(words[4]))
    }
  }
  private static func text(of path: String) -> String {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var octets: [UInt8] = []
    while let more = NamelessFile.readSome(file), !more.isEmpty { octets += more }
    return String(decoding: octets, as: UTF8.self)
  }
}
