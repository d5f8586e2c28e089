internal import Glibc

/// A turn of the loop: what time it is, and whether the programs wait for our side.
struct TrialMoment {
  /// Nanoseconds of the clock on the wall.
  let now: Int64
  /// Nanoseconds of the `FairClock`.
  let fair: Int64
  /// The first processes of the programs.
  let programs: [pid_t]

  /// Whether the programs do nothing but wait.
  var isAtRest: Bool {
    let look = ProcessLook(programs)
    return !look.isRunnable && !look.isHeldUp
  }
  /// Whether the programs have taken all that has come to them on a connection, and do nothing but wait. `mine` and `theirs` are
  /// the ports of its ends. What a program says without waiting is on the wire by then, however busy the machine is.
  func isAtRest(mine: UInt16, theirs: UInt16) -> Bool {
    isAtRest && PrivateNetwork.unreadByteCount(from: mine, to: theirs) == 0
  }
}
