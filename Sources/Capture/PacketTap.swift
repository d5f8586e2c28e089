internal import Bytes
internal import CPcap
internal import Glibc
public import Packets

/// Takes packets from an interface by libpcap without waiting: for somebody who does other things meanwhile.
///
///     let tap = try PacketTap(interface: "lo")
///     try tap.take { packet, header in … }      what has passed and was handed on since, in order
///
/// The kernel hands packets on some milliseconds late. Who must not miss the last sends something that can be known again, and
/// takes until it comes. Immediate mode would hand them on at once, and has room for sixteen packets only.
@safe public final class PacketTap {
  /// The kernel's buffer, in octets.
  private static let bufferByteCount: Int32 = 8 << 20
  /// How long the kernel collects packets before it hands them on.
  private static let batchMilliseconds: Int32 = 5
  /// Packets that are taken at a time: libpcap itself takes as long as any come.
  private static let packetCount: Int32 = 256
  private let handle: OpaquePointer
  /// What the packets begin with.
  public let linkType: LinkType
  private let collected = Collected()

  /// Opens the interface; what passes from now on is kept. `snapLength` is the octets taken of each packet.
  public init(interface: String, snapLength: Int = PacketLimits.capturedByteCount) throws(LiveCaptureError) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(interface, &message) else { throw .failed(message: message) }
    unsafe pcap_set_snaplen(handle, Int32(clamping: snapLength))
    unsafe pcap_set_promisc(handle, 0)
    unsafe pcap_set_timeout(handle, Self.batchMilliseconds)
    unsafe pcap_set_buffer_size(handle, Self.bufferByteCount)
    unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
    let status = unsafe pcap_activate(handle)
    if status < 0 {
      let reason = unsafe String(cString: pcap_geterr(handle))
      unsafe pcap_close(handle)
      throw .of(status, interface, reason: reason)
    }
    unsafe pcap_setnonblock(handle, 1, &message)
    unsafe self.handle = handle
    linkType = LinkType(rawValue: UInt32(bitPattern: unsafe pcap_datalink(handle)))
  }
  deinit { unsafe pcap_close(handle) }

  /// How many packets were lost because nobody took them in time.
  public var droppedCount: Int {
    var counts = pcap_stat()
    return unsafe pcap_stats(handle, &counts) == 0 ? Int(counts.ps_drop) : 0
  }
  /// Calls `body` with each packet that has passed since the last call; the packet is lent. Behind `octetLimit` octets the
  /// rest is left for the next call: packets may come as fast as they are taken.
  public func take(octetLimit: Int = Int.max, _ body: (Span<UInt8>, PacketHeader) -> Void) throws(LiveCaptureError) {
    var octetCount = 0
    let user = unsafe Unmanaged.passUnretained(collected).toOpaque().assumingMemoryBound(to: UInt8.self)
    while true {
      let status = unsafe pcap_dispatch(
        handle, Self.packetCount,
        { user, header, octets in
          guard let user = unsafe user, let header = unsafe header, let octets = unsafe octets else { return }
          let collected = unsafe Unmanaged<Collected>.fromOpaque(user).takeUnretainedValue()
          let record = unsafe header.pointee
          let packet = unsafe UnsafeBufferPointer(start: octets, count: Int(record.caplen))
          unsafe collected.receive(
            Array(packet), record.len,
            Timestamp(nanoseconds: Int64(record.ts.tv_sec) * 1_000_000_000 + Int64(record.ts.tv_usec)))
        }, user)
      if status < 0 { throw .failed(reason: unsafe String(cString: pcap_geterr(handle))) }
      for packet in collected.packets {
        collected.count &+= 1
        octetCount &+= packet.octets.count
        body(
          packet.octets.span,
          PacketHeader(
            frame: collected.count, linkType: linkType, timestamp: packet.timestamp,
            originalByteCount: packet.originalByteCount))
      }
      collected.packets.removeAll(keepingCapacity: true)
      if status == 0 || octetCount >= octetLimit { return }
    }
  }
}

/// What libpcap's callback reaches.
private final class Collected {
  var packets: [(octets: [UInt8], originalByteCount: UInt32, timestamp: Timestamp)] = []
  var count: UInt32 = 0

  func receive(_ octets: [UInt8], _ originalByteCount: UInt32, _ timestamp: Timestamp) {
    packets.append((octets, originalByteCount, timestamp))
  }
}
