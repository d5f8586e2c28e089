import Dialogues
import Lessons

/// Keeps the steps of every conversation until it ends, and then shows them as one ladder.
final class LadderReport: ConversationSink {
  enum Form {
    case text(LadderRenderer)
    case mermaid(MermaidRenderer)
  }
  /// Steps kept at a time, of all conversations together; beyond it later ones are counted only.
  private static let stepLimit = 1 << 20

  private var form: Form
  /// Only these, when there are any.
  private let streams: Set<Int>
  private let output: StandardOutput
  private var kept: [Int: (scene: Scene, steps: [Step], omittedCount: Int)] = [:]
  private var keptCount = 0
  private(set) var shownCount = 0

  init(_ form: Form, streams: Set<Int>, output: StandardOutput) {
    self.form = form
    self.streams = streams
    self.output = output
  }
  func receive(_ step: Step) {
    let stream = step.scene.stream
    guard streams.isEmpty || streams.contains(stream) else { return }
    if keptCount < Self.stepLimit {
      kept[stream, default: (step.scene, [], 0)].steps.append(step)
      keptCount += 1
    } else {
      kept[stream, default: (step.scene, [], 0)].omittedCount += 1
    }
  }
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard let fact = try? FactParser.parse(conversation), let stream = fact["stream"]?.integer,
      let (scene, steps, omittedCount) = kept.removeValue(forKey: stream)
    else { return }
    keptCount -= steps.count
    shownCount += 1
    switch form {
    case .text(let renderer):
      if shownCount > 1 { output.write("\n") }
      output.write(renderer.heading(scene, remarks: TextRenderer.extent(fact)))
      for step in steps { output.write(renderer.rows(step)) }
      if omittedCount > 0 { output.write("\(omittedCount) further steps were left out: too many are kept at once\n") }
    case .mermaid(var renderer):
      output.write(renderer.diagram(scene, steps))
      form = .mermaid(renderer)
    }
  }
  func idle() { output.flush() }
}
