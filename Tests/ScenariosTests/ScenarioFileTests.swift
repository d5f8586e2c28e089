import Foundation
import MailSystem
import Packets
import TestSupport
import Testing

@testable import Scenarios

@Suite struct ScenarioFileTests {
  private static let documentation =
    (try? String(contentsOf: Repository.root.appending(path: "Documentation/scenarios.md"), encoding: .utf8)) ?? ""
  /// The YAML blocks of the documentation.
  private static let blocks = documentation.components(separatedBy: "```yaml\n").dropFirst().map {
    $0.components(separatedBy: "```")[0]
  }
  /// Whether the validator is here, or must be.
  private static let hasValidator: Bool = {
    if ProcessInfo.processInfo.environment["MAILWIRE_REQUIRE_PEERS"] == "1" { return true }
    guard let python = Peer.python3.url else { return false }
    return (try? Program.run(["-c", "import yaml, jsonschema"], program: python))?.status == 0
  }()
  /// The scenario that the documentation begins with runs as it stands there, and so does one made of all it tells.
  @Test func theDocumentationsScenarioRuns() throws {
    let run = Plays.play(try ScenarioFile.decode(try #require(Self.blocks.first)))
    #expect(run.record.isAsExpected && run.record.steps.count == 3)
    #expect(run.record.holdings["bob-home"]?.map(\.message.subject) == ["Hello"])
  }
  @Test func aScenarioWrittenFromTheDocumentationAlone() throws {
    let cast = try #require(Self.blocks.first { $0.hasPrefix("cast:") })
    let scenario = try ScenarioFile.decode(
      """
      name: one-server
      title: Two people at one server
      with: [plain, strong]
      \(cast)
      messages:
        note:
          from: ann
          to: [ben]
          subject: "Grüße aus dem Garten"
          text: |
            .Die Äpfel sind reif.
          attachments: [ { name: apples.csv, type: text/csv, text: "boskop,12" } ]
      wire: { delay: 40, jitter: 0, segment: 500, ipv6: true }
      faults: [ { at: one, service: pop3, slow: 100 } ]
      steps:
        - { title: Ann sends, agent: ann-phone, when: plain, send: { message: note, mechanism: PLAIN } }
        - { title: Ann sends, agent: ann-phone, when: strong, send: { message: note, mechanism: SCRAM-SHA-256 } }
        - { title: It is there, wait: { mailbox: ben, messages: 1 } }
        - { title: Ben looks, agent: ben-desk, pop3: { login: apop } }
        - { title: Time passes, wait: { seconds: 3600 } }
        - { title: Ben leaves without a word, agent: ben-desk, pop3: { mode: delete, end: close } }
        - { title: Ann is off, vanish: ann-phone }
        - title: Ben tidies up
          agent: ben-desk
          imap:
            - select: INBOX
            - { store: { messages: "1", add: ['\\Deleted'] } }
            - expunge
            - { rename: { folder: Junk, to: Müll } }
            - { list: "%" }
            - logout
      """)
    for choice in ["plain", "strong"] {
      let run = Plays.play(scenario, choice)
      #expect(run.record.isAsExpected, "\(run.record.steps.map(\.lines))")
      #expect(run.record.steps.count == 7 && run.addresses.of("one").description == "2001:db8:1::25")
      #expect(run.record.steps[1].lines.isEmpty == false)
      #expect(run.record.holdings["ben-desk"]?.first?.message.subject == "Grüße aus dem Garten")
      #expect(run.record.steps.last?.lines.contains("LIST %: Drafts, INBOX, Müll, Sent, Trash") == true)
    }
  }
  /// `messages` of a POP3 step: only these are fetched and deleted.
  @Test func oneOfTwoMessagesIsFetched() throws {
    let run = Plays.play(
      try Plays.scenario(
        steps: Plays.send + Plays.send + "- { title: Both, wait: { mailbox: bob, messages: 2 } }\n"
          + "- { title: Second, agent: bob-home, pop3: { mode: delete, messages: [2], login: sasl } }\n"))
    #expect(run.record.isAsExpected, "\(run.record.steps.map(\.lines))")
    #expect(run.record.steps.last?.lines.last == "1 message removed at the server")
    #expect(run.record.mailboxes[1].folders[0].messages.count == 1)
  }
  @Test(arguments: [
    ("name: a\ntitle: b", "'steps' is missing"), ("name: a\ntitle: b\nsteps: []", "steps: a scenario has 1 to"),
    ("name: A b\ntitle: b\nsteps: [ { title: x } ]", "name: a name has"),
    ("name: a\ntitle: b\nstep: []", "there is no 'step' here"),
    ("name: a\ntitle: b\nsteps: [ { title: x, sned: y } ]", "steps[1]: there is no 'sned' here"),
    ("name: a\ntitle: b\nsteps: [ { title: x, send: { mesage: y } } ]", "steps[1].send: there is no 'mesage'"),
    ("name: a\ntitle: b\nsteps: [ { title: x, down: y, up: z } ]", "does one thing, not down and up"),
    ("name: a\ntitle: b\nsteps: [ { title: x, agent: alice-laptop, send: { message: y } } ]", "no message 'y'"),
    ("name: a\ntitle: b\nsteps: [ { title: x, agent: carol, lose: true } ]", "no agent 'carol', only alice-laptop"),
    ("name: a\ntitle: b\nsteps: [ { title: x, pop3: {} } ]", "steps[1]: 'agent' must say"),
    ("name: a\ntitle: b\nsteps: [ { title: x, down: moon } ]", "no machine 'moon', only alice-server"),
    ("name: a\ntitle: b\nsteps: [ { title: x, when: y } ]", "'with' does not offer 'y'"),
    ("name: a\ntitle: b\nsteps: [ { title: x, wait: { mailbox: eve } } ]", "no machine has the user 'eve'"),
    ("name: a\ntitle: b\nsteps: [ { title: x, wait: { seconds: -1 } } ]", "0 to 86400"),
    ("name: a\ntitle: b\nsteps: [ { title: x, agent: bob-home, imap: [ sleep ] } ]", "'sleep' is no operation"),
    (
      "name: a\ntitle: b\nsteps: [ { title: x, agent: bob-home, imap: [ { move: { messages: '1' } } ] } ]", "'to' names"
    ),
    ("name: a\ntitle: b\nwire: { lost: 1000 }\nsteps: [ { title: x } ]", "wire: 0 to 900"),
    ("name: a\ntitle: b\nfaults: [ { at: bob-server, service: relay } ]\nsteps: [ { title: x } ]", "a fault is one of"),
    ("name: a\ntitle: b\nsteps: text", "steps: a list is expected here"), ("steps: [", "no YAML"), ("", ""),
    (
      "name: a\ntitle: b\nmessages: { m: { from: alice, to: [\"b>\\r\\nx\"], subject: s, text: t } }\nsteps: [ { title: x } ]",
      "neither a user"
    ),
  ])
  func mistakesAreToldWithTheirPlace(_ text: String, _ complaint: String) {
    do {
      _ = try ScenarioFile.decode(text)
      Issue.record("\(text) was taken")
    } catch {
      #expect(error is ScenarioError, "\(error)")
      #expect(complaint.isEmpty || "\(error)".contains(complaint), "\(error)")
    }
  }
  /// The built-in scenarios, the documentation's, and a misspelt one, by a validator that nobody here wrote.
  @Test(.enabled(if: hasValidator, "python3-jsonschema or python3-yaml is not installed"))
  func theSchemaKnowsThem() throws {
    let script = """
      import json, sys, yaml, jsonschema
      schema = json.load(open("Documentation/scenario.schema.json"))
      jsonschema.Draft202012Validator.check_schema(schema)
      text = yaml.safe_load(sys.stdin.read())
      for error in jsonschema.Draft202012Validator(schema).iter_errors(text): print(error.json_path, error.message)
      """
    func errors(_ text: String) throws -> String {
      let run = try Program.run(
        ["-c", script], program: try #require(Peer.python3.url), input: Data(text.utf8))
      try #require(run.status == 0, "\(run.diagnostics)")
      return run.text
    }
    for (name, text) in BuiltInScenarios.texts { #expect(try errors(text) == "", "\(name)") }
    #expect(try errors(try #require(Self.blocks.first)) == "")
    let together = try #require(Self.blocks.first { $0.contains("together:") })
    let scenario = "name: a\ntitle: b\nmessages: { hello: { from: alice, to: [bob], subject: s, text: t } }\nsteps:\n"
    #expect(try errors(scenario + together) == "")
    #expect(try errors(scenario + together.replacing("pop3: { mode: keep }", with: "down: x")) != "")
    #expect(Plays.play(try ScenarioFile.decode(scenario + together)).record.isAsExpected)
    for (right, wrong) in [("send:", "sned:"), ("mode: keep", "mode: kep"), ("title: A message", "titel: A message")] {
      #expect(try errors(try #require(Self.blocks.first).replacing(right, with: wrong)) != "", "\(wrong)")
    }
  }
}
