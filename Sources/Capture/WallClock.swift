package import Bytes
// libpcap's header brings `timespec` along, and the compiler takes it for its owner.
internal import CPcap
internal import Glibc

/// The time of day, as packets carry it.
package enum WallClock {
  /// This moment, in nanoseconds since 1970.
  package static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
