/// An operation of an IMAP agent as a scenario writes it.
///
///     imap: [ { select: INBOX }, { fetch: { messages: "1:*", items: [headers] } }, idle ]
package enum IMAPAction: Equatable, Sendable {
  case operation(IMAPOperation)
  /// A message of the scenario is put into a folder.
  case append(message: String, to: String, flags: [String])
}

extension IMAPAction: Decodable {
  private enum Word: String { case expunge, close, unselect, noop, idle, news, logout }
  private enum Key: String, CodingKey, CaseIterable {
    case list, create, delete, rename, select, examine, status, search, fetch, store, append, copy, move
  }
  private struct Rename: Decodable {
    var folder: String
    var to: String
    enum Key: String, CodingKey, CaseIterable { case folder, to }
    init(from decoder: any Decoder) throws {
      let map = try decoder.map(Key.self)
      folder = try map.decode(String.self, forKey: .folder)
      to = try map.decode(String.self, forKey: .to)
    }
  }
  /// What fetch, store, copy, move and append have in common.
  private struct Work: Decodable {
    var messages: String
    var items: [IMAPOperation.Item]
    var flags: [String]
    var change: IMAPOperation.FlagChange
    var to: String?
    var message: String?
    enum Key: String, CodingKey, CaseIterable { case messages, items, add, remove, replace, flags, to, message }
    init(from decoder: any Decoder) throws {
      let map = try decoder.map(Key.self)
      messages = try map.value(.messages, or: "1:*")
      items = try map.value(.items, or: [.message])
      to = try map.decodeIfPresent(String.self, forKey: .to)
      message = try map.decodeIfPresent(String.self, forKey: .message)
      change = map.contains(.add) ? .add : map.contains(.remove) ? .remove : .replace
      let place: Key = change == .add ? .add : change == .remove ? .remove : map.contains(.replace) ? .replace : .flags
      flags = try map.value(place, or: [])
    }
    func folder(_ decoder: any Decoder) throws -> String {
      guard let to else { throw decoder.failure("'to' names the folder") }
      return to
    }
  }
  package init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      guard let word = Word(rawValue: text) else {
        throw decoder.failure("'\(text)' is no operation that stands alone")
      }
      self = .operation(Self.operation(word))
      return
    }
    let map = try decoder.map(Key.self)
    guard map.allKeys.count == 1, let key = map.allKeys.first else {
      throw decoder.failure("one operation at a time")
    }
    func name() throws -> String { try map.decode(String.self, forKey: key) }
    func work() throws -> Work { try map.decode(Work.self, forKey: key) }
    self =
      switch key {
      case .list: .operation(.list(try name()))
      case .create: .operation(.create(try name()))
      case .delete: .operation(.delete(try name()))
      case .select: .operation(.select(try name(), isReadOnly: false))
      case .examine: .operation(.select(try name(), isReadOnly: true))
      case .status: .operation(.status(try name()))
      case .search: .operation(.search(try name()))
      case .rename:
        .operation(
          .rename(try map.decode(Rename.self, forKey: key).folder, to: try map.decode(Rename.self, forKey: key).to))
      case .fetch: .operation(.fetch(try work().messages, try work().items))
      case .store: .operation(.store(try work().messages, try work().change, try work().flags))
      case .copy: .operation(.copy(try work().messages, to: try work().folder(decoder)))
      case .move: .operation(.move(try work().messages, to: try work().folder(decoder)))
      case .append: try Self.append(try work(), decoder)
      }
  }
  private static func append(_ work: Work, _ decoder: any Decoder) throws -> IMAPAction {
    guard let message = work.message else { throw decoder.failure("'message' names the message") }
    return .append(message: message, to: try work.folder(decoder), flags: work.flags)
  }
  private static func operation(_ word: Word) -> IMAPOperation {
    switch word {
    case .expunge: .expunge
    case .close: .close
    case .unselect: .unselect
    case .noop: .noOperation
    case .idle: .idle
    case .news: .awaitNews
    case .logout: .logout
    }
  }
}
