internal import Foundation

/// A `mailwire lab up` that runs while a test does something.
package final class LabRun {
  /// What a lab says of itself in JSON.
  package struct Description: Decodable {
    package struct User: Decodable {
      package var name: String
      package var password: String
    }
    package struct Machine: Decodable {
      package var host: String
      package var domain: String
      package var address: String
      package var ports: [String: Int]
      package var users: [User]

      package func port(_ service: String) -> Int { ports[service] ?? 0 }
    }
    package var machines: [Machine]
  }
  package let folder: TemporaryFolder
  package let run: LiveRun
  /// The line of JSON, and what it says.
  package let line: String
  package let description: Description

  /// Ports are any, and nothing is kept but in `folder`.
  package init(_ options: [String] = ["--ephemeral"], in folder: TemporaryFolder? = nil, launcher: [String] = []) throws
  {
    let folder = try folder ?? TemporaryFolder()
    self.folder = folder
    run = try LiveRun(
      ["lab", "up", "--dir", folder.path, "--base-port", "0", "--json"] + options, launcher: launcher)
    try run.await("\n")
    line = String(run.output.prefix { $0 != "\n" })
    guard let description = try? JSONDecoder().decode(Description.self, from: Data(line.utf8)) else {
      throw Program.Failure(description: "\(line) \(run.diagnostics)")
    }
    self.description = description
  }
  package var alices: Description.Machine { description.machines[0] }
  package var bobs: Description.Machine { description.machines[1] }
  package var alice: Description.User { alices.users[0] }
  package var bob: Description.User { bobs.users[0] }

  /// `mailwire lab …` about this lab.
  package func ask(_ arguments: [String]) throws -> Program.Run {
    try Program.run(["lab"] + arguments + ["--dir", folder.path])
  }
  /// What `lab status` says, as soon as `isEnough` of it.
  package func status(when isEnough: (Status) -> Bool) throws -> Status {
    var status = Status(hosts: [])
    for _ in 0..<400 {
      status = try JSONDecoder().decode(Status.self, from: try ask(["status", "--json"]).output)
      if isEnough(status) { return status }
      usleep(25_000)
    }
    throw Program.Failure(description: "it never came to that: \(status) \(run.output.suffix(2_000))")
  }
  package struct Status: Decodable {
    package struct Host: Decodable {
      package struct Mailbox: Decodable {
        package var account: String
        package var folder: String
        package var messages: Int
        package var unseen: Int
      }
      package struct Waiting: Decodable {
        package var id: String
        package var attempts: Int
        package var lastReply: String?
      }
      package var host: String
      package var queue: [Waiting]
      package var mailboxes: [Mailbox]
    }
    package var hosts: [Host]

    package func messages(of account: String, in folder: String = "INBOX") -> Int {
      hosts.flatMap(\.mailboxes).first { $0.account == account && $0.folder == folder }?.messages ?? 0
    }
    package var waiting: Int { hosts.reduce(0) { $0 + $1.queue.count } }
  }
}
