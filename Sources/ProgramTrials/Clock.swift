internal import Bytes
internal import Glibc

/// Time that only goes forward, in nanoseconds.
enum Clock {
  static var nanoseconds: Int64 { read(CLOCK_MONOTONIC) }
  /// The time of day, as packets carry it.
  static var timeOfDay: Timestamp { Timestamp(nanoseconds: read(CLOCK_REALTIME)) }
  /// Processor time of this process, in nanoseconds.
  static var ownProcessorNanoseconds: Int64 { read(CLOCK_PROCESS_CPUTIME_ID) }
  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
