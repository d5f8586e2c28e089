import ArgumentParser
import Console
import Foundation
import MailLab

/// `mailwire lab status`: what the running lab offers, and what it holds.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tell whether a lab runs, and what it holds.")
  @OptionGroup var homeOptions: HomeOptions
  @Flag(help: "As one line of JSON, for programs.") var json = false

  func run() async throws {
    let answer = try await homeOptions.ask(.status)
    if json { return Terminal.print(try JSONText.line(answer)) }
    Terminal.print(LabDescription(machines: answer.machines).text)
    for host in answer.hosts {
      let connections = count(host.connections, "connection")
      Terminal.print("\(host.host): \(connections), \(count(host.queue.count, "message")) waiting")
      for mailbox in host.mailboxes where mailbox.messages > 0 || mailbox.folder == "INBOX" {
        Terminal.print(
          "  \(mailbox.account)  \(mailbox.folder): \(count(mailbox.messages, "message")), \(mailbox.unseen) unseen, "
            + "\(count(mailbox.octets, "octet"))")
      }
    }
    let kept = answer.isEphemeral ? "nothing is kept" : "mail is kept in \(homeOptions.home.path)"
    Terminal.print("\nprocess \(answer.processID), \(kept)")
  }
  private func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
}

/// `mailwire lab queue`: what waits, and why.
struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Tell what waits in the queues, since when, and why.")
  @OptionGroup var homeOptions: HomeOptions
  @Flag(help: "Try everything at once.") var retry = false
  @Flag(help: "As one line of JSON, for programs.") var json = false

  func run() async throws {
    let answer = try await homeOptions.ask(retry ? .retry : .status)
    if json { return Terminal.print(try JSONText.line(answer.hosts.map { Queue(host: $0.host, queue: $0.queue) })) }
    for host in answer.hosts {
      Terminal.print("\(host.host): \(host.queue.isEmpty ? "nothing waits" : "\(host.queue.count) waiting")")
      for waiting in host.queue {
        let path = "<\(waiting.from)> → \(waiting.to.joined(separator: ", "))"
        Terminal.print("  \(waiting.id)  \(path)  \(waiting.octets) octets")
        Terminal.print(
          "    since \(clock(waiting.arrival)), tried \(waiting.attempts) times, next at \(clock(waiting.nextAttempt))")
        if let reply = waiting.lastReply { Terminal.print("    \(reply)") }
      }
    }
  }
  private struct Queue: Encodable {
    var host: String
    var queue: [HostStatus.Waiting]
  }
  private func clock(_ seconds: Double) -> String {
    let formatter = DateFormatter()
    formatter.dateFormat = "HH:mm:ss"
    return formatter.string(from: Date(timeIntervalSince1970: seconds))
  }
}

/// `mailwire lab down`: ends the running lab.
struct DownCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "down", abstract: "End the lab that runs.")
  @OptionGroup var homeOptions: HomeOptions

  func run() async throws {
    do {
      _ = try await homeOptions.ask(.down)
    } catch let error where !(error is ExitCode) {
      // It hung up before it had answered, because it ends.
    }
    // It is over when its lock is free.
    for _ in 0..<1_000 {
      if (try? homeOptions.home.lock()) != nil { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Terminal.complain("the lab was told to end, and has not ended in ten seconds")
    throw ExitCode(4)
  }
}

enum JSONText {
  /// One line.
  static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
