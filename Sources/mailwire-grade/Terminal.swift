import Foundation
import Grading

/// Lines for people and programs, each written at once.
enum Terminal {
  /// To standard output, as it is.
  static func write(_ text: String) { write(text, to: 1) }
  /// To standard error.
  static func complain(_ text: String) { write("mailwire: \(text)\n", to: 2) }
  /// To standard error, as it is.
  static func tell(_ text: String) { write(text, to: 2) }

  /// Whether a person looks at the output and has not asked for no colour (no-color.org).
  static var usesColor: Bool { isatty(1) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil }

  /// What an error says to a person.
  static func words(_ error: any Error) -> String {
    error is ExerciseError || error is WorksheetError ? "\(error)" : (error as NSError).localizedDescription
  }

  private static func write(_ text: String, to file: Int32) {
    let octets = Array(text.utf8)
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets[offset...].withUnsafeBytes { unsafe Foundation.write(file, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      // Nobody reads any more.
      if written <= 0 { return }
      offset += written
    }
  }
}
