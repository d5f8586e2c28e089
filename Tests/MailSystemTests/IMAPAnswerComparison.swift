/// Holds what our IMAP server answers against what an RFC's example shows, by meaning.
///
/// Each response of the example must be there, with the same content. Numbers that a server chooses (UIDVALIDITY,
/// UIDNEXT) need only be numbers; the words behind response codes may differ; EXPUNGE keeps its order, other responses
/// may come in any. Nothing else may be told of messages and folders.
enum IMAPAnswerComparison {
  /// What is wrong, for people; empty when all is well.
  static func faults(expected: [String], answered: String) -> [String] {
    var left = IMAPMeaning.responses(in: answered)
    var faults: [String] = []
    let responses = IMAPMeaning.responses(in: expected.map { "\($0)\r\n" }.joined())
    for response in responses {
      if let index = left.firstIndex(where: { isSame(response, $0) }) {
        left.remove(at: index)
      } else {
        faults.append("missing: \(response)")
      }
    }
    let order = IMAPMeaning.responses(in: answered).filter { $0.hasSuffix(" EXPUNGE") }
    if order != responses.filter({ $0.hasSuffix(" EXPUNGE") }) { faults.append("EXPUNGE in another order: \(order)") }
    faults += left.filter { !mayBeAdded($0, expected) }.map { "not asked for: \($0)" }
    return faults
  }
  /// What a server may add of its own: status responses, RECENT, requests for more, and with SELECT its LIST.
  private static func mayBeAdded(_ response: String, _ expected: [String]) -> Bool {
    response.hasPrefix("+") || response.hasPrefix("* OK ") || response.hasSuffix(" RECENT")
      || response.hasPrefix("* CAPABILITY")
      || response.hasPrefix("* LIST ") && expected.contains { $0.hasPrefix("* FLAGS") }
  }

  static func isSame(_ expected: String, _ answered: String) -> Bool {
    if expected.hasPrefix("+") { return answered.hasPrefix("+ ") }
    let wanted = statusResponse(expected)
    let given = statusResponse(answered)
    if let wanted { return given.map { isSame(wanted, $0) } ?? false }
    if given != nil { return false }
    return isSameData(expected, answered)
  }

  // MARK: Status responses

  private struct Status {
    var tag: String
    var word: String
    /// The response code with its arguments.
    var code: [IMAPMeaning]
  }
  private static func statusResponse(_ response: String) -> Status? {
    let parts = response.split(separator: " ", maxSplits: 2)
    guard parts.count >= 2, ["OK", "NO", "BAD", "BYE", "PREAUTH"].contains(parts[1]) else { return nil }
    var code: [IMAPMeaning] = []
    if parts.count > 2, parts[2].hasPrefix("["), let end = parts[2].firstIndex(of: "]") {
      code = IMAPMeaning.parse(String(parts[2][..<end].dropFirst()))
    }
    return Status(tag: String(parts[0]), word: String(parts[1]), code: code)
  }
  private static func isSame(_ expected: Status, _ given: Status) -> Bool {
    guard expected.tag == given.tag, expected.word == given.word else { return false }
    guard let name = expected.code.first?.word else {
      // An untagged OK with a code says something of its own.
      return expected.tag != "*" || expected.word != "OK" || given.code.first?.word.map { $0 == "CAPABILITY" } ?? true
    }
    guard given.code.first?.word == name else { return false }
    switch name {
    case "UIDVALIDITY", "UIDNEXT": return given.code.count == 2 && given.code[1].word.flatMap { UInt32($0) } != nil
    case "PERMANENTFLAGS":
      let flags = expected.code[1].words
      return given.code.count == 2
        && (flags.isEmpty ? given.code[1].list.isEmpty : flags.isSubset(of: given.code[1].words))
    // The first number is UIDVALIDITY.
    case "APPENDUID", "COPYUID":
      return given.code.count == expected.code.count && given.code.dropFirst(2) == expected.code.dropFirst(2)
    case "CAPABILITY": return isSameCapabilities(expected.code, given.code)
    case "BADCHARSET": return true
    default: return expected.code == given.code
    }
  }
  /// A server's capabilities are its own; but whether it is IMAP4rev2, and how one may log in, must be as shown.
  private static func isSameCapabilities(_ expected: [IMAPMeaning], _ given: [IMAPMeaning]) -> Bool {
    let wanted = Set(expected.compactMap(\.word))
    let found = Set(given.compactMap(\.word))
    return ["IMAP4rev2", "STARTTLS", "LOGINDISABLED"].allSatisfy { wanted.contains($0) == found.contains($0) }
      && ["AUTH=PLAIN", "ID", "LITERAL+"].allSatisfy { !wanted.contains($0) || found.contains($0) }
  }

