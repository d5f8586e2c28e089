import TestSupport
import Testing

@testable import Grading

/// The mistakes that real students make, each in several variants: other words, another order, another language, with and
/// without functions. The grader names each.
@Suite(.enabled(if: Trials.isPossible)) struct StudentMistakeTests {
  struct Variant: CustomTestStringConvertible, Sendable {
    var mistake: StudentMistake
    var exercise: String
    var name: String
    var file: String
    var text: String
    var testDescription: String { "\(mistake.rawValue): \(name)" }
  }

  @Test(arguments: StudentPrograms.all) func isNamed(_ variant: Variant) async throws {
    let result = try await Trials.result(variant.exercise, file: variant.file, variant.text)
    let named = result.checks.compactMap(\.feedback.mistake)
    #expect(
      named.contains(variant.mistake),
      "\(named)\n\(FeedbackPage(.all).text(result, title: variant.exercise))\n\(variant.text)")
    #expect(!result.hasPassed && !result.couldNotJudge)
  }
  /// Programs without a mistake, in other languages and shapes, pass everything.
  @Test(arguments: StudentPrograms.right) func whatIsRightPasses(_ program: Variant) async throws {
    let result = try await Trials.result(program.exercise, file: program.file, program.text)
    #expect(result.hasPassed, "\(FeedbackPage(.all).text(result, title: program.exercise))")
  }
  @Test func everyMistakeOfTheListHasVariants() {
    let list: [StudentMistake] = [
      .missingColonOrBrackets, .missingLineEnd, .expects250AfterDATA, .waitsInsideMessage, .textInsteadOfOctets,
      .mailInsteadOfRecipient, .passwordTooEarly, .oneReceiveForAll, .noHeader, .listensInsteadOfConnects,
      .hardCodedServer, .pickledObjects,
    ]
    for mistake in list {
      #expect(StudentPrograms.all.filter { $0.mistake == mistake }.count >= 3, "\(mistake.rawValue)")
    }
  }
}
