/// JUnit's XML: a suite for each student. What the student did wrong is a `failure`; what we could not judge, an `error`.
package enum JUnitReport {
  package static func text(_ results: [StudentResult], _ reveal: Reveal) -> String {
    var page = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let count = results.reduce(0) { $0 + testCount($1) }
    page += "<testsuites tests=\"\(count)\" \(counts(results))>\n"
    for result in results { page += suite(result, reveal) }
    return page + "</testsuites>\n"
  }
  /// The checks, and the submission itself where something is wrong with it.
  private static func testCount(_ result: StudentResult) -> Int {
    result.checks.count + (result.problem == nil ? 0 : 1)
  }
  private static func counts(_ results: [StudentResult]) -> String {
    func count(_ verdict: Verdict, isOurs: Bool) -> Int {
      results.reduce(0) { sum, result in
        sum + result.checks.filter { $0.verdict == verdict }.count
          + (result.problem != nil && result.isOurFault == isOurs ? 1 : 0)
      }
    }
    return "failures=\"\(count(.failed, isOurs: false))\" errors=\"\(count(.couldNotJudge, isOurs: true))\""
  }
  private static func suite(_ result: StudentResult, _ reveal: Reveal) -> String {
    let page = FeedbackPage(reveal)
    let skipped = result.checks.filter { $0.verdict == .notRun }.count
    var suite = "  <testsuite name=\"\(escaped(result.student))\" tests=\"\(testCount(result))\" "
    suite += "\(counts([result])) skipped=\"\(skipped)\">\n"
    for check in result.checks {
      suite += "    <testcase classname=\"\(escaped(result.exercise)).\(escaped(result.student))\" "
      suite += "name=\"\(escaped(check.id))\""
      let text = escaped("\(check.title)\n\(check.points) of \(check.maximumPoints) points\n\(page.output(check))")
      let message = escaped(check.feedback.shown(reveal, passed: false).reason ?? check.title)
      switch check.verdict {
      case .passed: suite += "/>\n"
      case .failed:
        suite += ">\n      <failure message=\"\(message)\" type=\"failed\">\(text)</failure>\n    </testcase>\n"
      case .couldNotJudge:
        suite += ">\n      <error message=\"\(message)\" type=\"could-not-judge\">\(text)</error>\n    </testcase>\n"
      case .notRun: suite += ">\n      <skipped message=\"\(message)\"/>\n    </testcase>\n"
      }
    }
    if let problem = result.problem {
      let (kind, type) = result.isOurFault ? ("error", "could-not-judge") : ("failure", "failed")
      suite +=
        "    <testcase classname=\"\(escaped(result.exercise)).\(escaped(result.student))\" name=\"submission\">\n"
      suite += "      <\(kind) message=\"\(escaped(problem))\" type=\"\(type)\">\(escaped(problem))</\(kind)>\n"
      suite += "    </testcase>\n"
    }
    return suite + "  </testsuite>\n"
  }
  /// For text and for attributes; what XML cannot hold becomes a replacement character (XML 1.0 §2.2).
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "&#10;"
      case "\t": escaped += "&#9;"
      case "\r": escaped += "&#13;"
      default:
        let value = scalar.value
        let isAllowed = value >= 0x20 && value != 0xFFFE && value != 0xFFFF && !(0x7F...0x9F).contains(value)
        escaped.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
      }
    }
    return escaped
  }
}
