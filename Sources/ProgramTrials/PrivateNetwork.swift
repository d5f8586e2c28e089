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
    each { socket in
      if socket.state == "0A" { found.append((socket.isIPv6 ? "[::]" : address(socket.near), socket.port)) }
      return true
    }
    return found
  }
  /// Octets that have come for the far end of the connection whose near end is `file`, and that its program has not taken. The
  /// ports are those of both ends.
  static func unreadByteCount(beyond file: Int32, near: UInt16, far: UInt16) -> Int {
    let told = mailwire_unread_beyond(file)
    return told >= 0 ? Int(told) : listedUnreadByteCount(from: near, to: far)
  }
  /// The same of the socket at port `to`, as /proc/net/tcp has it.
  static func listedUnreadByteCount(from: UInt16, to: UInt16) -> Int {
    var count = 0
    each { socket in
      guard socket.port == to, socket.farPort == from else { return true }
      count = socket.unreadByteCount
      return false
    }
    return count
  }
  /// Connections in TIME-WAIT that hold a port of 127.0.0.1 (RFC 9293 §3.3.2), and others that do so while they close.
  static func closingCount(_ port: UInt16) -> (kept: Int, others: Int) {
    var count = (kept: 0, others: 0)
    each { socket in
      guard socket.port == port, socket.isLoopbackOrAny else { return true }
      if socket.state == "06" { count.kept += 1 } else { count.others += 1 }
      return true
    }
    return count
  }
  /// A line of /proc/net/tcp:
  ///
  ///       sl  local_address rem_address   st tx_queue rx_queue …
  ///        0: 0100007F:08AE 0100007F:9C41 01 00000000:00000000 …
  private struct Listed {
    var isIPv6: Bool
    /// `0100007F`, of IPv6 longer.
    var near: Substring
    var port: UInt16
    var farPort: UInt16
    /// In two hexadecimal digits.
    var state: Substring
    var unreadByteCount: Int
    /// At 127.0.0.1, also of a socket that takes both families, or at any address.
    var isLoopbackOrAny: Bool { near.hasSuffix("0100007F") || near.allSatisfy { $0 == "0" } }

    init?(_ line: Substring, isIPv6: Bool) {
      let words = line.split(separator: " ", maxSplits: 5)
      guard words.count > 4 else { return nil }
      let (here, there) = (words[1].split(separator: ":"), words[2].split(separator: ":"))
      guard here.count == 2, there.count == 2, let port = UInt16(here[1], radix: 16),
        let farPort = UInt16(there[1], radix: 16)
      else { return nil }
      self.isIPv6 = isIPv6
      near = here[0]
      self.port = port
      self.farPort = farPort
      state = words[3]
      unreadByteCount = words[4].split(separator: ":").last.flatMap { Int($0, radix: 16) } ?? 0
    }
  }
  /// Shows the TCP sockets of this network, until `body` wants no more.
  private static func each(_ body: (Listed) -> Bool) {
    for (path, isIPv6) in [("/proc/self/net/tcp", false), ("/proc/self/net/tcp6", true)] {
      let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { continue }
      defer { close(file) }
      var text: [UInt8] = []
      while let more = NamelessFile.readSome(file), !more.isEmpty { text += more }
      for line in String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst() {
        if let socket = Listed(line, isIPv6: isIPv6), !body(socket) { return }
      }
    }
  }
  /// `0100007F` → `127.0.0.1`: the octets stand in the order of the machine.
  private static func address(_ digits: Substring) -> String {
    guard let number = UInt32(digits, radix: 16) else { return String(digits) }
    return text(UInt32(bigEndian: number))
  }
  /// `0x7F000001` → `127.0.0.1`
  private static func text(_ number: UInt32) -> String {
    (0..<4).map { String(number >> (24 - 8 * $0) & 0xFF) }.joined(separator: ".")
  }
}
