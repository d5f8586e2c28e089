/// A line of an answer with places for facts: `{client.address} port {client.port}`.
///
/// `{a|b}` takes the first that is there. A line whose facts are missing is not written.
package struct Template: Equatable, Sendable {
  private enum Piece: Equatable, Sendable {
    case text(String)
    case place([Selector])
  }
  private var pieces: [Piece] = []

  package init(_ spelled: String) throws(QuestionError) {
    var rest = spelled[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw QuestionError("'\(spelled)' lacks a closing brace")
      }
      var selectors: [Selector] = []
      for alternative in rest[rest.index(after: open)..<close].split(separator: "|") {
        selectors.append(try Selector(String(alternative)))
      }
      pieces.append(.place(selectors))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
  }
  /// The line with its facts and their evidence; nil when one is missing.
  package func filled(from root: Fact, evidence: Evidence) -> (text: String, evidence: Evidence)? {
    var text = ""
    var collected: [Evidence] = []
    var hasPlace = false
    for piece in pieces {
      switch piece {
      case .text(let fixed): text += fixed
      case .place(let selectors):
        hasPlace = true
        var found: [Selector.Match] = []
        for selector in selectors where found.isEmpty {
          found = selector.matches(in: root, evidence: evidence).filter { !$0.fact.isEmpty }
        }
        if found.isEmpty { return nil }
        text += found.map(\.fact.shown).joined(separator: "\n")
        collected += found.map(\.evidence)
      }
    }
    return (text, hasPlace ? Evidence.joined(collected) : evidence)
  }
}

/// Whether something is so: `protection`, `!credentials[0]`, `accepted=no`.
package struct Condition: Equatable, Sendable {
  private var selector: Selector
  private var isNegated = false
  private var text: String?

  package init(_ spelled: String) throws(QuestionError) {
    var rest = spelled[...]
    if rest.first == "!" {
      isNegated = true
      rest = rest.dropFirst()
    }
    // An equals sign within brackets belongs to the selector.
    if let sign = rest.lastIndex(of: "="), !rest[sign...].contains("]") {
      text = String(rest[rest.index(after: sign)...])
      rest = rest[..<sign]
    }
    selector = try Selector(String(rest))
  }
  package func holds(in root: Fact) -> Bool {
    let found = selector.matches(in: root).contains { match in
      text.map { match.fact.shown == $0 } ?? !match.fact.isEmpty
    }
    return found != isNegated
  }
}
