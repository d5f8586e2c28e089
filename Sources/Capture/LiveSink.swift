public import Packets

/// Receives the packets of a live capture.
///
/// Order of calls: `receive` for every packet of a batch, then `work`, again and again until nothing is left to do or
/// the next batch is there; `idle` when there is nothing to do and no packet has come for a while.
public protocol LiveSink: AnyObject {
  /// One packet; `packet` is lent for the call.
  func receive(_ packet: Span<UInt8>, _ header: PacketHeader)
  /// Does what follows from the packets, for some hundredths of a second at most, and shows it; true when more is to do.
  func work() -> Bool
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
