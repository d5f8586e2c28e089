import Bytes
import MailSystem
import Packets
import Testing

@testable import Scenarios

/// Faults on request, played to the end.
@Suite struct FaultTests {
  private func play(_ fault: String, steps: String = Plays.send + Plays.arrive) throws -> VirtualRun {
    Plays.play(try Plays.scenario(steps: steps, more: "faults: [ { at: bob-server, service: relay, \(fault) } ]"))
  }
  private func relays(_ run: VirtualRun) -> [VirtualRun.Spoken] { run.spoken.filter { $0.server.port == 25 } }
  private func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

  /// 421, 450 and the like: the message comes with a later attempt, in a connection of its own.
  @Test(arguments: [
    ("MAIL", "450 4.7.1 Not now"), ("RCPT", "450 4.2.1 Busy"), ("DATA", "451 4.3.0 Disk error"),
    ("EHLO", "421 4.3.2 Going down"), ("RCPT", "421 4.7.0 Too many"), ("GREETING", "421 4.3.2 Not today"),
    ("GREETING", "450 what"),
  ])
  func temporaryFaultsAreBorne(_ command: String, _ reply: String) throws {
    let run = try play("command: \(command), times: 1, reply: \"\(reply)\"")
    #expect(run.record.isAsExpected, "\(run.record.steps.map(\.lines))")
    #expect(relays(run).count == 2)
    #expect(text(relays(run)[0].byServer).contains("\(reply)\r\n"))
    #expect(!text(relays(run)[0].byClient).contains("Subject"))
  }
  /// 552 is final: the sender hears of it.
  @Test(arguments: ["MAIL", "RCPT", "DATA"]) func finalFaultsBringTheMessageBack(_ command: String) throws {
    let run = try play(
      "command: \(command), reply: \"552 5.2.2 Mailbox full\"",
      steps: Plays.send + "- { title: Bounce, wait: { mailbox: alice } }\n")
    #expect(run.record.isAsExpected)
    #expect(run.record.mailboxes[0].folders[0].messages[0].summary.subject == "Your message was not delivered")
    #expect(run.record.mailboxes[1].folders[0].messages.isEmpty)
  }
  @Test func aWrongGreetingEndsTheConnection() throws {
    let run = try play("command: GREETING, times: 1, reply: \"+OK POP3 ready\"")
    #expect(run.record.isAsExpected && relays(run).count == 2)
  }
  @Test(arguments: ["GREETING", "DATA"]) func aDroppedConnectionIsTriedAgain(_ command: String) throws {
    let run = try play("command: \(command), times: 1, drop: true")
    #expect(run.record.isAsExpected && relays(run).count == 2)
    let log = PacketLog(PlayedScenario(run).packets, run.link.linkType)
    #expect(log.streams.contains { $0.server.port == 25 && $0.packets.contains { $0.isReset } })
  }
  /// One octet at a time, or anywhere else: each piece in a packet of its own, and nobody minds.
  @Test(arguments: [1, 2, 7]) func repliesInPieces(_ byteCount: Int) throws {
    let run = try play("split: \(byteCount)")
    #expect(run.record.isAsExpected && relays(run).count == 1)
    let log = PacketLog(PlayedScenario(run).packets, run.link.linkType)
    let relay = try #require(log.streams.first { $0.server.port == 25 })
    let sizes = relay.packets.filter { !$0.isFromClient && $0.payloadByteCount > 0 }.map(\.payloadByteCount)
    #expect(sizes.max() == byteCount && sizes.reduce(0, +) == relays(run)[0].byServer.count)
  }
  @Test func slowReplies() throws {
    let run = try play("slow: 3000")
    #expect(run.record.isAsExpected)
    let seconds = (run.record.steps[1].end.nanoseconds - run.record.steps[0].begin.nanoseconds) / 1_000_000_000
    // The greeting, and what is said to EHLO and to MAIL, RCPT, DATA together.
    #expect(seconds == 9)
  }
  @Test func faultsOfMailboxes() throws {
    let pop3 = Plays.play(
      try Plays.scenario(
        steps: Plays.send + Plays.arrive + "- { title: Fetch, agent: bob-office, pop3: { mode: delete } }\n",
        more: "faults: [ { at: bob-server, service: pop3, command: DELE, reply: \"-ERR locked\" } ]"))
    #expect(pop3.record.steps.last?.lines.contains("message 1 stays: -ERR locked") == true)
    #expect(pop3.record.mailboxes[1].folders[0].messages.count == 1)
    let imap = Plays.play(
      try Plays.scenario(
        steps: Plays.send + Plays.arrive
          + "- { title: Read, agent: bob-office, imap: [ { select: INBOX }, logout ] }\n",
        more: "faults: [ { at: bob-server, service: imap, command: SELECT, reply: \"{tag} NO [INUSE] later\" } ]"))
    #expect(imap.record.steps.last?.lines.first == "SELECT INBOX: NO [INUSE] later")
    #expect(!imap.record.isAsExpected)
  }
  @Test func whoVanishesIsGivenUpAndFoundAgain() throws {
    let run = Plays.play(
      try Plays.scenario(
        steps: "- { title: Gone, vanish: bob-server }\n" + Plays.send
          + "- { title: Tried, wait: { attempts: 1, at: alice-server } }\n- { title: Back, up: bob-server }\n"
          + Plays.arrive))
    #expect(run.record.isAsExpected, "\(run.record.steps.map(\.lines))")
    let log = PacketLog(PlayedScenario(run).packets, run.link.linkType)
    // The SYN and six repetitions, and nobody answers.
    #expect(log.streams.first { $0.server.port == 25 }?.packets.count == 7)
  }
  /// A step that fails is told as failed, and the next ones have their turn.
  @Test func whoGetsNoAnswerGoesOn() throws {
    let run = Plays.play(
      try Plays.scenario(
        steps: "- { title: Gone, vanish: bob-server }\n- { title: Fetch, agent: bob-home, pop3: {} }\n"
          + "- { title: Read, agent: bob-home, imap: [ { select: INBOX } ] }\n- { title: Lose, agent: bob-home, lose: true }\n"
          + "- { title: Never, wait: { mailbox: bob } }\n- { title: Back, up: bob-server }\n"
          + "- { title: Again, agent: bob-home, pop3: {} }\n"))
    #expect(run.record.steps.map(\.isAsExpected) == [true, false, false, false, false, true, true])
    #expect(run.record.steps[1].lines.contains { $0.contains("nobody answered") }, "\(run.record.steps[1].lines)")
    #expect(run.record.steps[4].lines == ["it did not happen in time"])
  }
  /// The device is gone in the middle of IDLE, and comes back with a new connection.
  @Test func aDeviceMayVanishToo() throws {
    let run = Plays.play(
      try Plays.scenario(
        steps:
          "- { title: Read, agent: bob-home, imap: [ { select: INBOX }, idle ] }\n- { title: Gone, vanish: bob-home }\n"
          + Plays.send + Plays.arrive + "- { title: Back, up: bob-home }\n"
          + "- { title: Again, agent: bob-home, imap: [ { select: INBOX }, logout ] }\n"))
    #expect(run.record.isAsExpected, "\(run.record.steps.map(\.lines))")
    #expect(run.record.steps.last?.lines.first == "SELECT INBOX: 1 message")
    let log = PacketLog(PlayedScenario(run).packets, run.link.linkType)
    // What the server tells the device of before, the one that came back answers with RST.
    let idle = try #require(log.streams.first { $0.server.port == 143 })
    #expect(idle.packets.last?.isReset == true && idle.packets.last?.isFromClient == true)
  }
}
