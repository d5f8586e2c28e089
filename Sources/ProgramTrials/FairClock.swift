/// How much time the programs on trial have had, in nanoseconds: time in which they wait for something counts as it is, time in
/// which they want a processor counts as far as they get one. On a machine that is busy with others it goes slowly, so that
/// nobody is called quiet or slow who was never let run.
struct FairClock {
  private(set) var nanoseconds: Int64 = 0
  /// The part of it in which it was not our turn.
  private(set) var ownNanoseconds: Int64 = 0
  private var last: Int64
  private var lastProcessor: Int64 = 0
  private var lastOwnProcessor: Int64 = 0
  /// What counts at once, at most, besides what this process has worked: in a longer pause it was not let run itself.
  private static let longestNanoseconds: Int64 = 100_000_000

  /// Begins at `now`, in nanoseconds of the clock on the wall.
  init(_ now: Int64) { last = now }

  /// `ownProcessor` is the processor time of this process. `isOurTurn` while something of ours is still to be sent.
  mutating func advance(_ look: ProcessLook, _ now: Int64, isOurTurn: Bool, ownProcessor: Int64) {
    let worked = max(0, ownProcessor - lastOwnProcessor)
    lastOwnProcessor = ownProcessor
    let passed = min(max(0, now - last), Self.longestNanoseconds + worked)
    let had = max(0, look.processorNanoseconds - lastProcessor)
    let counted = look.isRunnable ? min(passed, had) : passed
    nanoseconds += counted
    if look.isRunnable || !isOurTurn { ownNanoseconds += counted }
    last = now
    lastProcessor = look.processorNanoseconds
  }
}
