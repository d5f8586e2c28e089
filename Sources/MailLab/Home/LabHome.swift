internal import Foundation
internal import Glibc
internal import MailSystem

/// The folder of a lab, where it finds everything again at its next start:
///
///     lab.json          machines, users and their passwords
///     ca.pem, ca.key    the lab's certificate authority
///     tls-keys.log      the secrets of TLS connections, for Wireshark
///     mail.example.org/ what a machine keeps
///     lab.lock          held while a lab runs
///     control           a socket by which a running lab is asked
package struct LabHome: Sendable {
  package let path: String

  package init(path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
  /// `$XDG_DATA_HOME/mailwire/lab`, usually `~/.local/share/mailwire/lab`.
  package static func standard(_ environment: [String: String]) -> LabHome {
    let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return LabHome(path: (data ?? "\(environment["HOME"] ?? "")/.local/share") + "/mailwire/lab")
  }
  package var controlPath: String { "\(path)/control" }
  package var keyLogPath: String { "\(path)/tls-keys.log" }
  package var authorityPath: String { "\(path)/ca.pem" }
  package var logPath: String { "\(path)/lab.log" }
  private var configurationPath: String { "\(path)/lab.json" }
  package func make() throws { try Disk.makeFolder(path) }

  // MARK: Who is there

  private struct Record: Codable {
    struct Machine: Codable {
      struct User: Codable {
        var name: String
        var password: String
      }
      var host: String
      var domain: String
      var address: String
      var users: [User]
    }
    var version = 1
    var machines: [Machine]
  }
  /// The machines and their users, without ports; nil before the first start.
  package func configuration() throws -> LabConfiguration? {
    guard Disk.status(configurationPath) != nil else { return nil }
    let octets = try Disk.read(configurationPath, limit: 1 << 20)
    let record: Record
    do {
      record = try JSONDecoder().decode(Record.self, from: Data(octets))
    } catch {
      throw LabError.failed("\(configurationPath) is not what a lab has written: \(error)")
    }
    return LabConfiguration(
      machines: record.machines.map { machine in
        LabConfiguration.Machine(
          hostName: machine.host, domain: machine.domain, address: machine.address,
          accounts: machine.users.map { MailAccount(name: $0.name, password: $0.password) })
      })
  }
  package func save(_ configuration: LabConfiguration) throws {
    let record = Record(
      machines: configuration.machines.map { machine in
        Record.Machine(
          host: machine.hostName, domain: machine.domain, address: machine.address,
          users: machine.accounts.map { .init(name: $0.name, password: $0.passwordText) })
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try Disk.makeFolder(path)
    let temporary = configurationPath + ".new"
    try Disk.remove(temporary)
    try Disk.write(Array(try encoder.encode(record)) + [10], to: temporary)
    try Disk.rename(temporary, to: configurationPath)
    try Disk.synchronize(folder: path)
  }
  /// Removes everything that a lab keeps here, and nothing else.
  package func reset() throws {
    let kept = try configuration()
    for machine in kept?.machines ?? [] { try Disk.removeTree("\(path)/\(machine.hostName)") }
    for name in ["lab.json", "ca.pem", "ca.key", "tls-keys.log", "lab.log", "control"] {
      try Disk.remove("\(path)/\(name)")
    }
  }

  // MARK: One lab at a time

  /// Held by a running lab; the system lets go of it when the program ends, however it ends.
  package final class Lock: Sendable {
    private let file: Int32
    fileprivate init(_ file: Int32) { self.file = file }
    deinit { close(file) }
  }
  /// Throws when a lab runs here.
  package func lock() throws -> Lock {
    try make()
    let lockPath = "\(path)/lab.lock"
    let file = unsafe open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw DiskError.last(lockPath) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw LabError.failed(
        "a lab runs already in \(path); 'mailwire lab status' tells of it, 'mailwire lab down' ends it")
    }
    return Lock(file)
  }
}
