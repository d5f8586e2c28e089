internal import Glibc

/// A turn of the loop: what time it is, and whether the programs wait for our side.
struct TrialMoment {
  /// Nanoseconds of the clock on the wall.
  let now: Int64
  /// Nanoseconds of the `FairClock`.
  let fair: Int64
  /// The first processes of the programs.
  let programs: [pid_t]

  private let rest = Rest()

  init(now: Int64, fair: Int64, programs: [pid_t]) {
    (self.now, self.fair, self.programs) = (now, fair, programs)
  }
  /// What is known of the programs in this turn: one look is enough for all connections.
  private final class Rest { var isKnown: Bool? }

  /// Whether the programs do nothing but wait.
  var isAtRest: Bool {
    if let known = rest.isKnown { return known }
    let look = ProcessLook(programs)
    let isAtRest = !look.isRunnable && !look.isHeldUp
    rest.isKnown = isAtRest
    return isAtRest
  }
  /// Something was sent: the programs have something to do, for the rest of this turn.
  func wake() { rest.isKnown = false }
  /// Whether the programs have taken all that has come to them on a connection, and do nothing but wait. `file` is our end of it,
  /// `mine` and `theirs` are the ports. What a program says without waiting is on the wire by then, however busy the machine is.
  func isAtRest(_ file: Int32, mine: UInt16, theirs: UInt16) -> Bool {
    isAtRest && PrivateNetwork.unreadByteCount(beyond: file, near: mine, far: theirs) == 0
  }
}
