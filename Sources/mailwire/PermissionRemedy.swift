import Bytes
import Glibc
import Lessons

/// What this user can do who may not capture here.
enum PermissionRemedy {
  /// Lines for standard error.
  static func lines(interface: String) -> [String] {
    let name = Printable.line(interface)
    #if os(macOS)
      return [
        "  Wireshark's ChmodBPF gives your user access to /dev/bpf*: brew install --cask wireshark-chmodbpf",
        "  once, as root:                sudo mailwire capture -i \(name)",
      ] + [proxy]
    #else
      return [
        "  for this program, once:       sudo setcap cap_net_raw,cap_net_admin=eip \(quoted(program))",
        "  as Wireshark does:            sudo usermod -aG wireshark \"$USER\", a new login, and then",
        "                                dumpcap -q -i \(name) -w - | mailwire follow -",
        "  in a private network:         unshare -Urn sh -c 'ip link set lo up; exec \"$SHELL\"', and in it servers,",
        "                                clients, and mailwire capture -i lo",
        proxy,
      ]
    #endif
  }
  private static var proxy: String {
    "  without capturing at all:     mailwire capture --proxy 127.0.0.1:2525=SERVER:25, and send to that port"
  }
  /// The program's own file: capabilities belong to a file.
  private static var program: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &path, path.count)
    return count > 0
      ? String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : "\"$(command -v mailwire)\""
  }
  /// As a shell takes it for one word.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "/._-+:@".utf8.contains($0) }
    return isPlain || path.hasPrefix("\"$(") ? path : "'" + Printable.line(path).replacing("'", with: "'\\''") + "'"
  }
}
