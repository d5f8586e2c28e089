public import Bytes

/// What a packet travels through before its innermost addresses: VLANs and tunnels, the outermost first.
///
///     VLAN 10, GRE, VXLAN 42
public struct TunnelPath: BitwiseCopyable, Sendable {
  /// One of them, and its identifier where both directions share one.
  struct Step: BitwiseCopyable {
    var tunnel = Tunnel.vlan
    var identifier: UInt32 = 0
  }
  private var steps = InlineArray<16, Step>(repeating: Step())
  /// How many there are.
  public private(set) var count = 0

  init() {}

  /// Every header that is read is one step at most.
  mutating func append(_ tunnel: Tunnel, _ identifier: UInt32) {
    guard count < PacketLimits.layerCount else { return }
    steps[count] = Step(tunnel: tunnel, identifier: identifier)
    count += 1
  }
  /// Appends the name of step `index`, from 0: `VLAN 10`, `IP in IP`.
  public func append(_ index: Int, to writer: inout ByteWriter) {
    let step = steps[index]
    writer.append(step.tunnel.name)
    guard step.identifier != 0 else { return }
    writer.append(UInt8(ascii: " "))
    writer.append(decimal: UInt(step.identifier))
  }
}

extension Tunnel {
  /// The name that a person reads.
  var name: StaticString {
    switch self {
    case .vlan: "VLAN"
    case .ipInIP: "IP in IP"
    case .gre: "GRE"
    case .erspan: "ERSPAN"
    case .vxlan: "VXLAN"
    case .geneve: "Geneve"
    case .gtp: "GTP"
    case .l2tp: "L2TP"
    case .pppoe: "PPPoE session"
    case .providerBackbone: "PBB service"
    }
  }
}
