internal import Glibc
internal import Packets

/// An address and a port as the sockets' functions take them.
struct SocketAddress {
  private var storage = sockaddr_storage()
  private(set) var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  /// To be filled by `accept` and the like.
  init() {}

  /// The type of a socket that never waits.
  static var streamType: Int32 { Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue) }

  var family: Int32 { Int32(storage.ss_family) }

  /// Lends the address to a function that reads it.
  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    unsafe withUnsafePointer(to: storage) {
      unsafe body(UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self), length)
    }
  }
  /// Lends the address to a function that writes it.
  mutating func withMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
  ) -> Result {
    length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var length = self.length
    defer { self.length = length }
    return unsafe withUnsafeMutablePointer(to: &storage) {
      unsafe body(UnsafeMutableRawPointer($0).assumingMemoryBound(to: sockaddr.self), &length)
    }
  }
  /// The same as packets have it; nil for another family. An address of IPv4 on a socket for both is one of IPv4
  /// (RFC 4291 §2.5.5.2).
  var host: Host? {
    unsafe withUnsafeBytes(of: storage) { octets in
      let port = unsafe UInt16(octets[2]) << 8 | UInt16(octets[3])
      let address: [UInt8]
      switch family {
      case AF_INET: address = unsafe Array(octets[4..<8])
      case AF_INET6:
        let whole = unsafe Array(octets[8..<24])
        let isMapped = whole[..<10].allSatisfy { $0 == 0 } && whole[10] == 0xFF && whole[11] == 0xFF
        address = isMapped ? Array(whole[12...]) : whole
      default: return nil
      }
      return IPAddress(octets: address).map { Host($0, port) }
    }
  }
  /// Looks a name up, or reads an address as text: every address that it has, the one to be tried first in front.
  static func resolve(_ name: String, _ port: UInt16, isPassive: Bool) -> [SocketAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV | (isPassive ? AI_PASSIVE : 0)
    var found: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(name, String(port), &hints, &found) == 0 else { return [] }
    defer { unsafe freeaddrinfo(found) }
    var addresses: [SocketAddress] = []
    var next = unsafe found
    while let entry = unsafe next {
      var address = SocketAddress()
      unsafe withUnsafeMutableBytes(of: &address.storage) { room in
        unsafe room.copyMemory(
          from: UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen)))
      }
      address.length = unsafe entry.pointee.ai_addrlen
      // A name may stand twice in /etc/hosts; what is no IP address has no packets.
      if let host = address.host, !addresses.contains(where: { $0.host == host }) { addresses.append(address) }
      unsafe next = entry.pointee.ai_next
    }
    return addresses
  }
  /// The same address with another port.
  func with(port: UInt16) -> SocketAddress {
    var address = self
    unsafe withUnsafeMutableBytes(of: &address.storage) { octets in
      // At this place for both families.
      unsafe octets[2] = UInt8(port >> 8)
      unsafe octets[3] = UInt8(truncatingIfNeeded: port)
    }
    return address
  }
  /// Where a socket of ours is bound to.
  static func local(of socket: Int32) -> SocketAddress {
    var address = SocketAddress()
    _ = unsafe address.withMutablePointer { unsafe getsockname(socket, $0, $1) }
    return address
  }
}
