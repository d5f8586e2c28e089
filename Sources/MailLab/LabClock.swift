internal import Bytes
// Where Foundation is used anywhere in a module, `timespec` counts as a part of it.
internal import CoreFoundation
internal import Glibc

/// The wall clock, which the roles of the mail system are told and never read.
enum LabClock {
  static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
