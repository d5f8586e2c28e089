package import Dialogues

/// Keeps the steps of every conversation until it ends, and then shows them as one ladder. What is shown is given to
/// `write`; when somebody waits for it, `flush` is called.
package final class LadderReport: ConversationSink {
  package enum Form {
    case text(LadderRenderer)
    case mermaid(MermaidRenderer)
  }
  /// Steps kept at a time, of all conversations together; beyond it later ones are counted only.
  private static let stepLimit = 1 << 20

  private var form: Form
  /// Only these, when there are any.
  private let streams: Set<Int>
  private let write: (String) -> Void
  private let flush: () -> Void
  private var kept: [Int: (scene: Scene, steps: [Step], omittedCount: Int)] = [:]
  private var keptCount = 0
  /// Ladders that were shown.
  package private(set) var shownCount = 0

  package init(
    _ form: Form, streams: Set<Int> = [], write: @escaping (String) -> Void, flush: @escaping () -> Void = {}
  ) {
    self.form = form
    self.streams = streams
    self.write = write
    self.flush = flush
  }
  package func receive(_ step: Step) {
    let stream = step.scene.stream
    guard streams.isEmpty || streams.contains(stream) else { return }
    if keptCount < Self.stepLimit {
      kept[stream, default: (step.scene, [], 0)].steps.append(step)
      keptCount += 1
    } else {
      kept[stream, default: (step.scene, [], 0)].omittedCount += 1
    }
  }
  package func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard let fact = try? FactParser.parse(conversation), let stream = fact["stream"]?.integer,
      let (scene, steps, omittedCount) = kept.removeValue(forKey: stream)
    else { return }
    keptCount -= steps.count
    shownCount += 1
    switch form {
    case .text(let renderer):
      if shownCount > 1 { write("\n") }
      write(renderer.heading(scene, remarks: TextRenderer.extent(fact)))
      for step in steps { write(renderer.rows(step)) }
      if omittedCount > 0 { write("\(omittedCount) further steps were left out: too many are kept at once\n") }
      if let facts = fact["omitted"]?.integer, facts > 0 { write(TextRenderer.leftOut(facts)) }
    case .mermaid(var renderer):
      write(renderer.diagram(scene, steps))
      form = .mermaid(renderer)
    }
  }
  package func idle() { flush() }
}
