import Glibc
import Synchronization

/// Ctrl-C and SIGTERM: the first asks for what was found so far, the second ends at once.
enum Interruption {
  private static let requests = Atomic<Int>(0)

  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  static func install() {
    // Whoever started this program may have blocked the signal.
    var interrupts = sigset_t()
    unsafe sigemptyset(&interrupts)
    unsafe sigaddset(&interrupts, SIGINT)
    unsafe sigaddset(&interrupts, SIGTERM)
    unsafe sigprocmask(SIG_UNBLOCK, &interrupts, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interruption.requests.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }
}
