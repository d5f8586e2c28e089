internal import Bytes
internal import CPcap
internal import Glibc
public import Packets

/// Captures packets from a network interface by libpcap.
///
///     let capture = try LiveCapture(.init(interface: "lo", filter: "tcp port 25"))
///     try capture.run(into: sink) { stopWasAskedFor }
///     print(capture.statistics())
///
/// The buffer is large and packets are taken in batches, because libpcap's immediate mode loses packets under load.
@safe public final class LiveCapture {
  /// What to capture, and how.
  public struct Settings: Sendable {
    public var interface: String
    /// A filter in tcpdump's language, applied by the kernel.
    public var filter: String?
    /// Octets taken of each packet; loopback's reach 65,549.
    public var snapLength = PacketLimits.capturedByteCount
    /// The kernel's buffer; a smaller one is taken where this is not to be had.
    public var bufferByteCount = 32 << 20
    /// Stop after this many packets.
    public var packetLimit = UInt64.max
    /// Stop after this many seconds.
    public var seconds: Double?

    public init(interface: String) { self.interface = interface }
  }
  /// How long the kernel collects packets before it hands them on, in milliseconds.
  private static let batchMilliseconds: Int32 = 100
  /// The smallest buffer that is tried.
  private static let smallestBufferByteCount = 2 << 20
  /// What is in the kernel's buffer at the end comes within this time.
  private static let drainNanoseconds: Int64 = 250_000_000
  /// This many empty waits in a row are silence.
  private static let silentWaitCount = 2

  private let handle: OpaquePointer
  private let settings: Settings
  private let delivery = Delivery()
  /// What the packets begin with.
  public let linkType: LinkType

  /// Opens the interface. What passes from now on is captured, also before `run`.
  public init(_ settings: Settings) throws(LiveCaptureError) {
    self.settings = settings
    let handle = try unsafe Self.activate(settings)
    unsafe self.handle = handle
    if settings.interface == "any" { _ = unsafe pcap_set_datalink(handle, Int32(LinkType.linuxSLL2.rawValue)) }
    let dataLink = UInt32(bitPattern: unsafe pcap_datalink(handle))
    // libpcap's DLT_RAW has another number in files.
    linkType = dataLink == LinkType.rawBSD.rawValue ? .raw : LinkType(rawValue: dataLink)
    delivery.linkType = linkType
    delivery.limit = settings.packetLimit
    if let filter = settings.filter { try unsafe Self.set(filter, handle) }
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    if unsafe pcap_setnonblock(handle, 1, &message) != 0 {
      throw .failed(message: message)
    }
  }
  deinit { unsafe pcap_close(handle) }

  private static func activate(_ settings: Settings) throws(LiveCaptureError) -> OpaquePointer {
    var bufferByteCount = settings.bufferByteCount
    while true {
      var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
      guard let handle = unsafe pcap_create(settings.interface, &message) else {
        throw .failed(message: message)
      }
      unsafe pcap_set_snaplen(handle, Int32(clamping: settings.snapLength))
      unsafe pcap_set_promisc(handle, 0)
      unsafe pcap_set_timeout(handle, batchMilliseconds)
      unsafe pcap_set_buffer_size(handle, Int32(clamping: bufferByteCount))
      unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
      let status = unsafe pcap_activate(handle)
      if status >= 0 { return unsafe handle }
      let reason = unsafe String(cString: pcap_geterr(handle))
      unsafe pcap_close(handle)
      // A buffer that is too large fails without a name of its own.
      guard status == PCAP_ERROR, bufferByteCount > smallestBufferByteCount else {
        throw .of(status, settings.interface, reason: reason)
      }
      bufferByteCount /= 2
    }
  }
  private static func set(_ filter: String, _ handle: OpaquePointer) throws(LiveCaptureError) {
    var program = unsafe bpf_program()
    guard unsafe pcap_compile(handle, &program, filter, 1, mailwireNetmaskUnknown()) == 0 else {
      throw .filter(reason: unsafe String(cString: pcap_geterr(handle)))
    }
    defer { unsafe pcap_freecode(&program) }
    if unsafe pcap_setfilter(handle, &program) != 0 {
      throw .filter(reason: unsafe String(cString: pcap_geterr(handle)))
    }
  }

