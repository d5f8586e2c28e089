import Glibc
import Testing

@testable import ProgramTrials

/// Time as programs on trial have had it, and what is seen of them.
struct FairClockTests {
  private static let millisecond: Int64 = 1_000_000

  @Test func aProgramThatIsNotLetRunIsNotLate() {
    var clock = FairClock(0)
    for step in 1...100 {
      let look = ProcessLook(processorNanoseconds: Int64(step) * Self.millisecond, isRunnable: true)
      clock.advance(look, Int64(step) * 50 * Self.millisecond, isOurTurn: false, ownProcessor: 0)
    }
    #expect(clock.nanoseconds == 100 * Self.millisecond)
    #expect(clock.ownNanoseconds == clock.nanoseconds)
  }
  @Test func aProgramThatComputesHasThatTime() {
    var clock = FairClock(0)
    clock.advance(
      ProcessLook(processorNanoseconds: 900 * Self.millisecond, isRunnable: true), 50 * Self.millisecond,
      isOurTurn: true, ownProcessor: 0)
    // Of several processors, as much as has passed.
    #expect(clock.nanoseconds == 50 * Self.millisecond)
    #expect(clock.ownNanoseconds == clock.nanoseconds)
  }
  @Test func whoWaitsWaitsAsLongAsItIs() {
    var clock = FairClock(0)
    let asleep = ProcessLook(processorNanoseconds: 0, isRunnable: false)
    clock.advance(asleep, 60 * Self.millisecond, isOurTurn: false, ownProcessor: 0)
    #expect(clock.ownNanoseconds == 60 * Self.millisecond)
    clock.advance(asleep, 90 * Self.millisecond, isOurTurn: true, ownProcessor: 0)
    #expect(clock.nanoseconds == 90 * Self.millisecond)
    #expect(clock.ownNanoseconds == 60 * Self.millisecond)
    // In ten seconds without a look it was the looker that did not run.
    clock.advance(asleep, 10_090 * Self.millisecond, isOurTurn: false, ownProcessor: 0)
    #expect(clock.nanoseconds == 190 * Self.millisecond)
    // Unless it worked, while the program waited.
    clock.advance(
      asleep, 10_690 * Self.millisecond, isOurTurn: false, ownProcessor: 500 * Self.millisecond)
    #expect(clock.nanoseconds == 790 * Self.millisecond)
  }
  @Test func aProcessIsSeenToSleepAndToRun() {
    #expect(ProcessLook([getpid()]).isRunnable)
    #expect(ProcessLook([getpid()]).processorNanoseconds > 0)
    let gone = ProcessLook([pid_t.max])
    #expect(!gone.isRunnable && !gone.isHeldUp && gone.processorNanoseconds == 0)
  }
}
