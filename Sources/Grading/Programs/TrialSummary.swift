internal import Lessons

/// How one run of a program went, for whoever reads the result.
package struct TrialSummary: Equatable, Sendable, Codable {
  package var id: String
  package var title: String
  /// `ended with status 0 after 0.3 s`
  package var ending: String
  /// The last lines of what the program complained of, and of what it printed.
  package var diagnostics: [String]
  package var output: [String]
  /// Where the packets come from, and whether a sandbox was there, where that is not as usual.
  package var remark: String?
  private static let lineCount = 12

  package init(_ testCase: TrialCase, _ record: TrialRecord) {
    id = testCase.id
    title = testCase.title
    let seconds = record.milliseconds < 100 ? "0.1" : String((record.milliseconds / 100).rounded() / 10)
    ending = record.programs.map { program in
      let name = record.programs.count > 1 ? "\(program.name) " : ""
      let limit = record.limits.first.map { ", because \($0.words)" } ?? ""
      switch program.ending {
      case .exited(let status): return "\(name)ended with status \(status) after \(seconds) s"
      case .signalled(let signal): return "\(name)was ended by signal \(signal) after \(seconds) s\(limit)"
      case .stopped where program.name == "server" && record.limits.isEmpty:
        return "\(name)served for \(seconds) s, until the clients were through"
      case .stopped: return "\(name)was stopped after \(seconds) s\(limit)"
      case .notStarted: return "\(name)could not be started"
      }
    }.joined(separator: "; ")
    if let before = record.restarts?.first?.program {
      let end = before.ending == .stopped ? "was ended" : "ended by itself"
      ending = "server \(end) and was started again; then it \(ending)"
    }
    if let fault = record.fault { ending = fault }
    let programs = (record.restarts ?? []).map(\.program) + record.programs
    diagnostics = programs.flatMap { Self.last($0.diagnostics.octets) }
    output = programs.flatMap { Self.last($0.output.octets) }
    var remarks: [String] = []
    if record.source == .socket { remarks.append("recorded at our socket, and not by libpcap") }
    if record.isUnsafe { remarks.append("RUN WITHOUT A SANDBOX") }
    remark = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
  }
  private static func last(_ octets: [UInt8]) -> [String] {
    String(decoding: octets, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(lineCount).map {
      Printable.line(String($0.prefix(200)))
    }
  }
}
