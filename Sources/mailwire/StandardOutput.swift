import Bytes
import Console
import Glibc

/// Standard output behind a buffer; a reader that goes away ends the program quietly.
final class StandardOutput {
  private static let capacity = 1 << 17
  private var buffer = ByteWriter(minimumCapacity: capacity)
  private static let flushByteCount = 1 << 16
  /// Nothing waits longer than this while more is made, and somebody calls `flushWhenDue`.
  private static let patience = Duration.milliseconds(100)
  private var lastFlush = ContinuousClock.now
  /// Octets of the buffer that were written already.
  private var shownCount = 0
  /// Whether whoever writes waits for a screen that was halted, or for a slow reader: who captures must not.
  var waits = true
  /// Standard output for who does not wait: a terminal anew, since it takes less than it has promised, and others write
  /// to the one that we were given.
  private lazy var screen: Int32 = {
    let terminal = unsafe ttyname(STDOUT_FILENO).map { unsafe open($0, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
    return max(terminal ?? -1, STDOUT_FILENO)
  }()
  /// Whether more is left than a reader takes at once.
  var isBehind: Bool { buffer.count - shownCount >= Self.flushByteCount }
  /// Whether a person looks at it on a terminal, and has not asked for no colour (no-color.org).
  let usesColor: Bool
  /// The terminal's width; 80 where there is none.
  let columns: Int
  /// Called before anything is written: a progress bar on the same terminal goes out of the way.
  var willWrite: () -> Void = {}

  init() {
    usesColor = Terminal.usesColor
    columns = Terminal.columns
  }

  func write(_ octets: Span<UInt8>) {
    buffer.append(octets)
    if buffer.count >= Self.flushByteCount { flush() }
  }
  func write(_ text: String) {
    buffer.append(string: text)
    if buffer.count >= Self.flushByteCount { flush() }
  }
  /// Nobody can be told anything any more: a reader that went away knows, all else is said.
  private func giveUp(_ error: Int32) -> Never {
    if error == EPIPE { exit(0) }
    Terminal.complain("standard output: \(unsafe String(cString: strerror(error)))")
    exit(2)
  }
  /// Shows what has waited long enough, where a capture that is still being written leaves no pause for it.
  func flushWhenDue() {
    if buffer.count > 0, ContinuousClock.now - lastFlush >= Self.patience { flush() }
  }
  /// Writes what was not written yet: all of it, or what is taken at once where nobody `waits`.
  func flush() { if waits { flushAll() } else { flushWhatFits() } }
  /// Writes all, however long that takes.
  func flushAll() {
    begin()
    while shownCount < buffer.count { _ = writePiece(buffer.count - shownCount, to: STDOUT_FILENO) }
    forgetShown()
  }
  /// Writes what is taken at once. When more than a little is left, it waits for `milliseconds` whether that changes.
  func flushWhatFits(orWaitAtMost milliseconds: Int32 = 0) {
    begin()
    defer { forgetShown() }
    while shownCount < buffer.count {
      var watched = pollfd(fd: screen, events: Int16(POLLOUT), revents: 0)
      guard unsafe poll(&watched, 1, isBehind ? milliseconds : 0) > 0 else { return }
      // So much fits into a pipe that takes anything (pipe(7)).
      guard writePiece(min(Int(PIPE_BUF), buffer.count - shownCount), to: screen) else { return }
    }
  }
  private func begin() {
    lastFlush = ContinuousClock.now
    if shownCount < buffer.count { willWrite() }
  }
  /// Forgets what was written, unless that is too little to move the rest for.
  private func forgetShown() {
    if shownCount == buffer.count {
      buffer.removeAll()
    } else if shownCount >= Self.flushByteCount {
      var rest = ByteWriter(minimumCapacity: Self.capacity)
      buffer.withOctets { rest.append($0.extracting(shownCount...)) }
      buffer = rest
    } else {
      return
    }
    shownCount = 0
  }
  /// Writes the next `count` octets, or fewer; false when the terminal takes none now.
  private func writePiece(_ count: Int, to file: Int32) -> Bool {
    let written = buffer.withOctets { octets in
      let piece = octets.extracting(shownCount..<shownCount + count)
      return unsafe piece.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
    }
    if written >= 0 {
      shownCount += written
    } else if errno == EAGAIN {
      if file != STDOUT_FILENO { return false }
      // Others who write there have it that way: a terminal, a pipe that was handed on.
      var watched = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
      _ = unsafe poll(&watched, 1, -1)
    } else if errno != EINTR {
      giveUp(errno)
    }
    return true
  }
}
