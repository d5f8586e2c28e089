internal import CPcap

/// Why a live capture cannot begin or go on.
public enum LiveCaptureError: Error, Equatable, Sendable {
  /// The operating system does not let this user capture here.
  case noPermission(interface: String)
  case noSuchInterface(String)
  /// The interface is there and switched off.
  case interfaceDown(String)
  /// libpcap does not understand the filter, in its words.
  case filter(reason: String)
  /// Anything else, in libpcap's words.
  case failed(reason: String)

  /// What libpcap has written into a buffer of its own words.
  static func failed(message: [CChar]) -> LiveCaptureError {
    .failed(reason: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
  /// The error of a status that libpcap returned, with the words that it had for it.
  static func of(_ status: Int32, _ interface: String, reason: String) -> LiveCaptureError {
    switch status {
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: .noPermission(interface: interface)
    case PCAP_ERROR_NO_SUCH_DEVICE: .noSuchInterface(interface)
    case PCAP_ERROR_IFACE_NOT_UP: .interfaceDown(interface)
    default: .failed(reason: reason.isEmpty ? unsafe String(cString: pcap_statustostr(status)) : reason)
    }
  }
}

extension LiveCaptureError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .noPermission(let interface): "no permission to capture on \(interface)"
    case .noSuchInterface(let interface): "there is no interface \(interface)"
    case .interfaceDown(let interface): "the interface \(interface) is down"
    case .filter(let reason), .failed(let reason): reason
    }
  }
}
