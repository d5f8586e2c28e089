import ArgumentParser
import Console
import Foundation
import MailLab
import MailProtocols
import MailSystem

/// `mailwire send`: what a user agent does with a message that its user has written.
struct SendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send a message as a user agent does: by SMTP, to the sender's own server.",
    discussion: """
      EXAMPLES:
        mailwire send --as alice --to bob@someschool.edu --subject Hello --body 'Dear Bob, …' --explain
        mailwire send --as alice --to bob@someschool.edu --attach photo.png --tls starttls
        mailwire send --server 127.0.0.1:2525 --from me@example.org --to you@example.org < text
      """)
  @OptionGroup var agent: AgentOptions
  @Option(help: ArgumentHelp("The sender; the account, if none is named.", valueName: "address")) var from: String?
  @Option(help: ArgumentHelp("A recipient; may be given again.", valueName: "address")) var to: [String]
  @Option(help: "The subject.") var subject = ""
  @Option(help: "The text; from standard input, if none is named.") var body: String?
  @Option(help: ArgumentHelp("A file that goes with it; may be given again.", valueName: "file")) var attach: [String] =
    []
  @Option(
    help: ArgumentHelp(
      "PLAIN, LOGIN, CRAM-MD5 or SCRAM-SHA-256; the strongest that the server offers.", valueName: "mechanism"))
  var auth: String?

  func run() async throws {
    let place = try await agent.place(.submission, .submissions)
    let sender = from ?? place.name
    var envelope = Envelope(from: try path(sender), to: try to.map(path))
    let text = body ?? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    let composed = ComposedMessage(
      from: sender, to: to, subject: subject, text: text, attachments: try attach.map(file))
    let id = UUID().uuidString.lowercased()
    let message = composed.encode(date: MessageDate(secondsSinceEpoch: Int64(Date.now.timeIntervalSince1970)), id: id)
    envelope.isInternationalized = ([sender] + to).contains { !$0.utf8.allSatisfy { $0 < 128 } }
    let mechanism = try auth.map { name in
      guard let mechanism = SASLMechanism(rawValue: name.uppercased()) else {
        throw ValidationError("--auth knows \(SASLMechanism.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return mechanism
    }
    let session = SMTPClientSession(
      helloName: ProcessInfo.processInfo.hostName, envelope: envelope, message: message,
      login: place.password.isEmpty ? nil : .init(user: place.name, password: place.password, mechanism: mechanism),
      protection: place.server.tls == .starttls ? .required : .never, isProtected: place.server.tls == .implicit)
    let (fates, transcript) = try await MailAgent.send(session, to: place.server)
    agent.explain(transcript, .submission, place.server)
    var hasFailed = false
    for (recipient, fate) in zip(to, fates) {
      switch fate {
      case .accepted(let reply):
        Terminal.print("\(recipient): taken over by the server: \(Terminal.harmless(reply.text))")
      case .deferred(let reply):
        Terminal.complain("\(recipient): not now: \(Terminal.harmless(reply.text))")
        hasFailed = true
      case .refused(let reply):
        Terminal.complain("\(recipient): refused: \(Terminal.harmless(reply.text))")
        hasFailed = true
      }
    }
    if hasFailed { throw ExitCode(1) }
  }
  private func path(_ address: String) throws -> SMTPPath {
    let octets = Array(address.utf8)
    guard let path = SMTPPath.parse(octets.span, allowsUTF8: true) else {
      throw ValidationError("'\(address)' is no address (RFC 5321 §4.1.2)")
    }
    return path
  }
  private func file(_ path: String) throws -> ComposedMessage.Attachment {
    guard let octets = FileManager.default.contents(atPath: path) else {
      throw ValidationError("\(path) cannot be read")
    }
    let name = URL(filePath: path).lastPathComponent.map { character in
      character.isASCII && character > " " && !"\"\\/".contains(character) ? character : "_"
    }
    return ComposedMessage.Attachment(name: String(name), type: MediaType.of(path), octets: Array(octets))
  }
}

/// Media types by the ends of names.
enum MediaType {
  private static let known = [
    "txt": "text/plain", "md": "text/markdown", "html": "text/html", "csv": "text/csv", "png": "image/png",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "pdf": "application/pdf", "zip": "application/zip",
  ]
  static func of(_ path: String) -> String {
    known[URL(filePath: path).pathExtension.lowercased()] ?? "application/octet-stream"
  }
}
