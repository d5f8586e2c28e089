import Bytes
import MailSystem
import Testing

@testable import Grading
@testable import Scenarios

/// What exams ask to predict is what happens when it is played on.
@Suite struct PredictionTests {
  private static let seeds = Array(1...24 as ClosedRange<UInt64>)

  /// The student's scenario, changed, and played.
  private func play(_ id: String, _ seed: UInt64, _ change: (inout Scenario, String?) throws -> Void) throws
    -> VirtualRun
  {
    let work = try Catalogue.work(id, seed: seed)
    guard case .worksheet(let worksheet) = work.exercise.work, let plan = worksheet.plan else {
      throw WorksheetError("\(id) has no plan")
    }
    var scenario = try ScenarioFile.decode(work.variant.filled(plan.scenario))
    let choice = plan.choice.map { work.variant.filled($0) }
    try change(&scenario, choice)
    try scenario.check()
    var lab = VirtualLab(scenario, choice: choice, seed: seed, beginning: .init(nanoseconds: 1_788_249_600_000_000_000))
    return lab.play()
  }
  private func key(_ judge: WorksheetJudge, _ question: String) throws -> [String] {
    guard case .values(let values)? = judge.keys[question]?.expected else { throw WorksheetError("no key") }
    return values
  }

  /// The client of E1 says one command more.
  @Test(arguments: seeds) func theServerAnswersAsPredicted(_ seed: UInt64) throws {
    let judge = try Catalogue.judge("E1", seed: seed)
    for (question, line) in [
      ("data", "DATA"), ("rcpt", "RCPT TO:<{{recipient}}@{{domain}}.example>"),
      ("mail", "MAIL FROM:<{{sender}}@{{from-domain}}.example>"),
    ] {
      let run = try play("E1", seed) { scenario, choice in
        for index in scenario.steps.indices where scenario.steps[index].when == choice {
          guard case .say(var say) = scenario.steps[index].action else { continue }
          var more = say.lines[say.lines.count - 1]
          (more.text, more.expectedCode) = (judge.variant.filled(line), nil)
          // Whoever waits for an answer gets it before the session ends.
          more.expectedCode = Int(try key(judge, question)[0])
          say.lines.append(more)
          scenario.steps[index].action = .say(say)
        }
      }
      let answer = run.record.steps.last?.lines.last ?? ""
      let right = try key(judge, question)
      #expect(right.contains { answer.contains("→ \($0)") }, "\(question): \(answer), the key is \(right)")
    }
  }
  /// The device at home of E2 comes, after the ending that there is and after the other one.
  @Test(arguments: seeds) func theMailboxHoldsWhatIsPredicted(_ seed: UInt64) throws {
    let judge = try Catalogue.judge("E2", seed: seed)
    func home(_ otherwise: Bool) throws -> [String] {
      let run = try play("E2", seed) { scenario, _ in
        guard case .pop3(var fetch) = scenario.steps[scenario.steps.count - 1].action else { return }
        if otherwise { fetch.end = fetch.end == .quit ? .close : .quit }
        scenario.steps[scenario.steps.count - 1].action = .pop3(fetch)
        var step = scenario.steps[scenario.steps.count - 1]
        step.agent = "home"
        (fetch.mode, fetch.messages, fetch.end) = (.keep, nil, .quit)
        step.action = .pop3(fetch)
        scenario.steps.append(step)
      }
      return run.record.holdings["home"]?.map(\.message.subject) ?? []
    }
    let found = try home(false)
    #expect(try key(judge, "found") == ["\(found.count)"])
    #expect(try key(judge, "otherwise") == ["\(try home(true).count)"])
    let third = found.firstIndex(of: judge.variant.filled("{{subject3}}")).map { "\($0 + 1)" } ?? "gone"
    #expect(try key(judge, "number") == [third])
  }
  /// E3's server has as many messages as the key says.
  @Test(arguments: seeds) func theServerHasTakenWhatIsTold(_ seed: UInt64) throws {
    let judge = try Catalogue.judge("E3", seed: seed)
    let run = try play("E3", seed) { _, _ in }
    let count = run.record.mailboxes.filter { $0.machine == "server" }.flatMap(\.folders).flatMap(\.messages).count
    #expect(try key(judge, "taken") == ["\(count)"])
  }
  /// Every variant is drawn, so that the tests above have seen all of them.
  @Test func everyVariantIsAmongThem() throws {
    let drawn = { (id: String, name: String) in
      Set(try Self.seeds.map { try Catalogue.work(id, seed: $0).variant.words[name] ?? "" })
    }
    #expect(try drawn("E1", "state") == ["reset", "again", "mailed", "refused", "addressed"])
    #expect(try drawn("E2", "ending") == ["quit", "close", "lose"] && drawn("E2", "which").count == 5)
    #expect(try drawn("E3", "bug") == ["dot", "refused", "verb", "header"])
  }
}
