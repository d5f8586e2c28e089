internal import Bytes
internal import MailProtocols

/// SEARCH (RFC 9051 §6.4.4, §7.3.4; RFC 3501 §7.2.5).
extension IMAPServerSession {
  private struct SearchRequest {
    /// MIN, MAX, COUNT, ALL, SAVE; nil without RETURN.
    var results: Set<String>?
    var key: IMAPSearchKey
    var charset: String?
  }

  ///     C: A282 SEARCH RETURN (MIN COUNT) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"
  ///     S: * ESEARCH (TAG "A282") MIN 2 COUNT 3
  ///     S: A282 OK SEARCH completed
  mutating func search(
    _ arguments: inout IMAPArguments, _ tag: String, isUID: Bool, _ store: some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion {
    let request = try parseSearch(&arguments)
    guard let selection else { return .bad("no mailbox is selected") }
    let saves = request.results?.contains("SAVE") ?? false
    if let charset = request.charset, charset != "UTF-8", charset != "US-ASCII" {
      // RFC 9051 §6.4.4.1: what cannot be searched saves nothing.
      if saves { self.selection?.savedResult = [] }
      return .no("[BADCHARSET (US-ASCII UTF-8)] unknown charset")
    }
    if request.key.asksForModificationSequence { extensions.isConditionalStore = true }
    let found = MessageSearch(selection: selection, store: store).find(request.key)
    if saves { self.selection?.savedResult = Self.saved(found, request.results ?? [], selection) }
    let numbers = found.map { isUID ? selection.messages[$0].uid : UInt32(clamping: $0 + 1) }
    var highest: UInt64?
    if request.key.asksForModificationSequence {
      highest = found.map { selection.messages[$0].modificationSequence }.max()
    }
    tell(numbers, request.results, highest, tag, isUID: isUID)
    return .ok("SEARCH completed")
  }
  /// With MIN or MAX alone, only what they name is saved (RFC 9051 §6.4.4.2).
  private static func saved(_ found: [Int], _ results: Set<String>, _ selection: IMAPSelection) -> Set<UInt32> {
    var kept = found[...]
    if !results.contains("ALL"), !results.contains("COUNT"), results.contains("MIN") || results.contains("MAX") {
      let ends = [results.contains("MIN") ? found.first : nil, results.contains("MAX") ? found.last : nil]
      kept = ends.compactMap { $0 }[...]
    }
    return Set(kept.map { selection.messages[$0].uid })
  }
  private mutating func tell(
    _ numbers: [UInt32], _ results: Set<String>?, _ highest: UInt64?, _ tag: String, isUID: Bool
  ) {
    guard results != nil || extensions.isRevision2 else {
      var words = ["SEARCH"] + numbers.map { String($0) }
      if let highest { words.append("(MODSEQ \(highest))") }
      return untagged(words.joined(separator: " "))
    }
    let results = results ?? ["ALL"]
    // Who only saves is told nothing.
    guard results != ["SAVE"] else { return }
    var words = ["ESEARCH (TAG \"\(tag)\")"]
    if isUID { words.append("UID") }
    if results.contains("MIN"), let first = numbers.first { words.append("MIN \(first)") }
    if results.contains("MAX"), let last = numbers.last { words.append("MAX \(last)") }
    if results.contains("ALL"), !numbers.isEmpty { words.append("ALL \(IMAPSequenceSet.encode(numbers))") }
    if results.contains("COUNT") { words.append("COUNT \(numbers.count)") }
    if let highest { words.append("MODSEQ \(highest)") }
    untagged(words.joined(separator: " "))
  }
  /// search = "SEARCH" [SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")"] SP
  ///          ["CHARSET" SP charset SP] search-key *(SP search-key)
  private func parseSearch(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> SearchRequest {
    try arguments.space()
    var results: Set<String>?
    var charset: String?
    var ahead = arguments
    if ahead.keyword() == "RETURN" {
      arguments = ahead
      var options: Set<String> = []
      try arguments.space()
      try arguments.list { (arguments) throws(IMAPSyntaxError) in
        let failure = arguments.failure("MIN, MAX, COUNT, ALL or SAVE")
        let option = arguments.keyword()
        guard ["MIN", "MAX", "COUNT", "ALL", "SAVE"].contains(option) else { throw failure }
        options.insert(option)
      }
      try arguments.space()
      results = options.isEmpty ? ["ALL"] : options
    }
    ahead = arguments
    if ahead.keyword() == "CHARSET" {
      arguments = ahead
      try arguments.space()
      let name = try arguments.astring()
      charset = name.span.text().uppercased()
      try arguments.space()
    }
    let key = try IMAPSearchKey.parseList(&arguments)
    try arguments.end()
    return SearchRequest(results: results, key: key, charset: charset)
  }
}
