import Bytes
import Foundation
import TestSupport
import Testing

@testable import Grading

/// Every exercise of the catalogue: it can be played from any seed, its key is there, and right answers are right.
@Suite struct CatalogueTests {
  @Test func holdsWhatItPromises() {
    let promised =
      (1...4).map { "A\($0)" } + (1...11).map { "W\($0)" } + (1...3).map { "P\($0)" } + (1...4).map { "I\($0)" }
      + (1...3).map { "E\($0)" }
    let programs = (1...9).map { "S\($0)" } + (1...8).map { "V\($0)" } + (1...3).map { "C\($0)" } + ["B1"]
    #expect(Set(Catalogue.ids) == Set(promised + programs))
    #expect(Catalogue.playable == promised)
    // Whoever is examined gets no help from the tool.
    for id in promised + programs {
      #expect((try? Catalogue.exercise(id).mode) == (id.hasPrefix("E") ? .exam : .practice), "\(id)")
    }
  }
  @Test(arguments: Catalogue.playable) func everyQuestionHasAKeyFromEverySeed(_ id: String) throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      let judge = try Catalogue.judge(id, seed: seed)
      for question in judge.worksheet.questions {
        let key = try #require(judge.keys[question.check.id])
        if case .missing(let reason) = key.expected {
          Issue.record("\(id) \(question.check.id), seed \(seed): \(reason)")
        }
        if question.evidencePoints > 0, key.expected != .cannotTell {
          #expect(!AnswerKey.frames(key.evidence).isEmpty, "\(id) \(question.check.id), seed \(seed) has no evidence")
        }
        if case .choice = question.kind, case .values(let values) = key.expected {
          #expect(question.options.contains { values.contains($0.value) }, "\(id) \(question.check.id): \(values)")
        }
      }
    }
  }
  @Test(arguments: Catalogue.playable) func rightAnswersGetEveryPointAndAnEmptyWorksheetNone(_ id: String) throws {
    for seed in [3, 4, 5] as [UInt64] {
      let judge = try Catalogue.judge(id, seed: seed)
      let results = judge.judge(Catalogue.perfect(judge))
      for result in results { #expect(result.verdict == .passed, "\(id) \(result.id): \(result.feedback)") }
      #expect(results.reduce(0) { $0 + $1.points } == judge.exercise.maximumPoints)
      let nothing = judge.judge(FilledWorksheet())
      #expect(nothing.allSatisfy { $0.points == 0 && $0.verdict != .passed && $0.feedback.expected == nil })
    }
  }
  @Test(arguments: Catalogue.playable) func theSameSeedGivesTheSameOctetsAndAnotherSeedOthers(_ id: String) throws {
    let (one, again, other) = (try Catalogue.work(id), try Catalogue.work(id), try Catalogue.work(id, seed: 2))
    let file = one.capture?.file(application: "test")
    #expect(file != nil && file == again.capture?.file(application: "test"))
    #expect(file != other.capture?.file(application: "test"))
    #expect(one.page(student: "A", capture: "x") == again.page(student: "A", capture: "x"))
    let keys = try Catalogue.judge(id).keys
    #expect(try Catalogue.judge(id).keys == keys)
    #expect(try Catalogue.judge(id, seed: 2).keys != keys, "two students have the same key to everything")
  }
  /// Two at the same time: their packets take turns.
  @Test(arguments: 1...12 as ClosedRange<UInt64>) func theConversationsOfW9Mingle(_ seed: UInt64) throws {
    let judge = try Catalogue.judge("W9", seed: seed)
    let rows = FrameTable(judge.facts).rows.map { $0.values(of: "tcp.stream") }
    #expect(Set(rows).count == 2 && zip(rows, rows.dropFirst()).count { $0 != $1 } >= 12, "\(rows)")
  }
  /// What a student is given holds neither the key nor what the key follows from.
  @Test(arguments: Catalogue.playable) func theWorksheetTellsNoAnswer(_ id: String) throws {
    let work = try Catalogue.work(id)
    let judge = try Catalogue.judge(id)
    let page = work.page(student: "A", capture: "\(id).pcapng")
    for question in judge.worksheet.questions where question.isPersonal {
      guard case .values(let values)? = judge.keys[question.check.id]?.expected else { continue }
      // Ports and codes are too short to be told from other numbers.
      for value in values where value.count > 6 { #expect(!page.contains(value), "\(id) tells \(value)") }
    }
    #expect(!page.contains("{{"), "a place was not filled")
  }
  @Test(arguments: Catalogue.ids) func hintsAreThreeAndExplanationsAreWritten(_ id: String) throws {
    for question in try Catalogue.exercise(id).questions {
      #expect(question.check.hints.allSatisfy { $0.count > 10 }, "\(id) \(question.check.id)")
      #expect(Set(question.check.hints).count == 3)
      #expect(question.check.why.count > 15 && question.check.rfc.hasPrefix("RFC "), "\(id) \(question.check.id)")
    }
  }
}

extension CatalogueTests {
  /// What is written for a known mistake is said to who makes it, and earns nothing.
  @Test(arguments: Catalogue.playable) func everyKnownMistakeIsNamed(_ id: String) throws {
    let judge = try Catalogue.judge(id, seed: 7)
    for question in judge.worksheet.questions {
      guard let key = judge.keys[question.check.id], case .values(let right) = key.expected else { continue }
      for mistake in key.mistakes where !right.contains(where: { AnswerForm.isEqual($0, mistake.value, question.kind) })
      {
        var sheet = Catalogue.perfect(judge)
        let letter = judge.variant.options(of: question).first { $0.option.value == mistake.value }?.letter
        sheet.answers[question.check.id] = GivenAnswer(value: letter ?? mistake.value)
        let result = try #require(judge.judge(sheet).first { $0.id == question.check.id })
        #expect(result.verdict == .failed && result.points == 0)
        let firstOfThisValue = key.mistakes.first {
          AnswerForm.isEqual($0.value, mistake.value, question.kind) || $0.value == mistake.value
        }
        #expect(result.feedback.reason == firstOfThisValue?.says, "\(id) \(question.check.id): \(mistake.value)")
      }
    }
  }
}
