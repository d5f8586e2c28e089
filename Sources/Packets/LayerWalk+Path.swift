/// An IP address as two numbers, the octets in the order of the packet; IPv4 stands in the low half.
struct IPAddressHalves: BitwiseCopyable {
  var high: UInt64 = 0
  var low: UInt64 = 0
}

/// What a packet travels through. Connections of equal addresses in different tunnels are different connections.
enum Tunnel: UInt8, BitwiseCopyable {
  case vlan
  case ipInIP
  case gre
  case erspan
  case vxlan
  case geneve
  case gtp
  case l2tp
  case pppoe
  case providerBackbone
}

extension LayerWalk {
  /// Mixes a VLAN's identifier into the path.
  mutating func enter(vlan identifier: UInt16) {
    path = (path &* 0x1003) &+ (UInt32(identifier) &+ 1) << 1
    steps.append(.vlan, UInt32(identifier))
  }
  /// Mixes a tunnel between the addresses of the innermost IP header so far into the path, the same way for both
  /// directions.
  ///
  /// `identifier` must be one that both directions share: a VXLAN's network, a GRE key, a PPPoE session. What each side
  /// chooses for itself (MPLS labels, GTP's tunnel endpoints, L2TP's sessions, PPTP's calls) would part a connection's
  /// two directions and is left out.
  mutating func enter(_ tunnel: Tunnel, _ identifier: UInt32 = 0) {
    let ends = Self.mixed(source.low, source.high) &+ Self.mixed(destination.low, destination.high)
    steps.append(tunnel, identifier)
    let kind = UInt64(tunnel.rawValue) << 32 | UInt64(identifier)
    let mixed = Self.mixed(Self.mixed(ends, kind), UInt64(path))
    path = UInt32(truncatingIfNeeded: mixed >> 32) & ~1
  }
  private static func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
    FlowKey.mix(a ^ 0xE703_7ED1_A0B4_28DB, b ^ 0x9E37_79B9_7F4A_7C15)
  }
}
