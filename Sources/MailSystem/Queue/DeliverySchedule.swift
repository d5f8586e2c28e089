internal import Bytes

/// When a message that waits is tried again, when its sender is told that it waits, and when it is given up (RFC 5321
/// §4.5.4.1). All in nanoseconds.
///
///     tries: at once, after 1, 2, 4, 8, 16, 32 min, then every hour; told after 4 h; given up after 5 days
package struct DeliverySchedule: Equatable, Sendable {
  package var firstRetryDelay: Int64 = 60_000_000_000
  package var longestRetryDelay: Int64 = 3_600_000_000_000
  package var delayNoticeAge: Int64 = 14_400_000_000_000
  /// The RFC asks for 4 to 5 days at least.
  package var lifetime: Int64 = 432_000_000_000_000

  /// `timeScale` is what a second becomes: in a lesson with a scale of 0.001, an hour lasts 3.6 seconds.
  package init(timeScale: Double = 1) {
    guard timeScale.isFinite, timeScale > 0, timeScale != 1 else { return }
    func scaled(_ nanoseconds: Int64) -> Int64 { Int64(min(max(1, Double(nanoseconds) * timeScale), 1e18)) }
    firstRetryDelay = scaled(firstRetryDelay)
    longestRetryDelay = scaled(longestRetryDelay)
    delayNoticeAge = scaled(delayNoticeAge)
    lifetime = scaled(lifetime)
  }
  /// How long is waited behind the given number of attempts.
  func retryDelay(behind attemptCount: Int) -> Int64 {
    var delay = firstRetryDelay
    for _ in 1..<max(1, min(attemptCount, 64)) where delay < longestRetryDelay {
      delay = Self.sum(delay, delay)
    }
    return min(delay, longestRetryDelay)
  }
  /// The latest moment instead of one that no number can tell.
  static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? Int64.max : sum
  }
}

/// The numbers that a queue keeps to.
package enum MailQueueLimits {
  /// Entries that wait; a full queue takes nothing over, and the client hears 452.
  package static let entryCount = 100_000
  /// Domains that are tried at the same time.
  package static let destinationCount = 20
  /// Messages that are brought to one domain in one turn.
  package static let entriesPerDestination = 20
}
