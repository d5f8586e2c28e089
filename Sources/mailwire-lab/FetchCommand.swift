import ArgumentParser
import Console
import Foundation
import MailLab
import MailSystem

/// `mailwire fetch`: what a user agent does that reads mail by POP3.
struct FetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Fetch mail as a user agent does by POP3: download and keep, or download and delete.",
    discussion: """
      Messages are written into a folder, a file each. To keep, those are fetched that the folder does not have; to
      delete, the server removes what was fetched, and nobody else reads it there any more.

      EXAMPLES:
        mailwire fetch --as bob --explain
        mailwire fetch --as bob --delete --out home
        mailwire fetch --server 127.0.0.3:2110 --user bob@someschool.edu --tls starttls
      """)
  @OptionGroup var agent: AgentOptions
  @Flag(help: "By POP3, which is the only way here; folders are for 'mailwire imap'.") var pop3 = false
  @Flag(exclusivity: .exclusive, help: "Whether the server keeps what was fetched.") var mode = Mode.keep
  @Flag(help: "Log in with APOP, which does not send the password.") var apop = false
  @Option(help: ArgumentHelp("The folder for the messages.", valueName: "folder")) var out = "mail"

  enum Mode: String, EnumerableFlag { case keep, delete }

  func run() async throws {
    let place = try await agent.place(.pop3, .pop3s)
    let store = try MessageFolder(out)
    var configuration = POP3ClientConfiguration(user: place.name, password: place.password)
    configuration.mode = mode == .keep ? .keep : .delete
    configuration.protection = place.server.tls == .starttls ? .required : .never
    if apop { configuration.login = .apop }
    configuration.knownUniqueIDs = store.knownUniqueIDs
    let session = POP3ClientSession(configuration, isProtected: place.server.tls == .implicit)
    let (ended, transcript) = try await MailAgent.fetch(session, from: place.server) { store.keep($0) }
    agent.explain(transcript, .pop3, place.server)
    Terminal.print(
      "\(ended.keptCount) fetched into \(out), \(ended.deleted.count) removed at the server, "
        + "\(configuration.knownUniqueIDs.count) were there before")
    for leftover in ended.leftovers {
      Terminal.complain("message \(leftover.message.number) stays at the server: \(Terminal.harmless(leftover.reason))")
    }
    if let failure = ended.failure { throw AgentFailure.end(failure.text) }
    if !ended.leftovers.isEmpty { throw ExitCode(1) }
  }
}

/// A folder of messages, a file each, that knows by unique id what it has (RFC 1939 §7, UIDL).
final class MessageFolder: Sendable {
  private let path: String
  private let index: String

  init(_ path: String) throws {
    self.path = path
    index = "\(path)/.unique-ids"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  var knownUniqueIDs: Set<String> {
    let text = FileManager.default.contents(atPath: index).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return Set(text.split(separator: "\n").map(String.init))
  }
  /// Writes a message under the next free number; an existing file is never touched.
  func keep(_ message: POP3ClientSession.Message) -> Bool {
    do {
      for number in 1...1_000_000 {
        let file = "\(path)/\(number).eml"
        if FileManager.default.fileExists(atPath: file) { continue }
        try Data(message.octets).write(to: URL(filePath: file), options: .withoutOverwriting)
        if let id = message.uniqueID { try note(id) }
        return true
      }
    } catch {
      Terminal.complain("\(path): \(error.localizedDescription)")
    }
    return false
  }
  private func note(_ id: String) throws {
    let line = Data("\(id)\n".utf8)
    if !FileManager.default.fileExists(atPath: index) { return try line.write(to: URL(filePath: index)) }
    let handle = try FileHandle(forWritingTo: URL(filePath: index))
    try handle.seekToEnd()
    try handle.write(contentsOf: line)
    try handle.close()
  }
}
