import Bytes
import Console
import Glibc

/// Standard output behind a buffer; a reader that goes away ends the program quietly.
final class StandardOutput {
  private var buffer = ByteWriter(minimumCapacity: 1 << 17)
  private static let flushByteCount = 1 << 16
  /// Nothing waits longer than this while more is made, and somebody calls `flushWhenDue`.
  private static let patience = Duration.milliseconds(100)
  private var lastFlush = ContinuousClock.now
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
  func flush() {
    lastFlush = ContinuousClock.now
    if buffer.count > 0 { willWrite() }
    buffer.withOctets { octets in
      unsafe octets.withUnsafeBytes { source in
        var offset = 0
        while offset < source.count {
          let written = unsafe Glibc.write(STDOUT_FILENO, source.baseAddress! + offset, source.count - offset)
          if written < 0 {
            if errno == EINTR { continue }
            giveUp(errno)
          }
          offset += written
        }
      }
    }
    buffer.removeAll()
  }
}
