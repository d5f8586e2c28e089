import Glibc
import Synchronization

/// Ctrl-C, SIGTERM, and a terminal that goes away: the first asks for what was found so far, the second ends at once.
enum Interruption {
  private static let requests = Atomic<Int>(0)

  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  static func install() {
    // Whoever started this program may have blocked the signals.
    var interrupts = sigset_t()
    unsafe sigemptyset(&interrupts)
    var action = sigaction()
    // Without SA_RESTART a file that does not open, a pipe that nobody writes, is waited for no longer.
    unsafe action.__sigaction_handler.sa_handler = { _ in
      if Interruption.requests.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
    }
    for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !isIgnored(number) {
      unsafe sigaddset(&interrupts, number)
      unsafe sigaction(number, &action, nil)
    }
    unsafe sigprocmask(SIG_UNBLOCK, &interrupts, nil)
  }
  /// Whether whoever started this program wants the signal to do nothing: nohup(1).
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return unsafe handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
