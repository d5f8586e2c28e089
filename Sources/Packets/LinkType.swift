/// What a packet begins with: a LINKTYPE_ value of the pcap registry.
public struct LinkType: RawRepresentable, BitwiseCopyable, Hashable, Sendable {
  public var rawValue: UInt32
  @inlinable @inline(__always) public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// BSD loopback: the address family in the byte order of the machine that captured.
  @inlinable public static var null: LinkType { LinkType(rawValue: 0) }
  @inlinable @inline(__always) public static var ethernet: LinkType { LinkType(rawValue: 1) }
  /// IPv4 or IPv6 without a link header (LINKTYPE_RAW, and the DLT_RAW values that old files carry).
  @inlinable public static var raw: LinkType { LinkType(rawValue: 101) }
  @inlinable public static var rawBSD: LinkType { LinkType(rawValue: 12) }
  @inlinable public static var rawOpenBSD: LinkType { LinkType(rawValue: 14) }
  /// OpenBSD loopback: the address family in network order.
  @inlinable public static var loop: LinkType { LinkType(rawValue: 108) }
  /// Linux cooked capture.
  @inlinable public static var linuxSLL: LinkType { LinkType(rawValue: 113) }
  @inlinable public static var ipv4: LinkType { LinkType(rawValue: 228) }
  @inlinable public static var ipv6: LinkType { LinkType(rawValue: 229) }
  /// Linux cooked capture, second version.
  @inlinable public static var linuxSLL2: LinkType { LinkType(rawValue: 276) }

  /// Whether packets of this link type are decoded here.
  public var isDecoded: Bool { Layer(self) != nil }
}
