import ArgumentParser
import Console
import Foundation
import MailLab
import MailSystem
import Packets
import Scenarios

/// Whose agent it is, and which server it goes to: somebody of the running lab, or anybody anywhere.
struct AgentOptions: ParsableArguments {
  enum TLS: String, ExpressibleByArgument, CaseIterable {
    case never, starttls, implicit
  }
  @OptionGroup var homeOptions: HomeOptions
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("A user of the running lab: alice, bob@someschool.edu.", valueName: "user"))
  var user: String?
  @Option(help: ArgumentHelp("Another server than the running lab's.", valueName: "host:port")) var server: String?
  @Option(name: .customLong("user"), help: ArgumentHelp("The user name there.", valueName: "name")) var login: String?
  @Option(help: "The password there; better in MAILWIRE_PASSWORD, where no other user sees it.") var password: String?
  @Option(help: "never, starttls, or implicit: TLS from the first octet on.") var tls = TLS.never
  @Option(help: ArgumentHelp("Certificates to believe, beside the running lab's.", valueName: "file")) var ca: String?
  @Flag(help: "Believe any certificate.") var insecure = false
  @Flag(help: "Show what is said, line by line, and what it means.") var explain = false

  /// An account, and the server where it is at home.
  struct Place {
    var server: AgentServer
    var name: String
    var password: String
  }
  func place(_ plain: LabConfiguration.Service, _ protected: LabConfiguration.Service) async throws -> Place {
    let tls = AgentServer.TLS(rawValue: tls.rawValue) ?? .never
    if let server {
      guard let colon = server.lastIndex(of: ":"), let port = UInt16(server[server.index(after: colon)...]) else {
        throw ValidationError("--server takes HOST:PORT")
      }
      let host = server[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
      var place = Place(
        server: AgentServer(host: String(host), port: Int(port), tls: tls), name: login ?? user ?? "",
        password: password ?? ProcessInfo.processInfo.environment["MAILWIRE_PASSWORD"] ?? "")
      place.server.authority = try ca.map { try String(contentsOfFile: $0, encoding: .utf8) }
      place.server.believesAnybody = insecure
      return place
    }
    guard let user else { throw ValidationError("--as names a user of the running lab, or --server another server") }
    let answer = try await homeOptions.ask(.status)
    for machine in answer.machines {
      guard let account = machine.users.first(where: { $0.name == user || $0.name.hasPrefix("\(user)@") }) else {
        continue
      }
      var server = AgentServer(
        host: machine.address, port: machine.port(tls == .implicit ? protected : plain), tls: tls)
      server.name = machine.host
      server.authority = answer.authority
      server.believesAnybody = insecure
      return Place(server: server, name: account.name, password: password ?? account.password)
    }
    Terminal.complain("there is no \(user) in the running lab; 'mailwire lab users' tells who is")
    throw ExitCode(2)
  }
  /// The ladder, where it was asked for.
  func explain(_ transcript: MailAgent.Transcript, _ service: MailService, _ server: AgentServer) {
    guard explain else { return }
    Terminal.print(
      AgentLadder.text(SocketPackets.make(transcript.events), .raw, service, port: UInt16(clamping: server.port)))
    guard transcript.firstHidden != nil else { return }
    Terminal.print(
      server.tls == .implicit
        ? "All of this was said inside TLS: it is shown from the agent's own record, and no capture shows it."
        : "What follows STARTTLS was said inside TLS: it is shown from the agent's own record, and no capture shows it."
    )
  }
}

/// How an agent's work ended.
enum AgentFailure {
  /// A line on standard error, and status 1: the server was reached, and something did not succeed there.
  static func end(_ text: String) -> ExitCode {
    Terminal.complain(Terminal.harmless(text))
    return ExitCode(1)
  }
}
