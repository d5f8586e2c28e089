import Bytes
import Dialogues
import MailSystem
import Packets
import TestSupport
import Testing

@testable import Scenarios

/// Steps in which several agents act at the same time.
@Suite struct TogetherTests {
  private static let both = """
    - title: Both
      together:
        - { agent: alice-laptop, send: { message: m } }
        - { agent: bob-home, after: 15, pop3: { mode: keep } }
    - { title: Then, agent: bob-office, pop3: { mode: keep } }

    """
  /// The connections of Alice and of Bob's home begin the play, in whatever order they are numbered.
  @Test func theirPacketsMingle() throws {
    let run = Plays.play(try Plays.scenario(steps: Self.both))
    #expect(run.record.isAsExpected, "\(run.record.steps.map(\.lines))")
    let frames = StepFrames(PlayedScenario(run), PacketLog(PlayedScenario(run).packets, run.link.linkType))
    let pair = frames.runs[0].prefix(2).map(\.frames)
    #expect(pair.count == 2)
    let owners = zip(pair, [0, 1]).flatMap { frames, owner in frames.map { (frame: $0, owner: owner) } }
      .sorted { $0.frame < $1.frame }.map(\.owner)
    #expect(zip(owners, owners.dropFirst()).count { $0 != $1 } > 8, "\(owners)")
    #expect(run.record.steps[1].begin.nanoseconds >= run.record.steps[0].end.nanoseconds)
  }
  /// Each line says whose it is.
  @Test func whatCameOfItIsToldOfEach() throws {
    let run = Plays.play(try Plays.scenario(steps: Self.both))
    let step = run.record.steps[0]
    #expect(step.lines.count == 2 && step.lines.allSatisfy { $0.contains(": ") }, "\(step.lines)")
    #expect(Set(step.lines.map { String($0.prefix { $0 != ":" }) }).count == 2, "\(step.lines)")
    let page = ScenarioPage(PlayedScenario(run)).text(captureName: "x.pcapng")
    #expect(page.contains("`tcp.stream eq 0`") && page.contains("`tcp.stream eq 1`"))
    #expect(page.contains("agent of alice@"), "who acts only together is in the table, too")
  }
  @Test func theSameSeedGivesTheSameOctets() throws {
    let scenario = try Plays.scenario(steps: Self.both)
    let (one, again, other) = (Plays.play(scenario), Plays.play(scenario), Plays.play(scenario, seed: 2))
    #expect(one.packets.map(\.frame) == again.packets.map(\.frame))
    #expect(one.packets.map(\.timestamp) == again.packets.map(\.timestamp))
    #expect(one.packets.map(\.frame) != other.packets.map(\.frame))
  }
  /// Two on open IMAP connections, and one who is refused.
  @Test func openConnectionsAndRefusalsHaveTheirPart() throws {
    let run = Plays.play(
      try Plays.scenario(
        steps: """
          - { title: Open, agent: bob-home, imap: [ { select: INBOX } ] }
          - title: Three at once
            together:
              - { agent: bob-home, after: 30, imap: [ noop, logout ] }
              - { agent: bob-office, imap: [ { select: INBOX }, logout ] }
              - { agent: alice-laptop, after: 5, send: { message: m, password: wrong, expect: 535 } }

          """))
    #expect(run.record.isAsExpected, "\(run.record.steps.map(\.lines))")
    let wrong = Plays.play(
      try Plays.scenario(steps: Self.both.replacing("message: m", with: "message: m, password: wrong")))
    #expect(wrong.record.steps.map(\.isAsExpected) == [false, true])
  }
  /// A machine that is switched off does not hold up the others.
  @Test func whoGetsNoAnswerEndsTheStepInTime() throws {
    let run = Plays.play(try Plays.scenario(steps: "- { title: Off, vanish: bob-server }\n" + Self.both))
    #expect(run.record.steps.map(\.isAsExpected) == [true, false, false], "\(run.record.steps.map(\.lines))")
    #expect(run.record.steps[1].lines.contains { $0.contains("accepted") }, "\(run.record.steps[1].lines)")
    #expect(run.record.steps[1].lines.contains { $0.contains("nobody answered") }, "\(run.record.steps[1].lines)")
  }
  @Test(arguments: [
    ("[ { agent: bob-home, pop3: {} } ]", "steps[1].together: 2 to 20 act together"),
    ("[ { agent: bob-home, pop3: {} }, { agent: bob-home, pop3: {} } ]", "an agent has one part"),
    ("[ { agent: bob-home, pop3: {} }, { agent: carol, pop3: {} } ]", "there is no agent 'carol'"),
    ("[ { agent: bob-home, pop3: {} }, { agent: bob-office, down: x } ]", "there is no 'down' here"),
    ("[ { agent: bob-home, pop3: {} }, { agent: bob-office } ]", "a part is one of send, pop3, imap and say"),
    ("[ { agent: bob-home, pop3: {} }, { agent: alice-laptop, send: { message: y } } ]", "no message 'y'"),
    ("[ { agent: bob-home, pop3: {} }, { agent: bob-office, after: -1, pop3: {} } ]", "0 to 3600000 ms"),
  ])
  func mistakesAreTold(_ parts: String, _ complaint: String) {
    let error = #expect(throws: ScenarioError.self) {
      try Plays.scenario(steps: "- { title: x, together: \(parts) }\n")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(complaint), "\(String(describing: error))")
  }
}
