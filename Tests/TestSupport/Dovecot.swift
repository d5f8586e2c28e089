package import Foundation

/// A Dovecot of a test's own on a loopback port, with one user whose mailbox is empty. It needs root, as Dovecot does.
package final class Dovecot {
  package static let user = "bob"
  package static let password = "hunter2"
  /// Whether it can be run here.
  package static var isExpected: Bool { Peer.dovecot.isExpected && geteuid() == 0 }

  private let process = Process()
  private let folder: URL
  package let port: UInt16

  package init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)")
    let mail = folder.appending(path: "mail")
    try FileManager.default.createDirectory(at: mail, withIntermediateDirectories: true)
    for path in [folder.path, mail.path] { _ = unsafe chmod(path, 0o711) }
    _ = unsafe chown(mail.path, Self.mailbox, Self.mailbox)
    port = Self.freePort()
    let configuration = folder.appending(path: "dovecot.conf")
    try Data(Self.configuration(folder.path, port).utf8).write(to: configuration)
    guard let program = Peer.dovecot.url else { throw Program.Failure(description: "dovecot is not installed") }
    process.executableURL = program
    process.arguments = ["-F", "-c", configuration.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    SignalMask.unblock()
    try process.run()
  }
  /// Ends it, and forgets its mail.
  package func stop() {
    // What is started from a test's thread has SIGTERM blocked; the others end when they miss the first.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }
  /// Connects as soon as it listens; nil when that takes too long.
  package func connect() -> FileHandle? {
    let deadline = Date(timeIntervalSinceNow: 20)
    while Date() < deadline, process.isRunning {
      let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = Self.address(port)
      let status = unsafe withUnsafePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      if status == 0 { return FileHandle(fileDescriptor: file, closeOnDealloc: true) }
      close(file)
      usleep(20_000)
    }
    return nil
  }
  /// Who owns the mailbox; needs no entry in /etc/passwd.
  private static var mailbox: UInt32 { 5000 }

  private static func address(_ port: UInt16) -> sockaddr_in {
    sockaddr_in(
      sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian,
      sin_addr: in_addr(s_addr: UInt32(0x7F00_0001).bigEndian),
      sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
  }
  private static func freePort() -> UInt16 {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(file) }
    var address = Self.address(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe bind(file, $0, length)
        _ = unsafe getsockname(file, $0, &length)
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }
  private static func configuration(_ folder: String, _ port: UInt16) -> String {
    """
    base_dir = \(folder)/run
    state_dir = \(folder)/state
    log_path = \(folder)/log
    protocols = imap
    listen = 127.0.0.1
    ssl = no
    disable_plaintext_auth = no
    auth_mechanisms = plain login cram-md5 scram-sha-256
    mail_location = maildir:\(folder)/mail/%u
    passdb {
      driver = static
      args = password=\(password)
    }
    userdb {
      driver = static
      args = uid=\(mailbox) gid=\(mailbox) home=\(folder)/mail
    }
    namespace inbox {
      inbox = yes
      separator = /
    }
    service imap-login {
      inet_listener imap {
        port = \(port)
      }
      inet_listener imaps {
        port = 0
      }
    }

    """
  }
}
