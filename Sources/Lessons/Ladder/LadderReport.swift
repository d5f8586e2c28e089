package import Dialogues

/// Keeps the steps of every conversation until it ends, and then shows them as one ladder. What is shown is given to
/// `write`; when somebody waits for it, `flush` is called.
package final class LadderReport: ConversationSink {
  package enum Form {
    case text(LadderRenderer)
    case mermaid(MermaidRenderer)

    func shows(_ step: Step) -> Bool {
      switch self {
      case .text(let renderer): renderer.shows(step)
      case .mermaid(let renderer): renderer.shows(step)
      }
    }
  }
  /// What is kept of one conversation.
  private struct Kept {
    var scene: Scene
    var steps: [Step] = []
    var byteCount = 0
    var omittedCount = 0
  }
  /// What steps take that are kept at a time, of all conversations together; beyond it later ones are counted only.
  package static let byteLimit = 1 << 27

  private let form: Form
  /// Only these, when there are any.
  private let streams: Set<Int>
  private let write: (String) -> Void
  private let flush: () -> Void
  private var kept: [Int: Kept] = [:]
  private var keptByteCount = 0
  private let byteLimit: Int
  /// Ladders that were shown.
  package private(set) var shownCount = 0

  package init(
    _ form: Form, streams: Set<Int> = [], byteLimit: Int = byteLimit, write: @escaping (String) -> Void,
    flush: @escaping () -> Void = {}
  ) {
    self.form = form
    self.streams = streams
    self.byteLimit = byteLimit
    self.write = write
    self.flush = flush
  }
  package func receive(_ step: Step) {
    let stream = step.scene.stream
    guard streams.isEmpty || streams.contains(stream) else { return }
    var told = kept.removeValue(forKey: stream) ?? Kept(scene: step.scene)
    // What is spoken inside TLS becomes known later.
    told.scene = step.scene
    defer { kept[stream] = told }
    guard form.shows(step) else { return }
    let byteCount = Self.byteCount(of: step)
    guard keptByteCount + byteCount <= byteLimit else {
      told.omittedCount += 1
      return
    }
    told.steps.append(step)
    told.byteCount += byteCount
    keptByteCount += byteCount
  }
  /// What a step takes in memory.
  private static func byteCount(of step: Step) -> Int {
    let texts = step.line.utf8.count + step.verb.utf8.count + step.code.utf8.count + (step.text?.utf8.count ?? 0)
    return step.decoded.reduce(MemoryLayout<Step>.stride + texts) { sum, decoded in
      sum + MemoryLayout<Step.Decoded>.stride + decoded.label.utf8.count + decoded.text.utf8.count
    }
  }
  package func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard let fact = try? FactParser.parse(conversation), let stream = fact["stream"]?.integer,
      let told = kept.removeValue(forKey: stream)
    else { return }
    keptByteCount -= told.byteCount
    shownCount += 1
    let remarks = Self.remarks(told.omittedCount, fact)
    switch form {
    case .text(let renderer):
      if shownCount > 1 { write("\n") }
      write(renderer.heading(told.scene, remarks: TextRenderer.extent(fact)))
      for step in told.steps { write(renderer.rows(step)) }
      for remark in remarks { write(remark + "\n") }
    case .mermaid(let renderer): renderer.draw(told.scene, told.steps, remarks: remarks, write: write)
    }
  }
  /// What was left out, and why.
  private static func remarks(_ omittedCount: Int, _ fact: Fact) -> [String] {
    var remarks: [String] = []
    if omittedCount > 0 { remarks.append("\(omittedCount) further steps were left out: too many are kept at once") }
    if let facts = fact["omitted"]?.integer, facts > 0 { remarks.append(ConversationRemark.leftOut(facts)) }
    return remarks
  }
  package func idle() { flush() }
}
