/// Holds something of ours back until the programs wait for it: what depends on who is faster is then the same on every machine.
struct RestHold {
  /// Since when, by the fair clock.
  private var since: Int64?
  /// How long a program may take to come to rest, in nanoseconds of the fair clock.
  private static let longestNanoseconds: Int64 = 400_000_000
  /// How soon the programs are looked at again, in nanoseconds.
  static let lookNanoseconds: Int64 = 500_000

  enum Outcome { case rests, waits, gaveUp }
  mutating func look(_ moment: TrialMoment, isAtRest: Bool) -> Outcome {
    if isAtRest {
      since = nil
      return .rests
    }
    let begin = since ?? moment.fair
    since = begin
    return moment.fair - begin > Self.longestNanoseconds ? .gaveUp : .waits
  }
}
