import Foundation
import TestSupport
import Testing

@testable import Grading

/// The keys are what tshark says, as far as it can tell.
@Suite struct TsharkKeyTests {
  /// Questions that are about no packet, and why.
  static let untold: [String: String] = [
    "A4.why-not-smtp": "asks for a reason, which stands in no packet",
    "E1.message": "asks who answers for a message, which follows from a rule",
    "E2.copy": "asks what is lost with a disk",
    "E3.fix": "asks for a change of a program",
    "I2.pop3": "asks what another protocol could do",
    "I4.offline": "asks what a device keeps when the network fails",
    "I4.backup": "asks what is lost with a disk",
    "W11.visible": "asks what stands in the headers of IP and TCP, of which every packet is an example",
    "P3.read": "asks what a protocol has no word for",
  ]
  @Test func everyQuestionIsToldOrHasAReason() throws {
    var asked: Set<String> = []
    for id in Catalogue.playable {
      for question in try Catalogue.exercise(id).questions { asked.insert("\(id).\(question.check.id)") }
    }
    #expect(asked.subtracting(TsharkAnswer.all.keys).subtracting(Self.untold.keys).sorted() == [])
    #expect(Set(TsharkAnswer.all.keys).intersection(Self.untold.keys).isEmpty)
    #expect(Set(TsharkAnswer.all.keys).union(Self.untold.keys).subtracting(asked).sorted() == [])
  }

  @Test(.enabled(if: TsharkView.isHere, "tshark is not installed"), arguments: Catalogue.playable)
  func ofEveryExercise(_ id: String) throws {
    for seed in [2, 44, 5_000_000_000, .max] as [UInt64] {
      let judge = try Catalogue.judge(id, seed: seed)
      let capture = try #require(try Catalogue.work(id, seed: seed).capture)
      let view = try TsharkView(capture.file(application: "test"), keyLog: capture.keyLog)
      #expect(view.rows.count == judge.facts.packets.count)
      for question in judge.worksheet.questions {
        guard let told = TsharkAnswer.all["\(id).\(question.check.id)"]?(view) else { continue }
        let key = try #require(judge.keys[question.check.id])
        let place: Comment = "\(id).\(question.check.id), seed \(seed): the key is \(key), tshark says \(told)"
        #expect(Self.agrees(told, key, question, judge.variant), place)
        if question.evidencePoints > 0, key.expected != .cannotTell {
          #expect(Set(told.frames).isSubset(of: AnswerKey.frames(key.evidence)), place)
        }
      }
    }
  }
  private static func agrees(
    _ told: TsharkAnswer, _ key: AnswerKey, _ question: WorksheetQuestion, _ variant: Variant
  ) -> Bool {
    switch key.expected {
    case .cannotTell: return told.values == nil
    case .missing: return false
    case .order(let letters):
      let options = variant.options(of: question)
      let frames = letters.compactMap { letter in
        options.first { $0.letter == letter }.flatMap { option in
          question.options.firstIndex { $0.value == option.option.value && $0.text == option.option.text }
        }.map { told.order[$0] }
      }
      return frames.count == told.order.count && !frames.contains(0) && frames == frames.sorted()
    case .list(let values):
      guard case .list(let kind) = question.kind, let given = told.values else { return false }
      return Set(given.compactMap { AnswerForm.canonical($0, kind) })
        == Set(values.compactMap { AnswerForm.canonical($0, kind) })
    case .values(let values):
      guard let given = told.values, given.count == 1 else { return false }
      if question.kind == .choice { return values == given }
      return values.contains { AnswerForm.isEqual(given[0], $0, question.kind) }
    }
  }
}
