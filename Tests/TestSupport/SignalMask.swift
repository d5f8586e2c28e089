import Foundation

/// A test runs in a thread that blocks signals, and a program that it starts would inherit that, with all its children:
/// nothing but SIGKILL would end them.
package enum SignalMask {
  /// Before a program is started from this thread.
  package static func unblock() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_UNBLOCK, &all, nil)
  }
}
