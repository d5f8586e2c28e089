import ArgumentParser
import Console
import Foundation
import MailLab
import MailSystem
import Synchronization

/// `mailwire imap`: what a user agent does in the folders at the server.
struct IMAPCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "imap", abstract: "Work in a mailbox at the server as a user agent does by IMAP.",
    discussion: """
      Each operation is one argument; they are done in their order.

        list                    folders                 select FOLDER           open a folder
        status FOLDER           how many messages       fetch SET               headers, flags and sizes
        read NUMBER             a message               search KEYS             UNSEEN FROM "alice"
        flag SET FLAG…          set flags               unflag SET FLAG…        take flags away
        copy SET FOLDER         move SET FOLDER         expunge                 remove what is \\Deleted
        append FOLDER FILE      put a message there     create, delete FOLDER   rename FOLDER NAME
        idle                    wait until somebody else does something

      EXAMPLES:
        mailwire imap --as bob 'select INBOX' 'fetch 1:*' 'read 1' --explain
        mailwire imap --as bob 'create Projects' 'select INBOX' 'move 1 Projects' list
        mailwire imap --as bob 'select INBOX' idle
      """)
  @OptionGroup var agent: AgentOptions
  @Argument(help: ArgumentHelp("What to do, one argument for each.", valueName: "operation")) var operations: [String] =
    ["list"]

  func run() async throws {
    let parsed = try operations.flatMap(IMAPWords.parse)
    let place = try await agent.place(.imap, .imaps)
    var configuration = IMAPClientConfiguration(user: place.name, password: place.password)
    configuration.protection = place.server.tls == .starttls ? .required : .never
    let session = IMAPClientSession(configuration, isProtected: place.server.tls == .implicit)
    let refusals = Atomic(0)
    let (ended, transcript) = try await MailAgent.work(session, parsed, at: place.server) { news in
      switch news {
      case .outcome(let outcome):
        if outcome.status != .ok { refusals.add(1, ordering: .relaxed) }
        for line in IMAPWords.lines(outcome) { Terminal.print(line) }
      case .news(let news): if let line = IMAPWords.line(news) { Terminal.print(line) }
      }
    }
    agent.explain(transcript, .imap, place.server)
    if let failure = ended.failure { throw AgentFailure.end(failure.text) }
    if refusals.load(ordering: .relaxed) > 0 { throw ExitCode(1) }
  }
}

/// Operations as they are typed, and what comes of them as it is read.
enum IMAPWords {
  static func parse(_ text: String) throws -> [IMAPOperation] {
    let words = text.split(separator: " ").map(String.init)
    func need(_ count: Int, _ form: String) throws {
      guard words.count > count else { throw ValidationError("'\(text)': the form is '\(form)'") }
    }
    func rest(_ index: Int) -> String { words[index...].joined(separator: " ") }
    switch words.first?.lowercased() {
    case "list": return [.list("*")]
    case "select":
      try need(1, "select FOLDER")
      return [.select(rest(1), isReadOnly: false)]
    case "status":
      try need(1, "status FOLDER")
      return [.status(rest(1))]
    case "fetch":
      try need(1, "fetch SET")
      return [.fetch(words[1], [.uid, .flags, .size, .headers])]
    case "read":
      try need(1, "read NUMBER")
      return [.fetch(words[1], [.message])]
    case "search":
      try need(1, "search KEYS")
      return [.search(rest(1))]
    case "flag", "unflag":
      try need(2, "flag SET FLAG…")
      return [.store(words[1], words[0].lowercased() == "flag" ? .add : .remove, words[2...].map(flag))]
    case "copy":
      try need(2, "copy SET FOLDER")
      return [.copy(words[1], to: rest(2))]
    case "move":
      try need(2, "move SET FOLDER")
      return [.move(words[1], to: rest(2))]
    case "append":
      try need(2, "append FOLDER FILE")
      guard let octets = FileManager.default.contents(atPath: words[words.count - 1]) else {
        throw ValidationError("\(words[words.count - 1]) cannot be read")
      }
      return [
        .append(LineEnds.canonical(Array(octets)), to: words[1..<(words.count - 1)].joined(separator: " "), flags: [])
      ]
    case "create":
      try need(1, "create FOLDER")
      return [.create(rest(1))]
    case "delete":
      try need(1, "delete FOLDER")
      return [.delete(rest(1))]
    case "rename":
      try need(2, "rename FOLDER NAME")
      return [.rename(words[1], to: rest(2))]
    case "expunge": return [.expunge]
    case "idle": return [.idle, .awaitNews]
    default: throw ValidationError("'\(text)' is no operation; 'mailwire imap --help' lists them")
    }
  }
  /// `seen` is `\Seen`; a keyword is as it is.
  private static func flag(_ word: String) -> String {
    let name = word.drop { $0 == "\\" }.lowercased()
    return MessageFlags.system.first { $0.dropFirst().lowercased() == name } ?? word
  }

  static func lines(_ outcome: IMAPOutcome) -> [String] {
    var lines = [outcome.operation.name]
    for folder in outcome.folders {
      lines.append("  \(folder.name)  \(folder.attributes.filter { $0.hasPrefix("\\") }.joined(separator: " "))")
    }
    if let count = outcome.messageCount { lines.append("  \(count) messages") }
    for (name, count) in outcome.counts.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(name.lowercased()) \(count)")
    }
    if !outcome.found.isEmpty { lines.append("  " + outcome.found.map(String.init).joined(separator: " ")) }
    for message in outcome.messages { lines += self.lines(message) }
    if outcome.status != .ok { lines.append("  \(outcome.status.rawValue) \(outcome.text)") }
    return lines.map(Terminal.harmless)
  }
  private static func lines(_ message: IMAPOutcome.Message) -> [String] {
    let flags = (message.flags ?? []).joined(separator: " ")
    var lines = [
      "  \(message.number)" + (message.byteCount.map { "  \($0) octets" } ?? "") + (flags.isEmpty ? "" : "  \(flags)")
    ]
    for octets in message.sections.values {
      let text = String(decoding: octets ?? [], as: UTF8.self)
      lines += text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { "    \($0)" }
      while lines.last?.allSatisfy({ $0 == " " }) == true { lines.removeLast() }
    }
    return lines
  }
  static func line(_ news: IMAPNews) -> String? {
    switch news {
    case .exists(let count): "  (there are \(count) messages now)"
    case .expunged(let number): "  (message \(number) was removed)"
    case .flags(let number, let flags): "  (message \(number) has the flags \(flags.joined(separator: " ")))"
    case .alert(let text): Terminal.harmless("  (the server wants it to be known: \(text))")
    case .goodbye: nil
    }
  }
}
