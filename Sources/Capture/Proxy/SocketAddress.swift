internal import Glibc
internal import Packets

/// An address and a port as the sockets' functions take them.
struct SocketAddress {
  private var storage = sockaddr_storage()
  private(set) var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  /// To be filled by `accept` and the like.
  init() {}

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
  /// The same as packets have it; nil for another family.
  var host: Host? {
    unsafe withUnsafeBytes(of: storage) { octets in
      let port = unsafe UInt16(octets[2]) << 8 | UInt16(octets[3])
      let address: [UInt8]
      switch family {
      case AF_INET: address = unsafe Array(octets[4..<8])
      case AF_INET6: address = unsafe Array(octets[8..<24])
      default: return nil
      }
      return IPAddress(octets: address).map { Host($0, port) }
    }
  }
  /// Looks a name up, or reads an address as text; nil when there is none.
  static func resolve(_ name: String, _ port: UInt16, isPassive: Bool) -> SocketAddress? {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV | (isPassive ? AI_PASSIVE : 0)
    var found: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(name, String(port), &hints, &found) == 0, let first = unsafe found else { return nil }
    defer { unsafe freeaddrinfo(found) }
    var address = SocketAddress()
    unsafe withUnsafeMutableBytes(of: &address.storage) { room in
      unsafe room.copyMemory(
        from: UnsafeRawBufferPointer(start: first.pointee.ai_addr, count: Int(first.pointee.ai_addrlen)))
    }
    address.length = unsafe first.pointee.ai_addrlen
    return address
  }
}
