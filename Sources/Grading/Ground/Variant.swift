internal import MailSystem

/// What was drawn for one student: the words in the places of the scenario and of the prompt, and the order in which
/// options stand. The same seed draws the same.
package struct Variant: Equatable, Sendable {
  package private(set) var words: [String: String] = [:]
  /// For each question with options, which option stands at each letter.
  private var orders: [String: [Int]] = [:]

  package init(_ exercise: Exercise, seed: StudentSeed) {
    var dice = Dice(seed: seed.number)
    if case .worksheet(let worksheet) = exercise.work {
      var used: [WordList: Set<String>] = [:]
      for draw in worksheet.plan?.draws ?? [] { words[draw.name] = Self.draw(draw, &dice, &used) }
    }
    for question in exercise.questions where !question.options.isEmpty {
      orders[question.check.id] = dice.shuffled(Array(question.options.indices))
    }
  }
  private static func draw(_ draw: Draw, _ dice: inout Dice, _ used: inout [WordList: Set<String>]) -> String {
    switch draw.source {
    case .words(let words): return words[dice.below(words.count)]
    case .number(let range): return String(range.lowerBound + dice.below(range.count))
    case .shuffled(let words): return dice.shuffled(words).joined(separator: ", ")
    case .list(let list):
      let free = list.words.filter { !used[list, default: []].contains($0) }
      guard !free.isEmpty else { return list.words[dice.below(list.words.count)] }
      let word = free[dice.below(free.count)]
      used[list, default: []].insert(word)
      return word
    }
  }
  /// The text with its places filled; a place that nobody draws for stays as it is.
  package func filled(_ text: String) -> String {
    guard text.contains("{{") else { return text }
    var filled = ""
    var rest = text[...]
    while let open = rest.firstRange(of: "{{") {
      filled += rest[..<open.lowerBound]
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
      let name = String(rest[open.upperBound..<close.lowerBound]).trimmingBlanks
      filled += words[name] ?? String(rest[open.lowerBound..<close.upperBound])
      rest = rest[close.upperBound...]
    }
    return filled + rest
  }
  /// A question's options as the student sees them, each with its letter.
  package func options(of question: WorksheetQuestion) -> [(letter: String, option: WorksheetQuestion.Option)] {
    let order = orders[question.check.id] ?? Array(question.options.indices)
    return order.enumerated().map { place, index in (Self.letter(place), question.options[index]) }
  }
  private static func letter(_ place: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "A") + UInt8(clamping: place % 26)))
  }
}

/// Numbers from a seed.
struct Dice {
  private var source: OctetSource

  init(seed: UInt64) { source = .seeded(seed) }

  /// 0 to `count` - 1.
  mutating func below(_ count: Int) -> Int {
    let word = source.take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(word % UInt64(max(1, count)))
  }
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for index in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(index, below(index + 1)) }
    return elements
  }
}
