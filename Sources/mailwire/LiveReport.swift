import Dialogues
import Lessons

/// Shows every step of a dialogue as it is spoken, and the lesson's answers when the conversation ends.
final class LiveReport: ConversationSink {
  private let ladder: LadderRenderer
  private let page: TextRenderer
  private let questions: [Question]
  private let output: StandardOutput
  /// The conversation whose step stands last on the screen.
  private var current: Int?
  private var begun: Set<Int> = []

  init(_ ladder: LadderRenderer, questions: [Question], output: StandardOutput) {
    self.ladder = ladder
    page = TextRenderer(usesColor: output.usesColor)
    self.questions = questions
    self.output = output
  }
  func receive(_ step: Step) {
    let rows = ladder.rows(step)
    if rows.isEmpty { return }
    if current != step.scene.stream {
      if current != nil { output.write("\n") }
      let isKnown = !begun.insert(step.scene.stream).inserted
      output.write(ladder.heading(step.scene, remarks: isKnown ? ["goes on"] : []))
      current = step.scene.stream
    }
    output.write(rows)
  }
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard let fact = try? FactParser.parse(conversation) else { return }
    if let stream = fact["stream"]?.integer { begun.remove(stream) }
    if current != nil { output.write("\n") }
    current = nil
    output.write(page.conversation(fact, answers: questions.compactMap { $0.answer(from: fact) }))
  }
  func idle() { output.flush() }
}
