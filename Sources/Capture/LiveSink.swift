public import Packets

/// Receives the packets of a live capture.
///
/// Order of calls: `receive` for every packet of a batch, then `pause`; `idle` when none has come for a while.
public protocol LiveSink: AnyObject {
  /// One packet; `packet` is lent for the call.
  func receive(_ packet: Span<UInt8>, _ header: PacketHeader)
  /// All that has come so far was received: whoever watches should see it now.
  func pause()
  /// No packet has come for some tenths of a second.
  func idle()
}

/// What a live capture has seen.
public struct LiveStatistics: Equatable, Sendable {
  /// Packets that were delivered.
  public var deliveredCount: UInt64 = 0
  /// Packets that passed the filter, as the system counts them.
  public var receivedCount: UInt64 = 0
  /// Packets lost because nobody took them out of the buffer in time.
  public var droppedCount: UInt64 = 0
  /// Packets lost by the interface, where it tells.
  public var interfaceDropCount: UInt64 = 0
  public init() {}
}
