internal import Lessons
internal import MailSystem

extension WorksheetQuestion: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case id, ask, answer, `in`, key, or, evidence, points, options, mistakes, needs, personal, hints, why, rfc
    case evidencePoints = "evidence-points"
    case cannotTell = "cannot-tell"
  }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    check = Check(
      id: try map.decode(String.self, forKey: .id), title: try map.decode(String.self, forKey: .ask),
      points: try map.value(.points, or: 1), dependencies: try map.value(.needs, or: []),
      hints: try map.decode([String].self, forKey: .hints), why: try map.decode(String.self, forKey: .why),
      rfc: try map.decode(String.self, forKey: .rfc))
    kind = try map.decode(AnswerKind.self, forKey: .answer)
    conversation = try map.decodeIfPresent(String.self, forKey: .in)
    key = try map.decode(KeyRule.self, forKey: .key)
    alternatives = try map.value(.or, or: [])
    let places = try map.decodeIfPresent(EvidencePlaces.self, forKey: .evidence)
    evidence = places?.selectors ?? []
    evidenceConnections = places?.connections ?? []
    evidencePoints = try map.value(.evidencePoints, or: 0)
    options = try map.value(.options, or: [])
    mistakes = try map.value(.mistakes, or: [])
    cannotTell = try map.decodeIfPresent(ConditionList.self, forKey: .cannotTell)?.conditions
    isPersonal = try map.value(.personal, or: false)
  }
}

extension WorksheetQuestion.Option: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case value, text, at }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    text = try map.decode(String.self, forKey: .text)
    value = try map.value(.value, or: text)
    place = try map.decodeIfPresent(SelectorList.self, forKey: .at)?.selectors ?? []
  }
}

extension WorksheetQuestion.Mistake: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case key, says }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    key = try map.decode(KeyRule.self, forKey: .key)
    says = try map.decode(String.self, forKey: .says)
  }
}

extension AnswerKind: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case list }
  package init(from decoder: any Decoder) throws {
    let name: String
    let isList: Bool
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      (name, isList) = (text, false)
    } else {
      (name, isList) = (try decoder.map(Key.self).decode(String.self, forKey: .list), true)
    }
    guard let kind = AnswerKind.named(name) else {
      throw decoder.failure(
        "there is no kind of answer '\(name)', only \(AnswerKind.names.joined(separator: ", ")), and { list: KIND }")
    }
    self = isList ? .list(kind) : kind
  }
}

extension KeyRule: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case fact, frame, count, cases, `is` }
  package init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self = text == "order" ? .order : .fact(try SelectorList(text, decoder).selectors)
      return
    }
    let map = try decoder.map(Key.self)
    if let list = try map.decodeIfPresent(SelectorList.self, forKey: .fact) {
      self = .fact(list.selectors)
    } else if let list = try map.decodeIfPresent(SelectorList.self, forKey: .frame) {
      self = .frame(list.selectors)
    } else if let list = try map.decodeIfPresent(SelectorList.self, forKey: .count) {
      self = .count(list.selectors)
    } else if let cases = try map.decodeIfPresent([Case].self, forKey: .cases) {
      self = .cases(cases)
    } else if let texts = try? map.decode([String].self, forKey: .is) {
      self = .constant(texts)
    } else if map.contains(.is) {
      self = .constant([try map.decode(String.self, forKey: .is)])
    } else {
      throw decoder.failure("a key is a selector, 'order', or one of fact, frame, count, cases, is")
    }
  }
}
extension KeyRule.Case: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case when, `is`, fact, evidence }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    conditions = try map.decodeIfPresent(ConditionList.self, forKey: .when)?.conditions ?? []
    value = try map.decodeIfPresent(String.self, forKey: .is)
    facts = try map.decodeIfPresent(SelectorList.self, forKey: .fact)?.selectors ?? []
    guard (value == nil) != facts.isEmpty else { throw decoder.failure("a case has either 'is' or 'fact'") }
    evidence = try map.decodeIfPresent(SelectorList.self, forKey: .evidence)?.selectors ?? []
  }
}

extension ConversationChoice: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case `protocol`, when, number }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    spoken = try map.decodeIfPresent(String.self, forKey: .protocol)
    conditions = try map.decodeIfPresent(ConditionList.self, forKey: .when)?.conditions ?? []
    number = try map.value(.number, or: 1)
    guard number >= 1 else { throw decoder.failure("conversations are counted from 1") }
  }
}

/// Selectors, or `{ connections: [relay, access] }`: every frame of the conversations' connections.
private struct EvidencePlaces: Decodable {
  var selectors: [Selector] = []
  var connections: [String] = []
  private enum Key: String, CodingKey, CaseIterable { case connections }
  init(from decoder: any Decoder) throws {
    if let map = try? decoder.container(keyedBy: Key.self), !map.allKeys.isEmpty {
      connections = try decoder.map(Key.self).decode([String].self, forKey: .connections)
    } else {
      selectors = try SelectorList(from: decoder).selectors
    }
  }
}

/// `a|b`, or a list: the first that finds anything counts.
struct SelectorList: Decodable {
  var selectors: [Selector]

  init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self = try SelectorList(text, decoder)
    } else {
      selectors = try decoder.singleValueContainer().decode([String].self).map { try Self.selector($0, decoder) }
    }
  }
  init(_ text: String, _ decoder: any Decoder) throws {
    selectors = try text.split(separator: "|").map {
      try Self.selector(String($0).trimmingBlanks, decoder)
    }
  }
  private static func selector(_ text: String, _ decoder: any Decoder) throws -> Selector {
    do throws(QuestionError) { return try Selector(text) } catch { throw decoder.failure(error.description) }
  }
}

/// Conditions that all hold.
struct ConditionList: Decodable {
  var conditions: [Condition]

  init(from decoder: any Decoder) throws {
    let texts: [String]
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      texts = [text]
    } else {
      texts = try decoder.singleValueContainer().decode([String].self)
    }
    conditions = try texts.map { text in
      do throws(QuestionError) { return try Condition(text) } catch { throw decoder.failure(error.description) }
    }
  }
}
