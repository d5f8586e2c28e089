import Console
import Foundation

/// How far grading is, on standard error where that is a terminal; it leaves no trace.
///
///     ████████████████▌               52 %   520 of 1000
final class GradingProgress {
  private static let barWidth = 32
  private static let interval = Duration.milliseconds(100)
  private let total: Int
  private let isShown = isatty(2) == 1
  private var last = ContinuousClock.now
  private var isOnScreen = false

  init(total: Int) { self.total = total }

  func show(_ done: Int) {
    let now = ContinuousClock.now
    guard isShown, total > 1, now - last >= Self.interval else { return }
    last = now
    isOnScreen = true
    let filled = Self.barWidth * done / total
    let bar = String(repeating: "█", count: filled) + String(repeating: " ", count: Self.barWidth - filled)
    Terminal.tell("\r\(bar) \(100 * done / total) %   \(done) of \(total)\u{1B}[K")
  }
  func erase() {
    if isOnScreen { Terminal.tell("\r\u{1B}[K") }
    isOnScreen = false
  }
}