  // MARK: Data

  private static func isSameData(_ expected: String, _ answered: String) -> Bool {
    // What the example leaves out is not compared.
    var text = expected
    let isCut = text.hasSuffix("...") || text.hasSuffix("...)")
    while let last = text.last, isCut, ".( )".contains(last) { text.removeLast() }
    let wanted = IMAPMeaning.parse(text)
    let given = IMAPMeaning.parse(answered)
    guard wanted.count > 1, given.count > 1, wanted[0] == given[0] else { return false }
    if wanted.count > 2, wanted[2].word == "FETCH" {
      guard given.count == 4, given[2].word == "FETCH", given[1] == wanted[1] else { return false }
      return isSameFetch(wanted.count > 3 ? wanted[3].pairs : [:], given[3].pairs, isCut: isCut)
    }
    guard wanted[1] == given[1] else { return false }
    switch wanted[1].word {
    case "LIST": return isSameList(wanted, given)
    case "FLAGS": return wanted[2].words.isSubset(of: given[2].words)
    case "CAPABILITY": return isSameCapabilities(wanted, given)
    case "ENABLED": return Set(wanted.filter { $0.word?.hasPrefix("X-") == false }) == Set(given)
    case "STATUS":
      guard wanted.count == 4, given.count == 4, wanted[2] == given[2] else { return false }
      return isSamePairs(wanted[3].pairs, given[3].pairs)
    case "ESEARCH": return isSameSearch(wanted, given)
    default: return wanted == given
    }
  }
  private static func isSameFetch(
    _ wanted: [String: IMAPMeaning], _ given: [String: IMAPMeaning], isCut: Bool
  ) -> Bool {
    for (name, value) in wanted {
      guard let found = given[name] else { return false }
      if name == "FLAGS" ? value.words != found.words : value != found { return false }
    }
    return isCut || Set(given.keys).subtracting(wanted.keys).isSubset(of: ["UID", "MODSEQ"])
  }
  /// STATUS: UIDNEXT and UIDVALIDITY are the server's.
  private static func isSamePairs(_ wanted: [String: IMAPMeaning], _ given: [String: IMAPMeaning]) -> Bool {
    wanted.keys == given.keys
      && wanted.allSatisfy { name, value in name.hasPrefix("UID") || given[name] == value }
  }
  /// Children may be told without being asked for (RFC 9051 §6.3.9.5), and what does not exist cannot be selected.
  private static func isSameList(_ wanted: [IMAPMeaning], _ given: [IMAPMeaning]) -> Bool {
    guard wanted.count >= 5, given.count >= 5, wanted[3...] == given[3...] else { return false }
    let attributes = wanted[2].words.subtracting(["\\marked", "\\noinferiors"])
    var found = given[2].words
    if found.contains("\\nonexistent"), !attributes.contains("\\nonexistent") { found.insert("\\noselect") }
    return attributes.isSubset(of: found)
      && found.subtracting(attributes).isSubset(of: [
        "\\haschildren", "\\hasnochildren", attributes.contains("\\noselect") ? "\\nonexistent" : "\\hasnochildren",
      ])
  }
  private static func isSameSearch(_ wanted: [IMAPMeaning], _ given: [IMAPMeaning]) -> Bool {
    func results(_ response: [IMAPMeaning]) -> [String: Set<UInt32>] {
      IMAPMeaning.pairs(response.dropFirst(3).filter { $0.word != "UID" }[...]).mapValues { numbers($0.word ?? "") }
    }
    let isUID = wanted.contains { $0.word == "UID" } == given.contains { $0.word == "UID" }
    return wanted.count > 2 && given.count > 2 && wanted[2] == given[2] && isUID && results(wanted) == results(given)
  }
  /// The numbers of a set, however it is written: `900,901` is `900:901`.
  private static func numbers(_ set: String) -> Set<UInt32> {
    var numbers: Set<UInt32> = []
    for part in set.split(separator: ",") {
      let bounds = part.split(separator: ":").compactMap { UInt32($0) }
      guard let first = bounds.first, let last = bounds.last else { continue }
      numbers.formUnion(min(first, last)...max(first, last))
    }
    return numbers
  }
}
