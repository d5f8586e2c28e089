/// Conversations and their answers as parts of a page (`HTMLPage`): what `TextRenderer` shows, for a browser and for paper.
package struct HTMLRenderer {
  /// Whose headings conversations have: 2 is h2.
  private let level: Int
  private let sentences = Sentences()

  /// The same few stand under every conversation, so they are laid out once.
  private final class Sentences {
    var laidOut: [String: String] = [:]
  }
  /// Longer texts are folded up.
  private static let foldedLineCount = 24
  private static let foldedCharacterCount = 2_000

  package init(level: Int) { self.level = level }

  /// One conversation: a heading, every question with its answer, and what is remarkable.
  package func conversation(_ fact: Fact, answers: [Answer], anchor: String) -> String {
    let pieces = ["tcp.stream \(fact["stream"]?.shown ?? "?")"] + TextRenderer.extent(fact)
    var page = """
      <article id="\(anchor)" aria-labelledby="\(anchor)-title">
      <h\(level) id="\(anchor)-title"><span class="protocol">\(Self.protocolName(fact))</span> \
      \(Self.endpoints(fact))</h\(level)>
      <p class="extent">\(HTML.escaped(pieces.joined(separator: " · ")))</p>

      """
    for (index, answer) in answers.enumerated() { page += self.answer(answer, number: index + 1) }
    return page + remarks(fact) + "</article>\n"
  }
  static func protocolName(_ fact: Fact) -> String { HTML.escaped(TextRenderer.protocolName(fact)) }
  /// `127.0.0.2:34271 → 127.0.0.3:587`
  static func endpoints(_ fact: Fact) -> String {
    HTML.escaped(["client", "server"].map { endpoint(fact[$0]) }.joined(separator: " → "))
  }
  private static func endpoint(_ peer: Fact?) -> String {
    let address = peer?["address"]?.shown ?? "?"
    return "\(address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address):\(peer?["port"]?.shown ?? "?")"
  }

  // MARK: Answers

  private func answer(_ answer: Answer, number: Int) -> String {
    var page = """
      <section>
      <h\(level + 1)><span class="number">\(number)</span> \(HTML.escaped(answer.question.ask))</h\(level + 1)>

      """
    if !answer.lines.isEmpty { page += "<dl>\n\(lines(answer.placedLines))</dl>\n" }
    if let reason = answer.cannotTell {
      page += "<p class=\"unknown\"><strong>cannot tell</strong>, because \(HTML.escaped(reason))</p>\n"
    }
    return page + why(answer.question.why, answer.rfc) + "</section>\n"
  }
  private func why(_ sentence: String, _ rfc: String) -> String {
    let key = "\(sentence)\n\(rfc)"
    if let laidOut = sentences.laidOut[key] { return laidOut }
    let reference = rfc.isEmpty ? "" : " (\(HTMLReference.linked(rfc)))"
    let page = "<p class=\"why\">\(HTML.escaped(sentence))\(reference)</p>\n"
    sentences.laidOut[key] = page
    return page
  }
  /// Labels with their values; a line without a label goes on where the one above it stopped.
  private func lines(_ lines: [Answer.Line]) -> String {
    var page = ""
    var previous = ""
    for (index, line) in lines.enumerated() {
      let isNext = line.beginsElement && index > 0 && lines[index - 1].label != line.label
      if index == 0 || !line.label.isEmpty || isNext {
        if index > 0 { page += "</div>\n" }
        page += "<div\(isNext ? " class=\"next\"" : "")><dt>\(HTML.escaped(line.label))</dt>"
      }
      // Evidence that is that of the line above is not said again.
      let evidence = line.evidence.spelled
      page += value(line, evidence == previous && !line.beginsElement ? "" : evidence)
      if !evidence.isEmpty { previous = evidence }
    }
    return page + "</div>\n"
  }
  private func value(_ line: Answer.Line, _ evidence: String) -> String {
    var texts = Printable.lines(line.text)
    while texts.count > 1, texts.last?.allSatisfy({ $0 == " " }) == true { texts.removeLast() }
    let frames = evidence.isEmpty ? "" : "<span class=\"frames\">\(HTML.escaped(evidence))</span>"
    let kind = Self.kind(of: line)
    let characterCount = texts.reduce(0) { $0 + $1.utf8.count }
    let isLong = texts.count > Self.foldedLineCount || characterCount > Self.foldedCharacterCount
    if texts.count == 1, !isLong {
      return "<dd><span class=\"value\(kind)\">\(HTML.escapedLines(texts))</span>\(frames)</dd>"
    }
    // A browser takes away the line end behind the tag, and so one that the text begins with.
    let text = "<pre class=\"value\(kind)\">\n\(HTML.escapedLines(texts))</pre>"
    if !isLong { return "<dd>\(text)\(frames)</dd>" }
    let size = texts.count == 1 ? "\(characterCount) octets" : "\(texts.count) lines"
    return "<dd><details><summary>\(size)</summary>\(text)</details>\(frames)</dd>"
  }
  private static func kind(of line: Answer.Line) -> String {
    switch line.label {
    case "password", "user name", "token": " secret"
    case "refused": " bad"
    case "result": line.text.hasPrefix("refused") ? " bad" : " good"
    default: ""
    }
  }

  // MARK: Remarks

  private func remarks(_ fact: Fact) -> String {
    let remarks = ConversationRemark.all(of: fact)
    let omitted = fact["omitted"]?.integer ?? 0
    if remarks.isEmpty, omitted == 0 { return "" }
    var page = "<section class=\"remarks\">\n<h\(level + 1)>Remarks</h\(level + 1)>\n"
    if !remarks.isEmpty { page += "<dl>\n\(remarks.map(remark).joined())</dl>\n" }
    if omitted > 0 { page += "<p>\(HTML.escaped(ConversationRemark.leftOut(omitted)))</p>\n" }
    return page + "</section>\n"
  }
  private func remark(_ remark: ConversationRemark) -> String {
    func part(_ label: String, _ text: String, _ frame: String?) -> String {
      let frames = frame.map { "<span class=\"frames\">frame \(HTML.escaped($0))</span>" } ?? ""
      return "<div><dt>\(label)</dt><dd><span class=\"value\">\(HTML.escaped(text))</span>\(frames)</dd></div>\n"
    }
    var page = part(remark.label, remark.text, remark.frame)
    if let versions = remark.versions {
      page += part("first", versions.earlier, versions.earlierFrame) + part("then", versions.later, nil)
    }
    return page
  }
}
