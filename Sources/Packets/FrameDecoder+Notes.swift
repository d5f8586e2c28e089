public import Bytes

/// Notes pass the decoder as they are.
extension FrameDecoder where Sink: ~Copyable {
  @inlinable public mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) { sink.receive(note, octets) }
}

extension SegmentSink where Self: ~Copyable {
  /// A sink that does not care for what the capture says besides its packets.
  @inlinable public mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {}
  /// A sink that does not care for the names of tunnels.
  @inlinable public mutating func receive(_ path: TunnelPath, number: UInt32) {}
  /// A sink for which no time passes.
  @inlinable public mutating func advance(to now: Timestamp) {}
}
