internal import MailSystem
package import Scenarios

/// Everything that belongs to one student's copy of an exercise; it follows from the seed.
package struct StudentWork: Sendable {
  package let exercise: Exercise
  package let variant: Variant
  package let capture: StudentCapture?

  /// Throws an `ExerciseError` where the exercise's scenario cannot be played.
  package init(_ exercise: Exercise, seed: StudentSeed) throws {
    self.exercise = exercise
    variant = Variant(exercise, seed: seed)
    capture = try StudentCapture(exercise, variant, seed: seed)
  }
  /// Judges on the student's own capture, or on another that is given; nil where there is none at all.
  package func judge(on facts: CaptureFacts? = nil) -> WorksheetJudge? {
    guard let ground = facts ?? capture?.facts else { return nil }
    switch exercise.work {
    case .worksheet(var worksheet):
      // On a capture of the student's, what is missing is not our fault.
      if facts != nil { worksheet.plan = nil }
      return WorksheetJudge(exercise, worksheet, variant, ground)
    case .program: return nil
    }
  }
  /// Whether a capture's packets are those of the student's own, in whatever file they stand; true where there is no own.
  package func isOwn(_ packets: [PlayedPacket]) -> Bool {
    guard let capture else { return true }
    return packets.map(\.frame) == capture.run.packets.map(\.frame)
  }
  /// The worksheet as the student gets it.
  package func page(student: String, capture: String?) -> String {
    MarkdownWorksheet.page(exercise, variant, student: student, capture: capture)
  }
}
