internal import CPcap
public import Packets

/// A capture filter in tcpdump's language (pcap-filter(7)), compiled and applied by libpcap.
///
/// Programs are compiled for a link type when its first packet comes.
@safe public final class PacketFilter: PacketPredicate {
  private let expression: String
  private var programs: [Program] = []

  /// A compiled program, which is never moved.
  @safe private struct Program {
    var linkType: LinkType
    var code: UnsafeMutablePointer<bpf_program>
  }

  /// Throws when libpcap does not understand `expression`.
  public init(_ expression: String) throws(PacketFilterError) {
    self.expression = expression
    programs.append(try unsafe Program(linkType: .ethernet, code: Self.compile(expression, .ethernet)))
  }
  deinit {
    for program in programs {
      unsafe pcap_freecode(program.code)
      unsafe program.code.deallocate()
    }
  }
  /// Whether a packet passes. One whose link type the expression does not fit does not.
  public func passes(_ packet: Span<UInt8>, _ header: PacketHeader) -> Bool {
    guard let program = unsafe program(for: header.linkType) else { return false }
    return unsafe packet.withUnsafeBufferPointer { octets in
      var record = pcap_pkthdr()
      record.caplen = UInt32(clamping: octets.count)
      record.len = max(header.originalByteCount, record.caplen)
      return unsafe pcap_offline_filter(program, &record, octets.baseAddress) != 0
    }
  }
  private func program(for linkType: LinkType) -> UnsafeMutablePointer<bpf_program>? {
    for program in programs where program.linkType == linkType { return unsafe program.code }
    guard let code = unsafe try? Self.compile(expression, linkType) else { return nil }
    programs.append(unsafe Program(linkType: linkType, code: code))
    return unsafe code
  }
  private static func compile(
    _ expression: String, _ linkType: LinkType
  ) throws(PacketFilterError) -> UnsafeMutablePointer<bpf_program> {
    guard let handle = unsafe pcap_open_dead(Int32(linkType.rawValue), Int32(PacketLimits.capturedByteCount)) else {
      throw PacketFilterError(reason: "libpcap knows no link type \(linkType.rawValue)")
    }
    defer { unsafe pcap_close(handle) }
    let program = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
    unsafe program.initialize(to: bpf_program())
    if unsafe pcap_compile(handle, program, expression, 1, mailwireNetmaskUnknown()) != 0 {
      let reason = unsafe String(cString: pcap_geterr(handle))
      unsafe program.deallocate()
      throw PacketFilterError(reason: reason)
    }
    return unsafe program
  }
}

/// A filter expression that libpcap does not understand, in its words.
public struct PacketFilterError: Error, Equatable, Sendable {
  public var reason: String
}