  /// Delivers packets until `isStopped` says so, the packets or the time are up, or the interface is gone. Packets that
  /// came before the stop and are still in the kernel's buffer are delivered; later ones are not.
  public func run(into sink: any LiveSink, isStopped: () -> Bool) throws(LiveCaptureError) {
    delivery.sink = sink
    defer { delivery.sink = nil }
    let end = settings.seconds.map { WallClock.now.nanoseconds + Int64($0 * 1e9) } ?? Int64.max
    var silentWaits = 0
    while !delivery.isFull {
      if isStopped() || WallClock.now.nanoseconds >= end {
        return try drain(until: min(WallClock.now.nanoseconds, end), sink)
      }
      let hasPackets = try takeBatch() > 0
      let isBusy = sink.work()
      silentWaits = hasPackets || isBusy ? 0 : silentWaits + 1
      if silentWaits >= Self.silentWaitCount { sink.idle() }
      if silentWaits > 0 { wait(atMost: end - WallClock.now.nanoseconds) }
    }
  }
  /// Takes what the kernel had collected until `end`.
  private func drain(until end: Int64, _ sink: any LiveSink) throws(LiveCaptureError) {
    delivery.end = end
    while WallClock.now.nanoseconds < end + Self.drainNanoseconds, !delivery.isFull {
      let hasPackets = try takeBatch() > 0
      if !hasPackets, !sink.work() { wait(atMost: end + Self.drainNanoseconds - WallClock.now.nanoseconds) }
    }
  }
  /// Delivers what the kernel has ready; returns how many packets that was.
  private func takeBatch() throws(LiveCaptureError) -> Int32 {
    let user = unsafe Unmanaged.passUnretained(delivery).toOpaque().assumingMemoryBound(to: UInt8.self)
    let status = unsafe pcap_dispatch(
      handle, -1,
      { user, header, octets in
        guard let user = unsafe user, let header = unsafe header, let octets = unsafe octets else { return }
        let delivery = unsafe Unmanaged<Delivery>.fromOpaque(user).takeUnretainedValue()
        let record = unsafe header.pointee
        let packet = unsafe UnsafeBufferPointer(start: octets, count: Int(record.caplen))
        unsafe delivery.receive(
          packet.span, originalByteCount: record.len,
          // The fraction counts nanoseconds, as was asked for.
          Timestamp(nanoseconds: Int64(record.ts.tv_sec) * 1_000_000_000 + Int64(record.ts.tv_usec)))
      }, user)
    if status == PCAP_ERROR_BREAK { return 1 }
    if status < 0 { throw .failed(reason: unsafe String(cString: pcap_geterr(handle))) }
    return status
  }
  /// Waits until packets are there, for the time of one batch; a signal ends the wait.
  private func wait(atMost nanoseconds: Int64) {
    var watched = pollfd(fd: unsafe pcap_get_selectable_fd(handle), events: Int16(POLLIN), revents: 0)
    let milliseconds = max(1, min(Int64(Self.batchMilliseconds), nanoseconds / 1_000_000))
    _ = unsafe poll(&watched, 1, Int32(milliseconds))
  }
  /// What was captured and lost until now.
  public func statistics() -> LiveStatistics {
    var counts = pcap_stat()
    var statistics = LiveStatistics()
    statistics.deliveredCount = delivery.count
    if unsafe pcap_stats(handle, &counts) == 0 {
      statistics.receivedCount = UInt64(counts.ps_recv)
      statistics.droppedCount = UInt64(counts.ps_drop)
      statistics.interfaceDropCount = UInt64(counts.ps_ifdrop)
    }
    return statistics
  }
}

/// What libpcap's callback reaches: the sink, and how far the capture is.
private final class Delivery {
  var sink: (any LiveSink)?
  var linkType = LinkType.ethernet
  var count: UInt64 = 0
  var limit = UInt64.max
  /// Packets after this moment are not wanted.
  var end = Int64.max
  var isFull: Bool { count >= limit }

  func receive(_ packet: Span<UInt8>, originalByteCount: UInt32, _ timestamp: Timestamp) {
    guard !isFull, timestamp.nanoseconds <= end else { return }
    count += 1
    sink?.receive(
      packet,
      PacketHeader(
        frame: UInt32(truncatingIfNeeded: count), linkType: linkType, timestamp: timestamp,
        originalByteCount: originalByteCount))
  }
}
