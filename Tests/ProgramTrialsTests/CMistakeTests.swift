import TestSupport
import Testing

@testable import Grading

/// The mistakes that real students make, in C: an executable `client` is tried as a Python program is, and named the same. What the
/// grader knows must not rest on how Python fails or writes.
@Suite(.enabled(if: Trials.isPossible && CCompiler.system != nil)) struct CMistakeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var variant: CPrograms.Variant
    var isStatic: Bool
    var testDescription: String {
      "\(variant.mistake?.rawValue ?? "right"): \(variant.name)\(isStatic ? ", static" : "")"
    }
    /// Compiles the program, runs it, and judges it.
    func result() async throws -> StudentResult {
      guard let compiler = CCompiler.system else { throw WorksheetError("there is no C compiler") }
      var submission = Submission(label: "student")
      let program = try compiler.compile(variant.source, isStatic: isStatic)
      submission.files = [Submission.File(name: "client", octets: program)]
      return try await Trials.result(variant.exercise, submission)
    }
  }
  /// One after the other with its libraries inside, and without.
  private static func cases(_ variants: [CPrograms.Variant]) -> [Case] {
    variants.enumerated().map { Case(variant: $0.element, isStatic: $0.offset % 2 == 1) }
  }

  @Test(arguments: cases(CPrograms.mistakes)) func isNamed(_ program: Case) async throws {
    let result = try await program.result()
    let named = result.checks.compactMap(\.feedback.mistake)
    #expect(
      program.variant.mistake.map { named.contains($0) } == true,
      "\(named)\n\(FeedbackPage(.all).text(result, title: program.variant.exercise))\n\(program.variant.source)")
    #expect(!result.hasPassed && !result.couldNotJudge)
  }
  @Test(arguments: cases(CPrograms.right)) func whatIsRightPasses(_ program: Case) async throws {
    let result = try await program.result()
    #expect(result.hasPassed, "\(FeedbackPage(.all).text(result, title: program.variant.exercise))")
  }
  @Test func everyMistakeThatMakesSenseInCHasVariants() {
    let list: [StudentMistake] = [
      .missingColonOrBrackets, .missingLineEnd, .expects250AfterDATA, .waitsInsideMessage, .mailInsteadOfRecipient,
      .passwordTooEarly, .oneReceiveForAll, .noHeader, .listensInsteadOfConnects, .hardCodedServer,
    ]
    for mistake in list {
      #expect(CPrograms.mistakes.filter { $0.mistake == mistake }.count >= 3, "\(mistake.rawValue)")
    }
  }
}
