internal import Lessons
internal import MailSystem

extension Exercise {
  /// Throws what is wrong with it as a whole.
  package func check() throws(ExerciseError) {
    guard Self.isName(id) else {
      throw ExerciseError("an id is 1 to 16 capital letters, digits and hyphens", place: "id")
    }
    if case .program(let trial) = work {
      try trial.check()
      if trial.sheet == nil { return }
    }
    guard (1...GradingLimits.questionCount).contains(questions.count) else {
      throw ExerciseError("an exercise has 1 to \(GradingLimits.questionCount) questions", place: "questions")
    }
    var known = Set(trial?.checks.map(\.check.id) ?? [])
    for (index, question) in questions.enumerated() {
      let place = "questions[\(index + 1)]"
      if !known.insert(question.check.id).inserted {
        throw ExerciseError("there are two questions '\(question.check.id)'", place: place)
      }
      for dependency in question.check.dependencies where !known.contains(dependency) {
        throw ExerciseError("'\(dependency)' is no question before this one", place: "\(place).needs")
      }
      try question.check(place, conversations)
    }
  }
  private var conversations: [String] {
    switch work {
    case .worksheet(let worksheet): Array(worksheet.conversations.keys)
    case .program(let trial): Array(trial.sheet?.worksheet.conversations.keys ?? [:].keys)
    }
  }
  /// Whether an exercise may have this id, which is also a folder's name.
  package static func isName(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= 16
      && id.utf8.allSatisfy { (65...90).contains($0) || (48...57).contains($0) || $0 == 45 }
  }
}

extension WorksheetQuestion {
  func check(_ place: String, _ conversations: [String]) throws(ExerciseError) {
    guard !check.id.isEmpty, check.id.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
    else { throw ExerciseError("an id is lower-case letters, digits and hyphens", place: "\(place).id") }
    guard check.hints.count == 3 else {
      throw ExerciseError("there are three hints, of growing help", place: "\(place).hints")
    }
    guard (1...100).contains(check.points), (0..<check.points).contains(evidencePoints) else {
      throw ExerciseError(
        "a question has 1 to 100 points, and fewer for the evidence than for the whole", place: "\(place).points")
    }
    if let conversation, !conversations.contains(conversation) {
      throw ExerciseError(
        "there is no conversation '\(conversation)', only \(conversations.sorted().joined(separator: ", "))",
        place: "\(place).in")
    }
    for name in evidenceConnections where !conversations.contains(name) {
      throw ExerciseError(
        "there is no conversation '\(name)', only \(conversations.sorted().joined(separator: ", "))",
        place: "\(place).evidence")
    }
    switch kind {
    case .choice:
      guard options.count >= 2, options.count <= 26 else {
        throw ExerciseError("a choice has 2 to 26 options", place: "\(place).options")
      }
      for value in constants where !options.contains(where: { $0.value == value }) {
        throw ExerciseError("no option has the value '\(value)'", place: "\(place).key")
      }
    case .order:
      guard options.count >= 2, options.count <= 26, options.allSatisfy({ !$0.place.isEmpty }) else {
        throw ExerciseError("an order has 2 to 26 options, each with 'at'", place: "\(place).options")
      }
      guard key == .order else { throw ExerciseError("the key of an order is 'order'", place: "\(place).key") }
    case .address, .port, .number, .frame, .code, .text, .word, .host, .mailbox, .base64, .list:
      guard options.isEmpty else { throw ExerciseError("only a choice has options", place: "\(place).options") }
      guard key != .order else { throw ExerciseError("only an order has the key 'order'", place: "\(place).key") }
    }
  }
  /// What the key may be by its own words.
  private var constants: [String] {
    switch key {
    case .constant(let values): values
    case .cases(let cases): cases.compactMap(\.value)
    case .fact, .frame, .count, .order: []
    }
  }
}

extension Trial {
  func check() throws(ExerciseError) {
    guard (1...TrialLimits.checkCount).contains(checks.count) else {
      throw ExerciseError("an exercise has 1 to \(TrialLimits.checkCount) checks", place: "checks")
    }
    let cases = Set(cases.map(\.id))
    var known: Set<String> = []
    for (index, item) in checks.enumerated() {
      let place = "checks[\(index + 1)]"
      if !known.insert(item.check.id).inserted {
        throw ExerciseError("there are two checks '\(item.check.id)'", place: place)
      }
      for dependency in item.check.dependencies where !known.contains(dependency) {
        throw ExerciseError("'\(dependency)' is no check before this one", place: "\(place).needs")
      }
      for name in item.cases where !cases.contains(name) {
        throw ExerciseError("there is no case '\(name)'", place: "\(place).cases")
      }
      guard item.check.hints.count == 3 else {
        throw ExerciseError("there are three hints, of growing help", place: "\(place).hints")
      }
      guard (1...100).contains(item.check.points) else {
        throw ExerciseError("a check has 1 to 100 points", place: "\(place).points")
      }
    }
  }
}
