internal import Bytes

/// The unit in which a capture that is being written counts time.
package enum CaptureTimeUnit: Sendable, CaseIterable {
  case microseconds
  case nanoseconds

  /// How many nanoseconds one unit lasts.
  package var nanoseconds: Int64 { self == .nanoseconds ? 1 : 1_000 }
  /// Units since 1970; a moment before counts as 1970, which is as far back as the formats reach.
  func count(_ timestamp: Timestamp) -> UInt64 { UInt64(max(0, timestamp.nanoseconds) / nanoseconds) }
}
