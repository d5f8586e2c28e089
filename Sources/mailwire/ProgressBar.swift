import Glibc

/// How far a long reading is, on standard error where that is a terminal: a bar with octets, rate and the time left;
/// without a bar where nobody knows how much will come. It appears after a second and leaves no trace.
///
///     ████████████████▌               52 %   1.1 of 2.1 GB   310 MB/s   3 s left
final class ProgressBar {
  private static let patience = Duration.seconds(1)
  private static let interval = Duration.milliseconds(100)
  private static let barWidth = 32

  private let file: Int32
  /// The file's size; nil of a pipe.
  private let total: UInt64?
  private let isShown: Bool
  private let begin = ContinuousClock.now
  private var last = ContinuousClock.now
  private var isOnScreen = false

  /// For a capture that is read from `file`; nothing is ever shown when `isQuiet`.
  init(file: Int32, isQuiet: Bool) {
    self.file = file
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1
    var status = stat()
    let isRegular = unsafe fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    total = isRegular && status.st_size > 0 ? UInt64(status.st_size) : nil
  }
  /// `byteCount` octets of the capture were read, after decompression.
  func advance(_ byteCount: UInt64) {
    guard isShown else { return }
    let now = ContinuousClock.now
    guard now - begin >= Self.patience, !isOnScreen || now - last >= Self.interval else { return }
    last = now
    isOnScreen = true
    // What was read of the file itself, which may be compressed.
    let position = total == nil ? byteCount : UInt64(max(0, lseek(file, 0, SEEK_CUR)))
    show("\r" + Self.line(position, of: total, after: (now - begin) / .seconds(1)) + "\u{1B}[K")
  }
  /// Takes the bar away.
  func erase() {
    if isOnScreen { show("\r\u{1B}[K") }
    isOnScreen = false
  }
  private func show(_ text: String) {
    let octets = Array(text.utf8)
    _ = unsafe octets.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// What the bar says.
  static func line(_ position: UInt64, of total: UInt64?, after seconds: Double) -> String {
    let rate = Double(position) / max(seconds, 0.001)
    guard let total else { return "\(size(Double(position))) read   \(size(rate))/s" }
    let part = min(1, Double(position) / Double(max(total, 1)))
    let eighths = Int(part * Double(barWidth) * 8)
    var bar = String(repeating: "█", count: eighths / 8)
    if eighths % 8 > 0 { bar += ["▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8 - 1] }
    bar += String(repeating: " ", count: barWidth - bar.count)
    let percent = String(Int(part * 100))
    let left = rate > 0 ? (Double(total) - Double(min(position, total))) / rate : 0
    return bar + String(repeating: " ", count: 4 - percent.count) + percent
      + " %   \(size(Double(position))) of \(size(Double(total)))   \(size(rate))/s   \(time(left)) left"
  }
  private static func size(_ octets: Double) -> String {
    var (value, unit) = (octets, 0)
    while value >= 999.5, unit < 4 { (value, unit) = (value / 1_000, unit + 1) }
    let tenths = Int((value * 10).rounded())
    let number = unit == 0 || tenths >= 1_000 ? "\(Int(value.rounded()))" : "\(tenths / 10).\(tenths % 10)"
    return "\(number) \(["B", "kB", "MB", "GB", "TB"][unit])"
  }
  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 359_999).rounded(.up))
    return whole < 60
      ? "\(whole) s" : whole < 3_600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3_600) h \(whole / 60 % 60) min"
  }
}
