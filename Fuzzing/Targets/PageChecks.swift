import Dialogues
import Lessons

/// What holds of every page and every log that is made of what a sender wrote.
enum PageChecks {
  /// The elements that stand in a conversation's part of a page.
  private static let elements: Set<String> = [
    "article", "h2", "h3", "span", "p", "section", "dl", "div", "dt", "dd", "pre", "details", "summary", "strong", "a",
  ]
  /// Why a conversation's part of a page is not as it must be; nil when it is.
  static func complaint(_ fact: Fact, _ answers: [Answer]) -> String? {
    let page = HTMLRenderer(level: 2).conversation(fact, answers: answers, anchor: "c1")
    for scalar in page.unicodeScalars where scalar != "\n" && Unprintable.contains(scalar) {
      return "U+\(String(scalar.value, radix: 16)) reaches the page"
    }
    for piece in page.split(separator: "<").dropFirst() {
      let name = piece.drop { $0 == "/" }.prefix { $0 != ">" && $0 != " " }
      if !elements.contains(String(name)) || piece.count(where: { $0 == ">" }) != 1 { return "<\(piece) in the page" }
    }
    for line in ZeekSession.lines(fact).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.utf8.count(where: { $0 == 9 }) != 24 { return "a record of \(line)" }
      for scalar in line.unicodeScalars where scalar != "\t" && Unprintable.contains(scalar) {
        return "U+\(String(scalar.value, radix: 16)) reaches the log"
      }
    }
    return nil
  }
}
