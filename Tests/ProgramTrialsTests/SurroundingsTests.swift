import Testing

@testable import ProgramTrials

/// What of /proc is covered, as mountinfo of proc(5) tells it.
@Suite struct SurroundingsTests {
  @Test(arguments: [
    ("22 1 0:5 / /proc rw - proc proc rw", false), ("23 22 0:9 / /proc/sys/fs/binfmt_misc rw - autofs x rw", false),
    ("24 22 0:5 /sys /proc/sys ro - proc proc rw", true), ("25 22 0:7 / /proc/kcore rw - tmpfs tmpfs rw", true),
    ("26 1 0:8 / /procession rw - tmpfs tmpfs rw", false), ("", false), ("broken", false),
  ])
  func tellsWhetherProcIsCovered(_ mounts: String, _ isCovered: Bool) {
    #expect(Surroundings.isCovered(mounts: mounts) == isCovered)
  }
}
