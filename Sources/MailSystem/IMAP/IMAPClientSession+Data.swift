internal import Bytes
internal import MailProtocols

/// What a server tells in untagged responses (RFC 9051 §7): data for what was asked, or news.
extension IMAPClientSession {
  mutating func heardData(_ response: IMAPResponse, _ text: String, _ octets: [UInt8]) {
    switch response.status {
    case .bye: return heardGoodbye(text)
    case .ok, .no, .bad, .preauthenticated:
      noteCapabilities(in: text)
      if text.uppercased().hasPrefix("[ALERT]") { note(.alert(text)) }
      return
    case .none: break
    }
    let name = octets.span.extracting(octets.span.bounds(response.name)).text().uppercased()
    guard response.number.isEmpty else {
      let digits = octets.span.extracting(octets.span.bounds(response.number)).text()
      guard let number = UInt32(digits) else { return fail("the server counts \(digits.prefix(40))") }
      return heardNumbered(name, number, octets, from: response.name.upper)
    }
    switch name {
    case "CAPABILITY": capabilities = Set(text.uppercased().split(separator: " ").map(String.init))
    case "ENABLED": if text.uppercased().split(separator: " ").contains("IMAP4REV2") { isRevision2 = true }
    case "LIST", "LSUB": heardFolder(octets, from: response.name.upper)
    case "STATUS": heardStatus(octets, from: response.name.upper)
    case "SEARCH": heardFound(text.split(separator: " ").compactMap { UInt32($0) })
    case "ESEARCH": heardExtendedSearch(octets, from: response.name.upper)
    default: break
    }
  }
  private mutating func heardGoodbye(_ text: String) {
    if current?.operation == .logout { return }
    note(.goodbye(text))
    fail(text)
  }
  private mutating func heardNumbered(_ name: String, _ number: UInt32, _ octets: [UInt8], from offset: Int) {
    switch name {
    case "EXISTS":
      if case .select? = current?.operation { current?.messageCount = Int(number) } else { note(.exists(number)) }
    case "EXPUNGE": isRemoving ? () : note(.expunged(number))
    case "FETCH":
      guard let message = IMAPFetchResponse.parse(octets, number: number, from: offset) else {
        return fail("the server tells of message \(number) what cannot be read")
      }
      switch current?.operation {
      case .fetch?, .store?:
        if (current?.messages.count ?? 0) < IMAPClientLimits.itemCount { current?.messages.append(message) }
      default: if let flags = message.flags { note(.flags(number, flags)) }
      }
    default: break
    }
  }
  /// Whether what vanishes does so because we want it.
  private var isRemoving: Bool {
    switch current?.operation {
    case .expunge?, .move?: true
    default: false
    }
  }
  /// LIST (\HasNoChildren \Sent) "/" Sent
  private mutating func heardFolder(_ octets: [UInt8], from offset: Int) {
    var tokens = IMAPTokens(from: offset)
    guard case .open? = tokens.next(octets.span), (current?.folders.count ?? 0) < IMAPClientLimits.itemCount else {
      return
    }
    var attributes: [String] = []
    while let token = tokens.next(octets.span), token != .close { attributes.append(text(token, octets)) }
    guard let separator = tokens.next(octets.span), let name = tokens.next(octets.span) else { return }
    let isNil = if case .atom = separator { text(separator, octets).uppercased() == "NIL" } else { false }
    let folder = IMAPOutcome.Folder(
      name: folderName(name, octets), attributes: attributes, separator: isNil ? nil : text(separator, octets))
    current?.folders.append(folder)
  }
  /// STATUS INBOX (MESSAGES 3 UNSEEN 1)
  private mutating func heardStatus(_ octets: [UInt8], from offset: Int) {
    var tokens = IMAPTokens(from: offset)
    guard tokens.next(octets.span) != nil, case .open? = tokens.next(octets.span) else { return }
    while let name = tokens.next(octets.span), name != .close, let value = tokens.next(octets.span) {
      let (key, count) = (text(name, octets).uppercased(), UInt64(text(value, octets)))
      current?.counts[key] = count
    }
  }
  /// ESEARCH (TAG "a7") ALL 2,4:7 (RFC 9051 §7.3.4)
  private mutating func heardExtendedSearch(_ octets: [UInt8], from offset: Int) {
    let words = octets.span.extracting(min(offset, octets.count)...).text().split(separator: " ").map(String.init)
    guard let place = words.firstIndex(where: { $0.uppercased() == "ALL" }), place + 1 < words.count else { return }
    var arguments = IMAPArguments(Array(words[place + 1].utf8))
    guard let set = try? IMAPSequenceSet.parse(&arguments) else { return }
    for range in set.ranges(largest: UInt32.max) {
      heardFound(Array(range.prefix(IMAPClientLimits.itemCount)))
    }
  }
  private mutating func heardFound(_ numbers: [UInt32]) {
    let room = IMAPClientLimits.itemCount - (current?.found.count ?? 0)
    current?.found += numbers.prefix(max(0, room))
  }
  private func text(_ token: IMAPTokens.Token, _ octets: [UInt8]) -> String {
    IMAPTokens.value(token, of: octets.span).span.text()
  }
  private func folderName(_ token: IMAPTokens.Token, _ octets: [UInt8]) -> String {
    let value = IMAPTokens.value(token, of: octets.span)
    return isRevision2 ? value.span.text() : ModifiedUTF7.decode(value) ?? value.span.text()
  }
}
