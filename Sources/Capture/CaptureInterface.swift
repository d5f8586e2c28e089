internal import CPcap
internal import Glibc

/// A network interface on which can be captured, or could be.
public struct CaptureInterface: Equatable, Sendable {
  public var name: String
  /// libpcap's words for it, if it has any.
  public var description: String?
  /// As text: dotted decimal, or RFC 5952's form.
  public var addresses: [String]
  public var isUp: Bool
  public var isLoopback: Bool
  /// Why nobody can capture here now; nil when this user can.
  public var obstacle: LiveCaptureError?

  /// Devices of libpcap that carry no network packets.
  private static let otherDevices = ["bluetooth", "dbus-", "nflog", "nfqueue", "usbmon"]

  /// Every interface, as libpcap orders them, each tried.
  public static func all() throws(LiveCaptureError) -> [CaptureInterface] {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var first: UnsafeMutablePointer<pcap_if_t>?
    guard unsafe pcap_findalldevs(&first, &message) == 0 else {
      throw .failed(message: message)
    }
    defer { unsafe pcap_freealldevs(first) }
    var interfaces: [CaptureInterface] = []
    var next = unsafe first
    while let device = unsafe next {
      let name = unsafe String(cString: device.pointee.name)
      if !otherDevices.contains(where: { name.hasPrefix($0) }) {
        interfaces.append(unsafe CaptureInterface(device.pointee, name))
      }
      unsafe next = device.pointee.next
    }
    return interfaces
  }
  private init(_ device: pcap_if_t, _ name: String) {
    self.name = name
    description = unsafe device.description.map { unsafe String(cString: $0) }
    addresses = unsafe Self.addresses(device.addresses)
    isUp = unsafe device.flags & UInt32(PCAP_IF_UP) != 0
    isLoopback = unsafe device.flags & UInt32(PCAP_IF_LOOPBACK) != 0
    do throws(LiveCaptureError) {
      var settings = LiveCapture.Settings(interface: name)
      settings.bufferByteCount = 2 << 20
      _ = try LiveCapture(settings)
    } catch { obstacle = error }
  }
  private static func addresses(_ first: UnsafeMutablePointer<pcap_addr>?) -> [String] {
    var texts: [String] = []
    var next = unsafe first
    while let entry = unsafe next {
      if let address = unsafe entry.pointee.addr, let text = unsafe text(address) { texts.append(text) }
      unsafe next = entry.pointee.next
    }
    return texts
  }
  private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
    let length: Int
    switch Int32(unsafe address.pointee.sa_family) {
    case AF_INET: length = MemoryLayout<sockaddr_in>.size
    case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
    default: return nil
    }
    var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = unsafe getnameinfo(
      address, socklen_t(length), &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
    return status == 0 ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }
}
