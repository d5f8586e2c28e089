internal import Bytes

/// Reads a capture, whatever its format, and delivers every packet in order.
///
///     let reader = CaptureReader(fileDescriptor: 0)
///     try reader.read(into: &sink)
public struct CaptureReader: ~Copyable {
  @usableFromInline var window: ReadWindow
  /// Stop after this many packets.
  public var packetLimit = UInt32.max
  /// Asked at every refill: true ends the reading as if the capture ended here.
  public var isInterrupted: @Sendable () -> Bool = { false }
  /// Told at every refill how many octets of the capture were read.
  public var progress: (UInt64) -> Void = { _ in }
  /// The number of packets delivered.
  public var frame: UInt32 = 0
  /// Octets of the capture read so far.
  public var byteCount: UInt64 { window.offset }

  /// Reads from `fileDescriptor`, which stays the caller's to close; with `readsAhead` on a second thread, where the
  /// file is not short.
  public init(fileDescriptor: Int32, readsAhead: Bool = false) {
    window = ReadWindow(fileDescriptor: fileDescriptor, readsAhead: readsAhead)
  }

  /// Delivers every packet to `sink`. Throws at the first octet that cannot be read as a capture; everything before
  /// it has been delivered.
  @inlinable public mutating func read<Sink: PacketSink & ~Copyable>(into sink: inout Sink) throws(CaptureError) {
    let format: Format
    do { format = try recognise() } catch {
      // What has not come yet is not wrong.
      if isInterrupted() { return }
      throw error
    }
    switch format {
    case .pcap(var file): try deliver(&file, into: &sink)
    case .pcapng(var file): try deliver(&file, into: &sink)
    case .snoop(var file): try deliver(&file, into: &sink)
    case .erf(var file): try deliver(&file, into: &sink)
    }
  }

  /// Waits until `byteCount` octets are at hand or no more come.
  @usableFromInline mutating func fill(_ byteCount: Int) throws(CaptureError) {
    while window.count < byteCount {
      switch window.refill() {
      case .filled: continue
      case .idle:
        progress(window.offset)
        if isInterrupted() { return }
      case .end: return
      }
    }
  }

  @inlinable mutating func deliver<File: RecordFormat, Sink: PacketSink & ~Copyable>(
    _ file: inout File, into sink: inout Sink
  ) throws(CaptureError) {
    while true {
      let offset = window.offset
      var frame = self.frame
      defer { self.frame = frame }
      let limit = packetLimit
      try window.consume { octets throws(CaptureError) in
        try file.walk(octets, at: offset, frame: &frame, limit: limit, into: &sink)
      }
      if frame >= limit { return }
      switch window.refill(needed: file.neededByteCount) {
      case .filled: break
      case .idle: sink.idle()
      case .end:
        if let failure = window.failure { throw failure }
        if window.count > 0 || file.passedByteCount > 0 {
          throw .truncated(
            offset: window.offset, needed: max(file.neededByteCount, file.passedByteCount, window.count + 1),
            had: window.count)
        }
        return
      }
      progress(window.offset)
      if isInterrupted() { return }
    }
  }
}

/// A capture format whose records follow one another.
@usableFromInline protocol RecordFormat {
  /// Octets that the record at the head of the unread octets needs; 1 when not known.
  var neededByteCount: Int { get }
  /// Octets that are still to come, and will be passed over.
  var passedByteCount: Int { get }
  /// Delivers every whole record of `octets`, which lie at `offset` in the capture; returns how many octets they took.
  mutating func walk<Sink: PacketSink & ~Copyable>(
    _ octets: Span<UInt8>, at offset: UInt64, frame: inout UInt32, limit: UInt32, into sink: inout Sink
  ) throws(CaptureError) -> Int
}

extension RecordFormat {
  /// Most formats pass over nothing.
  @inlinable var passedByteCount: Int { 0 }
}
