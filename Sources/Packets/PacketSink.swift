public import Bytes

/// What the capture file says of one packet.
public struct PacketHeader: BitwiseCopyable, Sendable {
  /// The packet's number in the capture, from 1, as Wireshark numbers frames.
  public var frame: UInt32
  public var linkType: LinkType
  public var timestamp: Timestamp
  /// The packet's length on the wire; the bytes at hand may be fewer.
  public var originalByteCount: UInt32

  @inlinable @inline(__always)
  public init(frame: UInt32, linkType: LinkType, timestamp: Timestamp, originalByteCount: UInt32) {
    self.frame = frame
    self.linkType = linkType
    self.timestamp = timestamp
    self.originalByteCount = originalByteCount
  }
}

/// Receives packets in capture order.
public protocol PacketSink: ~Copyable {
  /// One packet; `packet` is lent for the call.
  mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader)
  /// What the capture says besides its packets, in the order of the file; `octets` are lent for the call.
  mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>)
  /// A packet that is not for this sink came at `now`: time goes on all the same.
  mutating func advance(to now: Timestamp)
  /// No packet has come for a while, and the capture is still being written.
  mutating func idle()
}

extension PacketSink where Self: ~Copyable {
  /// A sink that does not care for notes.
  @inlinable public mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {}
  /// A sink for which no time passes.
  @inlinable public mutating func advance(to now: Timestamp) {}
}
