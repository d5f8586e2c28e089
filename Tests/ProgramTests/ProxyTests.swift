import Dialogues
import Foundation
import TestSupport
import Testing

/// `mailwire capture --proxy`: a capture without permission, with curl as the client.
@Suite(.serialized, .enabled(if: Peer.curl.isExpected, "curl is not installed"))
struct ProxyTests {
  private func curl(_ arguments: [String]) throws -> Program.Run {
    try Program.run(
      ["--silent", "--show-error", "--max-time", "20"] + arguments, program: try #require(Peer.curl.url))
  }
  private func rows(_ text: String) -> [Substring] {
    text.split(separator: "\n").filter { $0.contains("│") || $0.contains("├") || $0.contains("◀") }
  }
  /// Starts a proxy for `target`; its own port is read from its remark.
  private func proxy(_ listen: String, _ target: String, _ options: [String] = []) throws -> (LiveRun, UInt16) {
    let live = try LiveRun(["capture", "--proxy", "\(listen)=\(target)"] + options)
    try live.await("Ctrl-C ends")
    let place = live.diagnostics.components(separatedBy: " for ")[0]
    return (live, try #require(UInt16(place.split(separator: ":").last ?? "")))
  }

  @Test(arguments: LiveTests.services, [false, true])
  func theScreenSaysWhatTheFileSays(_ service: LiveTests.Service, _ isIPv6: Bool) throws {
    try Folder.temporary { folder in
      let file = folder.appending(path: "proxy.pcapng").path
      let server = try ScriptedServer(isIPv6: isIPv6, service.part)
      defer { server.close() }
      let host = isIPv6 ? "[::1]" : "127.0.0.1"
      let (live, port) = try proxy("\(host):0", "\(host):\(server.port)", ["--tcp", "-w", file])
      #expect(try curl(service.arguments("\(host):\(port)")).status == 0)
      try live.await("How does the connection end?")
      #expect(live.interrupt() == 0)
      let followed = try Program.run(["follow", "--tcp", file]).text
      #expect(rows(live.output).count > 15 && live.output.contains(service.last))
      #expect(rows(live.output) == rows(followed), "\(live.output)\n\(followed)")
      for step in ["╌ SYN ╌", "╌ SYN, ACK ╌", "╌ ACK ╌", "╌ FIN ╌"] { #expect(followed.contains(step), "\(step)") }

      let conversation = try #require(try Program.analyze(path: file).first)
      #expect(conversation.client.address == (isIPv6 ? "::1" : "127.0.0.1"))
      #expect(conversation.server.port == Int(server.port) && conversation.client.port != Int(port))
      #expect(conversation.closing.how == "finished" && conversation.closing.finishes.count == 2)
      #expect(conversation.gaps.isEmpty && conversation.client.retransmissions == 0)
    }
  }
  /// A client of one family and a server of the other: both stand in one packet as IPv6.
  @Test func familiesMayDiffer() throws {
    let server = try ScriptedServer(isIPv6: true, .pop3)
    defer { server.close() }
    let (live, port) = try proxy("127.0.0.1:0", "[::1]:\(server.port)")
    #expect(try curl(LiveTests.services[1].arguments("127.0.0.1:\(port)")).status == 0)
    try live.await("How does the connection end?")
    #expect(live.interrupt() == 0)
    #expect(live.output.contains("::ffff:127.0.0.1"))
  }
  /// At every address of this machine, by either spelling; a client of IPv4 is told as one.
  @Test(arguments: ["*", "[::]"])
  func everyAddressIsListenedAt(_ place: String) throws {
    let server = try ScriptedServer(.pop3)
    defer { server.close() }
    let (live, port) = try proxy("\(place):0", "127.0.0.1:\(server.port)", ["--format", "ndjson"])
    #expect(try curl(LiveTests.services[1].arguments("[::1]:\(port)")).status == 0)
    try live.await("\"address\":\"::1\"")
    #expect(try curl(LiveTests.services[1].arguments("127.0.0.1:\(port)")).status == 0)
    try live.await("\"address\":\"127.0.0.1\"")
    #expect(live.interrupt() == 0)
  }
  @Test func theCaptureSaysHowItWasMade() throws {
    try Folder.temporary { folder in
      let file = folder.appending(path: "proxy.pcapng")
      let server = try ScriptedServer(.pop3)
      defer { server.close() }
      let (live, port) = try proxy("127.0.0.1:0", "127.0.0.1:\(server.port)", ["-w", file.path])
      _ = try curl(LiveTests.services[1].arguments("127.0.0.1:\(port)"))
      try live.await("How does the connection end?")
      #expect(live.interrupt() == 0)
      let octets = try Data(contentsOf: file)
      let text = String(decoding: octets, as: UTF8.self)
      #expect(text.contains("Synthesised: mailwire stood as a proxy"))
      #expect(text.contains("Packets synthesised by mailwire"))
      if Peer.tshark.url != nil {
        let complaints = try Peer.tshark.lines(
          ["-r", "{}", "-o", "tcp.check_checksum:TRUE", "-Y", "tcp.analysis.flags || tcp.checksum.status == 0"],
          on: Array(octets))
        #expect(complaints.isEmpty, "\(complaints)")
      }
    }
  }
  @Test func aServerThatRefusesIsTold() throws {
    let server = try ScriptedServer(.smtp)
    let target = server.port
    server.close()
    try Folder.temporary { folder in
      let file = folder.appending(path: "proxy.pcapng").path
      let (live, port) = try proxy("127.0.0.1:0", "127.0.0.1:\(target)", ["-w", file])
      #expect(try curl(LiveTests.smtp.arguments("127.0.0.1:\(port)")).status != 0)
      try live.await("cannot reach 127.0.0.1:\(target): Connection refused")
      // A SYN and the RST that answers it; then nobody speaks.
      #expect(live.interrupt() == 0)
      #expect(live.diagnostics.contains("2 packets captured"), "\(live.diagnostics)")
    }
  }
  /// A proxy that was led to itself takes one connection, not all that it can have.
  @Test func aProxyThatAsksItselfIsTold() throws {
    let server = try ScriptedServer(.smtp)
    let port = server.port
    server.close()
    let (live, _) = try proxy("0.0.0.0:\(port)", "127.0.0.1:\(port)")
    #expect(try curl(LiveTests.smtp.arguments("127.0.0.1:\(port)")).status != 0)
    try live.await("127.0.0.1:\(port) leads back to where the proxy listens")
    #expect(live.interrupt() == 0)
    #expect(live.diagnostics.contains(" 1 TCP connection "), "\(live.diagnostics)")
  }
  /// Where the system has no more sockets, who waits is not asked for again and again, and is served later.
  @Test func connectionsWaitForSockets() throws {
    let python = try #require(Peer.python3.url, "python3 is not installed")
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    let live = try LiveRun(
      ["capture", "--proxy", "127.0.0.1:0=127.0.0.1:\(server.port)"],
      launcher: ["bash", "-c", "ulimit -n 24; ulimit -t 2; exec \"$0\" \"$@\""])
    try live.await("Ctrl-C ends")
    let port = try #require(try live.awaitListening().first)
    let crowd = try Program.run(
      [
        "-c",
        "import select,socket\na=[socket.create_connection(('127.0.0.1',\(port))) for _ in range(30)]\nselect.select([],[],[],4)",
      ], program: python)
    #expect(crowd.status == 0, "\(crowd.diagnostics)")
    #expect(try curl(LiveTests.smtp.arguments("127.0.0.1:\(port)")).status == 0)
    #expect(live.interrupt() == 0, "\(live.diagnostics)")
  }
  /// What -s leaves of a packet is what the screen knows of it, too.
  @Test func theScreenKnowsWhatTheFileKeeps() throws {
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    try Folder.temporary { folder in
      let file = folder.appending(path: "proxy.pcapng").path
      let (live, port) = try proxy("127.0.0.1:0", "127.0.0.1:\(server.port)", ["-s", "80", "-w", file])
      #expect(try curl(LiveTests.smtp.arguments("127.0.0.1:\(port)")).status == 0)
      try live.await("How does the connection end?")
      #expect(live.interrupt() == 0)
      #expect(rows(live.output) == rows(try Program.run(["follow", file]).text))
      #expect(live.output.contains("octets were not captured"))
    }
  }
  /// What the client breaks off arrives at the server as broken off, and is told so; what it only half closes stays open.
  @Test(arguments: [
    ("RST", "l=struct.pack('ii',1,0);s.setsockopt(socket.SOL_SOCKET,socket.SO_LINGER,l);s.close()"),
    ("FIN", "s.shutdown(socket.SHUT_WR);s.recv(99);s.close()"),
  ])
  func endsArePassedOn(_ flag: String, _ end: String) throws {
    let python = try #require(Peer.python3.url, "python3 is not installed")
    // A server that says how its client has ended, and answers a half close before it closes.
    let script = """
      import socket,struct,sys
      a=socket.socket();a.bind(('127.0.0.1',0));a.listen()
      print(a.getsockname()[1],flush=True)
      c,_=a.accept();c.sendall(b'220 mail.example.org ESMTP\\r\\n')
      try:
        while c.recv(4096): pass
        c.sendall(b'221 bye\\r\\n');c.close();print('FIN',flush=True)
      except ConnectionResetError: print('RST',flush=True)
      """
    let server = Process()
    server.executableURL = python
    server.arguments = ["-c", script]
    let said = Pipe()
    server.standardOutput = said
    try server.run()
    let target = String(decoding: said.fileHandleForReading.availableData, as: UTF8.self).prefix { $0.isNumber }
    let (live, port) = try proxy("127.0.0.1:0", "127.0.0.1:\(target)", ["--tcp"])
    let client = try Program.run(
      [
        "-c",
        "import socket,struct\ns=socket.create_connection(('127.0.0.1',\(port)));s.recv(99);s.sendall(b'EHLO x\\r\\n')\n\(end)",
      ], program: python)
    #expect(client.status == 0, "\(client.diagnostics)")
    server.waitUntilExit()
    let verdict = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(verdict.contains(flag))
    try live.await("├╌ \(flag) ╌")
    if flag == "FIN" { try live.await("221 bye") }
    #expect(live.interrupt() == 0)
  }
  /// A screen that was halted (Ctrl-S, a pager) halts neither the mail nor what is kept of it.
  @Test func aHaltedScreenHaltsNoMail() throws {
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    try Folder.temporary { folder in
      let file = folder.appending(path: "proxy.pcapng").path
      // A pipe that nobody reads, and that is not closed.
      let live = try LiveRun(
        ["capture", "--proxy", "127.0.0.1:0=127.0.0.1:\(server.port)", "-w", file],
        launcher: ["bash", "-c", "mkfifo '\(folder.path)/screen'; exec \"$0\" \"$@\" 1<> '\(folder.path)/screen'"])
      try live.await("Ctrl-C ends")
      let port = try #require(try live.awaitListening().first)
      // The screen's pipe is full after a third of them.
      for _ in 0..<40 {
        try #require(try curl(LiveTests.smtp.arguments("127.0.0.1:\(port)")).status == 0)
      }
      _ = live.kill()
      #expect(try Program.analyze(path: file).flatMap(\.messages).count == 40)
    }
  }
  /// Who has not ended is not told to have: what was cut by the end of the capture is no whole answer.
  @Test func theEndOfTheCaptureIsNoEndOfTheConversation() throws {
    let python = try #require(Peer.python3.url, "python3 is not installed")
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    let (live, port) = try proxy("127.0.0.1:0", "127.0.0.1:\(server.port)")
    let script = """
      import socket
      s = socket.create_connection(('127.0.0.1', \(port)))
      print(s.recv(99), flush=True)
      try: print(s.recv(99), flush=True)
      except ConnectionResetError: print('RST', flush=True)
      """
    let client = Process()
    client.executableURL = python
    client.arguments = ["-c", script]
    let said = Pipe()
    client.standardOutput = said
    try client.run()
    try live.await("220 mail.someschool.example")
    #expect(live.interrupt() == 0)
    client.waitUntilExit()
    #expect(String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).hasSuffix("RST\n"))
  }
  /// More than any buffer on the way holds goes through, for several clients at once.
  @Test func longMessagesGoThrough() throws {
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    try Folder.temporary { folder in
      let (file, message) = (folder.appending(path: "proxy.pcapng").path, folder.appending(path: "message"))
      try Data(String(repeating: String(repeating: "x", count: 76) + "\r\n", count: 40_000).utf8).write(to: message)
      let (live, port) = try proxy("127.0.0.1:0", "127.0.0.1:\(server.port)", ["--format", "ndjson", "-w", file])
      let url = "smtp://127.0.0.1:\(port)"
      let one = [url, "--mail-from", "a@x.example", "--mail-rcpt", "b@y.example", "--upload-file", message.path]
      let run = try curl(["--parallel", "--parallel-immediate"] + one + ["--next"] + one + ["--next"] + one)
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(live.interrupt() == 0)
      let messages = try Program.analyze(path: file).flatMap(\.messages)
      #expect(messages.count == 3 && messages.allSatisfy { $0.isComplete && $0.byteCount == 3_120_000 })
    }
  }
  @Test(arguments: [
    ["--proxy", "25"], ["--proxy", "127.0.0.1:1=127.0.0.1:1"], ["--proxy", "=x:25"], ["--proxy", "0=x:0"],
    ["--proxy", "0=127.0.0.1:25", "-i", "lo"], ["--proxy", "0=127.0.0.1:25", "-f", "port 25"],
    ["--proxy", "0=no-such-host.invalid:25"], ["--proxy", "192.0.2.77:2525=127.0.0.1:25"],
  ])
  func refusesUnusableRules(_ arguments: [String]) throws {
    let run = try Program.run(["capture"] + arguments)
    #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.hasPrefix("mailwire: "), "\(run.diagnostics)")
  }
}
