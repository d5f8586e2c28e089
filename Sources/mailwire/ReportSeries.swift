import Console
import Lessons
import Packets

/// The reports of all captures of a command line, and what is written once for all of them: the heading of a log, the
/// frame of a page.
final class ReportSeries {
  private let format: AnalyzeCommand.Format
  private let listsAnomalies: Bool
  private let questions: [Question]
  private let output: StandardOutput
  private let page: PageOutput?
  private var isBegun = false

  init(
    _ format: AnalyzeCommand.Format, listsAnomalies: Bool, questions: [Question], files: [String],
    output: StandardOutput
  ) {
    self.format = format
    self.listsAnomalies = listsAnomalies
    self.questions = questions
    self.output = output
    page = format == .html ? PageOutput(files: files, output: output) : nil
  }
  /// The report of the next capture.
  func report(_ name: String) -> Report {
    defer { isBegun = true }
    if listsAnomalies { return AnomalyReport(format, name: name, output: output) }
    if let page { return HTMLReport(page, name: name, questions: questions) }
    switch format {
    case .ndjson: return NDJSONReport(name: name, questions: questions, output: output)
    case .json: return JSONReport(name: name, questions: questions, output: output)
    case .text, .html: return TextReport(name: name, questions: questions, output: output)
    case .zeek:
      if !isBegun { output.write(ZeekLog.heading) }
      return ZeekReport(name: name, questions: [], output: output)
    }
  }
  /// A capture could not be opened.
  func refuse(_ refusal: CaptureInput.Refusal) { page?.refuse(refusal.text) }
  /// No capture follows.
  func finish() { page?.finish() }
}
