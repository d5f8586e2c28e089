import Bytes
import Foundation
import MailSystem
import Packets
import TestSupport
import Testing

@testable import Scenarios

@Suite struct BuiltInScenarioTests {
  @Test func allCanBeRead() throws {
    #expect(BuiltInScenarios.texts.count >= 8)
    for (name, text) in BuiltInScenarios.texts { #expect(try ScenarioFile.decode(text).name == name) }
    #expect(try BuiltInScenarios.scenario("nothing") == nil)
  }
  @Test(arguments: Plays.all) func allGoAsExpected(_ name: String, _ choice: String?) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let run = try Plays.play(name, choice, seed: seed)
      let troubles = run.record.steps.filter { !$0.isAsExpected }.map { "\($0.step.title): \($0.lines)" }
      #expect(troubles.isEmpty, "seed \(seed): \(troubles)")
      #expect(run.record.queues.allSatisfy { $0.entries.isEmpty })
    }
  }
  /// The slide's six steps: each has its frames, and together they have all.
  @Test(arguments: ["pop3", "imap"]) func theSixStepsHaveTheirFrames(_ choice: String) throws {
    let play = PlayedScenario(try Plays.play("alice-to-bob", choice))
    let log = PacketLog(play.packets, play.linkType)
    let frames = StepFrames(play, log)
    #expect(play.record.steps.map(\.number) == [1, 2, 3, 4, 5, 6])
    #expect(frames.runs.map(\.count) == [0, 1, 1, 1, 1, 1])
    #expect(frames.runs.dropFirst().map { $0[0].stream.number } == [0, 1, 1, 1, 2])
    #expect(frames.runs[2][0].frames.count == 3)
    let all = frames.runs.flatMap(\.self).flatMap(\.frames)
    #expect(all.sorted() == Array(1...play.packets.count))
  }
  @Test func theQueueWaitsForBobsServer() throws {
    let run = try Plays.play("queue")
    let log = PacketLog(PlayedScenario(run).packets, run.link.linkType)
    #expect(log.streams.count { $0.isRefused } == 2)
    let times = log.streams.filter { $0.server.port == 25 }.compactMap { $0.packets.first?.time }
    // At once, after a minute, after two more.
    let seconds = zip(times, times.dropFirst()).map { ($1 - $0 + 500_000_000) / 1_000_000_000 }
    #expect(seconds == [60, 120])
    #expect(run.record.mailboxes.last?.folders.first?.messages.count == 1)
  }
  @Test func deletedByOneDeviceIsGoneForTheOther() throws {
    let run = try Plays.play("pop3-two-devices")
    func subjects(_ agent: String) -> [String] { run.record.holdings[agent, default: []].map(\.message.subject) }
    #expect(subjects("bob-office") == ["Crepes on Friday?", "The new pan"])
    #expect(subjects("bob-home") == ["Crepes on Friday?", "The new pan", "Saturday instead"])
    #expect(run.record.mailboxes.allSatisfy { $0.folders.allSatisfy(\.messages.isEmpty) })
    let page = ScenarioPage(PlayedScenario(run)).text(captureName: "x.pcapng")
    #expect(page.contains("of “Saturday instead” bob has no other copy"), "\(page)")
    #expect(!page.contains("of “Crepes on Friday?”"))
  }
  @Test func whatOneDeviceDoesTheOtherHears() throws {
    let run = try Plays.play("imap-two-devices")
    let lines = run.record.steps.flatMap(\.lines)
    #expect(lines.contains("told unasked: message 1 has \\Seen; message 1 has \\Flagged \\Seen"))
    #expect(lines.contains("told unasked: message 1 is gone"))
    let bob = try #require(run.record.mailboxes.first { $0.user == "bob" })
    #expect(bob.folders.map(\.name) == ["Friends", "INBOX", "Sent", "Trash"])
    #expect(bob.folders[0].messages.first?.flags == ["\\Flagged", "\\Seen"])
  }
  @Test func theSameSeedGivesTheSameOctets() throws {
    for (name, choice) in Plays.all {
      let captures = try [1, 1, 2].map { try Plays.play(name, choice, seed: $0).capture(application: "test") }
      #expect(captures[0] == captures[1], "\(name)")
      #expect(captures[0] != captures[2], "\(name)")
    }
    func first(_ seed: UInt64) throws -> PacketLog.Stream? {
      let run = try Plays.play("alice-to-bob", seed: seed)
      return PacketLog(PlayedScenario(run).packets, run.link.linkType).streams.first
    }
    #expect(try first(1)?.client.port != first(2)?.client.port)
  }
  /// The page of every scenario is the same Markdown whatever the capture is called, and escapes what it does not know.
  @Test func thePageTellsEveryStep() throws {
    for (name, choice) in Plays.all {
      let run = try Plays.play(name, choice)
      let page = ScenarioPage(PlayedScenario(run)).text(captureName: "\(name).pcapng")
      for step in run.record.steps { #expect(page.contains("### \(step.number). \(step.step.title)")) }
      #expect(page.contains("## Who can still read what") && !page.contains("✗"))
    }
  }
}
