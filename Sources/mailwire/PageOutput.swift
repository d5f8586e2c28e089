import Console
import Lessons

/// The page that `analyze --format html` writes: its beginning before the first capture that can be opened, its end behind
/// the last.
final class PageOutput {
  private let files: [String]
  let output: StandardOutput
  private var isBegun = false
  private var refusals: [String] = []
  private var anchorCount = 0

  init(files: [String], output: StandardOutput) {
    self.files = files
    self.output = output
  }
  /// Whether each capture has a heading of its own.
  var hasSections: Bool { files.count > 1 }
  /// Whose headings conversations have.
  var level: Int { hasSections ? 3 : 2 }

  func write(_ text: String) {
    begin()
    output.write(text)
  }
  /// A name for a place in the page that no other has.
  func anchor() -> String {
    anchorCount += 1
    return "c\(anchorCount)"
  }
  /// A capture could not be opened. Where none can, there is no page.
  func refuse(_ reason: String) {
    refusals.append(reason)
    if isBegun { writeRefusals() }
  }
  func finish() {
    if !isBegun { return }
    var notices: [String] = []
    if Interruption.isRequested { notices.append("Interrupted: what was found until then is shown.") }
    output.write(HTMLPage.end(notices: notices))
  }
  private func begin() {
    if isBegun { return }
    isBegun = true
    let title = hasSections ? "\(files.count) captures" : files.first.map(Self.shortName) ?? ""
    output.write(HTMLPage.beginning(title: title, program: Release.generator))
    writeRefusals()
  }
  private func writeRefusals() {
    for refusal in refusals { output.write(HTMLPage.notice(refusal)) }
    refusals = []
  }
  /// A page that is handed in need not tell whose folder the capture was in.
  static func shortName(_ file: String) -> String {
    file == "-" ? "standard input" : file.split(separator: "/").last.map(String.init) ?? file
  }
}
