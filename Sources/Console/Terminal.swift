internal import Glibc

/// Lines for people and programs, each written at once.
package enum Terminal {
  /// A line to standard output.
  package static func print(_ line: String) { write("\(line)\n", to: STDOUT_FILENO) }
  /// To standard output, as it is.
  package static func write(_ text: String) { write(text, to: STDOUT_FILENO) }
  /// To standard error, as it is.
  package static func tell(_ text: String) { write(text, to: STDERR_FILENO) }
  /// A line to standard error that says what went wrong.
  package static func complain(_ line: String) { write("mailwire: \(line)\n", to: STDERR_FILENO) }

  /// Takes the places of standard input, output and error where they are closed: what is opened later is not taken for
  /// them, and written into. Whoever reads or writes there is still refused, since each is opened the wrong way round.
  package static func keepPlaces() {
    for place in STDIN_FILENO...STDERR_FILENO where fcntl(place, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", place == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
  /// Whether a person looks at standard output on a terminal that has colours, and has not asked for none (no-color.org).
  package static var usesColor: Bool {
    unsafe isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
      && getenv("TERM").map { unsafe String(cString: $0) } != "dumb"
  }
  /// The terminal's width; 80 where there is none.
  package static var columns: Int {
    var size = winsize()
    let isKnown = unsafe isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    return isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  private static func write(_ text: String, to file: Int32) {
    let octets = Array(text.utf8)
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets[offset...].withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      // Nobody reads any more.
      if written <= 0 { return }
      offset += written
    }
  }
}
