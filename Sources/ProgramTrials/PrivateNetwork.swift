internal import CNamespaces
internal import Glibc

/// A network of this process alone, in which nothing but the loopback interface is, and every address is this machine's.
enum PrivateNetwork {
  /// User numbers for students' programs where root grades: nobody's, so that limits on processes count.
  private static let firstUser: uid_t = 64_600
  private static let userCount: uid_t = 300
  private static let nobody: uid_t = 65_534

  /// Moves this process, which must have one thread, into a network of its own. Root becomes nobody first.
  static func enter() throws(TrialFault) {
    if geteuid() == 0 { try giveUpRoot() }
    let (user, group) = (getuid(), getgid())
    guard mailwire_unshare_user_and_network() == 0 else { throw TrialFault.system("a network of its own") }
    try write("deny", to: "/proc/self/setgroups")
    try write("0 \(user) 1", to: "/proc/self/uid_map")
    try write("0 \(group) 1", to: "/proc/self/gid_map")
    guard mailwire_loopback_up() == 0 else { throw TrialFault.system("the loopback interface") }
    // Without it, whoever goes elsewhere gets no answer at all, and the capture does not show where.
    _ = mailwire_every_address_is_local()
  }
  private static func giveUpRoot() throws(TrialFault) {
    let user = firstUser + uid_t(getpid()) % userCount
    guard setgroups(0, nil) == 0 else { throw TrialFault.system("setgroups") }
    if setgid(user) != 0, setgid(nobody) != 0 { throw TrialFault.system("setgid") }
    if setuid(user) != 0, setuid(nobody) != 0 { throw TrialFault.system("setuid") }
    _ = mailwire_own_proc()
  }
  private static func write(_ text: String, to path: String) throws(TrialFault) {
    let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw TrialFault.system(path) }
    defer { close(file) }
    guard NamelessFile.writeAll(Array(text.utf8), to: file) else { throw TrialFault.system(path) }
  }
  /// TCP sockets that listen in this network: address and port, of IPv4 and of IPv6.
  static func listeners() -> [(address: String, port: UInt16)] {
    guard let found = told(AF_INET), let foundOfIPv6 = told(AF_INET6) else { return listed() }
    return found + foundOfIPv6
  }
  /// More than a program may have open.
  private static let listenerCount = 256
  /// What the kernel says of one family; nil where it says nothing (sock_diag(7)).
  private static func told(_ family: Int32) -> [(address: String, port: UInt16)]? {
    var found = [mailwire_listener](repeating: mailwire_listener(), count: listenerCount)
    let count = unsafe mailwire_listeners(family, &found, Int32(listenerCount))
    guard count >= 0 else { return nil }
    return found.prefix(Int(count)).map { (family == AF_INET6 ? "[::]" : text($0.address), $0.port) }
  }
  /// What stands in /proc/net/tcp (proc(5)).
  static func listed() -> [(address: String, port: UInt16)] {
    var found: [(address: String, port: UInt16)] = []
    for (path, isIPv6) in [("/proc/self/net/tcp", false), ("/proc/self/net/tcp6", true)] {
      let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { continue }
      defer { close(file) }
      var text: [UInt8] = []
      while let more = NamelessFile.readSome(file), !more.isEmpty { text += more }
      for line in String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst() {
        let words = line.split(separator: " ")
        guard words.count > 3, words[3] == "0A" else { continue }
        let parts = words[1].split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { continue }
        found.append((isIPv6 ? "[::]" : address(String(parts[0])), port))
      }
    }
    return found
  }
  /// Octets that have come for the socket at port `to` from the one at port `from`, and that its program has not taken.
  static func unreadByteCount(from: UInt16, to: UInt16) -> Int {
    for path in ["/proc/self/net/tcp", "/proc/self/net/tcp6"] {
      let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { continue }
      defer { close(file) }
      var text: [UInt8] = []
      while let more = NamelessFile.readSome(file), !more.isEmpty { text += more }
      for line in String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst() {
        let words = line.split(separator: " ")
        guard words.count > 4, port(words[1]) == to, port(words[2]) == from else { continue }
        return words[4].split(separator: ":").last.flatMap { Int($0, radix: 16) } ?? 0
      }
    }
    return 0
  }
  private static func port(_ place: Substring) -> UInt16? {
    place.split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
  }
  /// `0100007F` → `127.0.0.1`: the octets stand in the order of the machine.
  private static func address(_ digits: String) -> String {
    guard let number = UInt32(digits, radix: 16) else { return digits }
    return text(UInt32(bigEndian: number))
  }
  /// `0x7F000001` → `127.0.0.1`
  private static func text(_ number: UInt32) -> String {
    (0..<4).map { String(number >> (24 - 8 * $0) & 0xFF) }.joined(separator: ".")
  }
}
