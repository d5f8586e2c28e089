/// What stands next in a packet: a header of some protocol, or the end of the walk.
enum Layer: Equatable {
  // Link layers.
  case ethernet
  case vlanTag
  case providerBackboneTag
  case llc
  case fddi
  case tokenRing
  case loopback
  case linuxSLL
  case linuxSLL2
  case erf
  case packetFilterLog
  case encapsulated
  case netfilterLog
  case packetTap
  case ppp
  case pppWithDirection
  case pppoe
  case ciscoHDLC
  case frameRelay
  case mpls
  case wireless
  case radiotap
  case prism
  case avs
  case ppi
  /// IPv4 or IPv6, told apart by the version.
  case ip
  /// What an IP header carries: the protocol's number.
  case payload(UInt8)
  /// Nothing here that could carry TCP.
  case other
  /// The packet ends within a header.
  case truncated
  /// A header contradicts itself.
  case malformed

  /// What a packet of a link type begins with; nil when such packets are not decoded.
  init?(_ linkType: LinkType) {
    switch linkType.rawValue {
    case 0, 108: self = .loopback
    case 1: self = .ethernet
    case 6: self = .tokenRing
    case 9, 50: self = .ppp
    case 10: self = .fddi
    case 12, 14, 101, 228, 229: self = .ip
    case 51: self = .pppoe
    case 100: self = .llc
    case 104: self = .ciscoHDLC
    case 105: self = .wireless
    case 107: self = .frameRelay
    case 109: self = .encapsulated
    case 113: self = .linuxSLL
    case 117: self = .packetFilterLog
    case 119: self = .prism
    case 127: self = .radiotap
    case 163: self = .avs
    case 192: self = .ppi
    case 197: self = .erf
    case 204: self = .pppWithDirection
    case 219: self = .mpls
    case 239: self = .netfilterLog
    case 258: self = .packetTap
    case 276: self = .linuxSLL2
    default: return nil
    }
  }
  /// What follows an EtherType, as IEEE 802 and RFC 9542 assign them; a number below 1,536 is a length, behind which
  /// LLC stands.
  init(etherType: UInt16) {
    switch etherType {
    case 0x0800, 0x86DD: self = .ip
    case 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300: self = .vlanTag
    case 0x88E7: self = .providerBackboneTag
    case 0x8847, 0x8848: self = .mpls
    case 0x8864: self = .pppoe
    case 0x880B: self = .ppp
    case 0x6558: self = .ethernet
    case ..<1_536: self = .llc
    default: self = .other
    }
  }
  /// What follows PPP's protocol number (IANA's "PPP DLL Protocol Numbers").
  init(pppProtocol: UInt16) {
    switch pppProtocol {
    case 0x0021, 0x0057: self = .ip
    case 0x0281, 0x0283: self = .mpls
    default: self = .other
    }
  }

  /// Whether datagrams of this IP protocol may carry TCP, so that their fragments are worth keeping: IPv4 in IP, TCP,
  /// UDP, IPv6 in IP, GRE, AH.
  static func carriesTCP(_ protocolNumber: UInt8) -> Bool {
    switch protocolNumber {
    case 4, 6, 17, 41, 47, 51: true
    default: false
    }
  }
}
