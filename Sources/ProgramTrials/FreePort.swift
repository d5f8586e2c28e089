internal import Glibc

/// Ports of this machine that nobody uses.
enum FreePort {
  /// A socket that listens at `host` on a port that the system has chosen.
  static func listen(_ host: String) throws(TrialFault) -> (file: Int32, port: UInt16) {
    let (file, port) = try bound(host)
    guard Glibc.listen(file, 32) == 0 else { throw TrialFault.system("listen") }
    return (file, port)
  }
  /// A socket that has a port of `host`, at which nobody listens yet.
  static func reserve(_ host: String) throws(TrialFault) -> (file: Int32, port: UInt16) { try bound(host) }
  /// A port that is free now.
  static func take(_ host: String) throws(TrialFault) -> UInt16 {
    let (file, port) = try bound(host)
    close(file)
    return port
  }
  /// A socket for datagrams, with its port; nil where there is none to be had.
  static func datagram(_ host: String) -> (file: Int32, port: UInt16)? {
    do throws(TrialFault) { return try bound(host, SOCK_DGRAM) } catch { return nil }
  }
  /// Sends a datagram.
  static func send(_ octets: [UInt8], by file: Int32, to host: String, _ port: UInt16) {
    var address = Self.address(host, port)
    _ = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe octets.withUnsafeBytes {
          unsafe sendto(file, $0.baseAddress, $0.count, 0, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }
  private static func bound(
    _ host: String, _ kind: __socket_type = SOCK_STREAM
  ) throws(TrialFault) -> (file: Int32, port: UInt16) {
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let file = socket(AF_INET, Int32(kind.rawValue) | flags, 0)
    guard file >= 0 else { throw TrialFault.system("socket") }
    var address = Self.address(host, 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe bind(file, generic, length) == 0 && getsockname(file, generic, &length) == 0
      }
    }
    guard isBound else {
      close(file)
      throw TrialFault.system("bind")
    }
    return (file, UInt16(bigEndian: address.sin_port))
  }
  static func address(_ host: String, _ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    unsafe inet_pton(AF_INET, host, &address.sin_addr)
    return address
  }
  /// The port of a connection's end here.
  static func near(_ file: Int32) -> UInt16 { port(file, isNear: true) }
  /// The port of its other end; 0 while there is none.
  static func far(_ file: Int32) -> UInt16 { port(file, isNear: false) }
  private static func port(_ file: Int32, isNear: Bool) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe (isNear ? getsockname(file, $0, &length) : getpeername(file, $0, &length)) == 0
      }
    }
    return isKnown ? UInt16(bigEndian: address.sin_port) : 0
  }
  /// Begins to connect; the socket does not wait.
  static func connect(_ host: String, _ port: UInt16) -> Int32 {
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | flags, 0)
    var address = Self.address(host, port)
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe Glibc.connect(file, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if status != 0, errno != EINPROGRESS {
      close(file)
      return -1
    }
    return file
  }
}
