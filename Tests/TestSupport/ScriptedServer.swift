import Dispatch
import Foundation

/// A server that answers every line of a client as a closure says, on a port of loopback that the system chooses.
///
/// It serves until it is closed, each connection on a thread of its own; no connection outlives 30 seconds.
package final class ScriptedServer: Sendable {
  /// One connection's part: what is said first, and the answer to each line. The connection ends with an answer that is
  /// followed by a closing.
  package struct Part: Sendable {
    package var greeting: String
    package var answer: @Sendable (_ line: String, _ state: inout State) -> String
  }
  package struct State: Sendable {
    /// The client is sending a message that a lone dot ends.
    package var isInMessage = false
    /// Answers to challenges that are still to come.
    package var answerCount = 0
    /// Octets of a literal that the client is still to send.
    package var literalByteCount = 0
    package var isClosing = false
  }
  package let port: UInt16
  /// Its conversations alone, for libpcap: others may have its port at another address.
  package var filter: String { "tcp port \(port) and host \(isIPv6 ? "::1" : "127.0.0.1")" }
  private let isIPv6: Bool
  private let listener: Int32
  private let part: Part

  package init(isIPv6: Bool = false, _ part: Part) throws {
    self.part = part
    self.isIPv6 = isIPv6
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let listener = socket(isIPv6 ? AF_INET6 : AF_INET, kind, 0)
    var bound: Int32
    if isIPv6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_addr = in6addr_loopback
      bound = unsafe withUnsafePointer(to: &address) {
        unsafe bind(listener, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self), 28)
      }
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      bound = unsafe withUnsafePointer(to: &address) {
        unsafe bind(listener, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self), 16)
      }
    }
    bound |= listen(listener, 16)
    var name = sockaddr_in6()
    var length = socklen_t(28)
    bound |= unsafe withUnsafeMutablePointer(to: &name) {
      unsafe getsockname(listener, UnsafeMutableRawPointer($0).assumingMemoryBound(to: sockaddr.self), &length)
    }
    guard listener >= 0, bound == 0 else { throw Program.Failure(description: "no server: \(errno)") }
    // The port stands at the same place for both families.
    port = UInt16(bigEndian: name.sin6_port)
    self.listener = listener
    Thread.detachNewThread {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        Thread.detachNewThread { Self.serve(connection, part) }
      }
    }
  }
  package func close() {
    shutdown(listener, Int32(SHUT_RDWR))
    _ = Glibc.close(listener)
  }

  private static func serve(_ connection: Int32, _ part: Part) {
    defer {
      // A program that another test starts meanwhile may hold the connection, too, and would keep it open.
      shutdown(connection, Int32(SHUT_RDWR))
      _ = Glibc.close(connection)
    }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    writeAll(Array(part.greeting.utf8), to: connection)
    var state = State()
    var pending: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while !state.isClosing {
      var watched = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&watched, 1, 30_000) > 0 else { return }
      let count = unsafe read(connection, &chunk, chunk.count)
      if count <= 0 { return }
      pending += chunk[..<count]
      while !state.isClosing {
        if state.literalByteCount > 0 {
          let taken = min(state.literalByteCount, pending.count)
          pending.removeFirst(taken)
          state.literalByteCount -= taken
          if state.literalByteCount > 0 { break }
        }
        guard let end = pending.firstIndex(of: 10) else { break }
        let line = String(decoding: pending[..<end], as: UTF8.self).trimmingCharacters(in: .newlines)
        pending.removeSubrange(...end)
        let answer = part.answer(line, &state)
        if !answer.isEmpty { writeAll(Array(answer.utf8), to: connection) }
      }
    }
  }
}

// MARK: Parts

extension ScriptedServer.Part {
  /// A mail server that takes everything.
  package static let smtp = ScriptedServer.Part(greeting: "220 mail.someschool.example ESMTP\r\n") { line, state in
    if state.isInMessage {
      if line != "." { return "" }
      state.isInMessage = false
      return "250 2.0.0 Ok: queued\r\n"
    }
    if state.answerCount > 0 {
      state.answerCount -= 1
      return state.answerCount > 0 ? "334 UGFzc3dvcmQ6\r\n" : "235 2.7.0 Authentication successful\r\n"
    }
    switch line.prefix(4).uppercased() {
    case "EHLO": return "250-mail.someschool.example\r\n250-SIZE 10240000\r\n250 AUTH PLAIN LOGIN\r\n"
    case "AUTH":
      state.answerCount = line.hasSuffix("LOGIN") ? 2 : line.hasSuffix("PLAIN") ? 1 : 0
      return state.answerCount == 0 ? "235 2.7.0 ok\r\n" : state.answerCount == 1 ? "334 \r\n" : "334 VXNlcm5hbWU6\r\n"
    case "DATA":
      state.isInMessage = true
      return "354 End data with <CR><LF>.<CR><LF>\r\n"
    case "QUIT":
      state.isClosing = true
      return "221 2.0.0 Bye\r\n"
    default: return "250 2.1.0 Ok\r\n"
    }
  }
  /// A mailbox with one message.
  package static let pop3 = ScriptedServer.Part(greeting: "+OK mail.someschool.example ready.\r\n") { line, state in
    switch line.prefix(4).uppercased() {
    case "CAPA": return "+OK\r\nUSER\r\nTOP\r\n.\r\n"
    case "RETR":
      return "+OK 60 octets\r\nFrom: alice@crepes.example\r\nSubject: Crepes\r\n\r\n..5 kg of sugar.\r\n.\r\n"
    case "LIST": return "+OK\r\n1 60\r\n.\r\n"
    case "QUIT":
      state.isClosing = true
      return "+OK Logging out.\r\n"
    default: return "+OK\r\n"
    }
  }
  /// A folder with one message.
  package static let imap = ScriptedServer.Part(greeting: "* OK IMAP4rev1 ready\r\n") { line, state in
    let words = line.split(separator: " ").map(String.init)
    let tag = words.first ?? "*"
    switch words.dropFirst().first?.uppercased() {
    case "CAPABILITY": return "* CAPABILITY IMAP4rev1\r\n\(tag) OK done\r\n"
    case "SELECT": return "* 1 EXISTS\r\n* FLAGS (\\Seen)\r\n\(tag) OK [READ-WRITE] done\r\n"
    case "FETCH", "UID":
      let message = "From: alice@crepes.example\r\nSubject: Crepes\r\n\r\nOn Friday.\r\n"
      return "* 1 FETCH (UID 7 BODY[] {\(message.utf8.count)}\r\n\(message))\r\n\(tag) OK done\r\n"
    case "LOGOUT":
      state.isClosing = true
      return "* BYE\r\n\(tag) OK done\r\n"
    default: return "\(tag) OK done\r\n"
    }
  }
}
