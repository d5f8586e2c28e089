import Bytes
import Console
import Dialogues
import Lessons
import Packets

/// One capture's part of a page (`PageOutput`).
///
/// A table of contents belongs before what it lists, and is known only when all is read. So conversations wait until the
/// capture ends; when they take more room than that is worth, they are written as they come, and the table stands behind
/// them. Either way memory has a bound: what waits, and the table's own (`HTMLContents.limit`).
final class HTMLReport: Report {
  /// What waits at most, in octets: hundreds of conversations of a usual length.
  private static let heldByteCount = 1 << 20
  private let page: PageOutput
  private let renderer: HTMLRenderer
  private let contentsAnchor: String
  private var contents = HTMLContents()
  private var held = ""
  private var isHolding = true

  init(_ page: PageOutput, name: String, questions: [Question]) {
    self.page = page
    renderer = HTMLRenderer(level: page.level)
    contentsAnchor = page.anchor()
    super.init(name: name, questions: questions, output: page.output)
  }
  override func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard let (fact, answers) = answers(to: conversation) else { return }
    let anchor = page.anchor()
    contents.append(fact, anchor: anchor)
    let article = renderer.conversation(fact, answers: answers, anchor: anchor)
    guard isHolding else { return page.write(article) }
    held += article
    if held.utf8.count > Self.heldByteCount { letGo() }
  }
  /// Nobody looks at half a page, so what waits goes on waiting.
  override func idle() {}

  /// Writes what waited, and from now on everything as it comes.
  private func letGo() {
    isHolding = false
    begin()
    page.write(HTMLPage.contentsLater(anchor: contentsAnchor))
    page.write(held)
    held = ""
  }
  private func begin() {
    page.write(HTMLPage.sectionBeginning(heading: page.hasSections ? PageOutput.shortName(name) : nil))
  }
  override func finish(_ summary: AnalysisSummary, byteCount: UInt64, damage: CaptureError?) {
    if isHolding { begin() }
    let complaint = CaptureInput.complaint(summary, damage)
    if isHolding, let complaint { page.write(HTMLPage.notice(Self.sentence(complaint))) }
    contents.write(anchor: contentsAnchor, to: page.write)
    page.write(held)
    held = ""
    if let lines = CaptureSummary.lines(summary, name: PageOutput.shortName(name), damage: damage) {
      page.write(HTMLPage.summary(lines, level: page.level))
    }
    if !isHolding, let complaint { page.write(HTMLPage.notice(Self.sentence(complaint))) }
    page.write(HTMLPage.sectionEnd)
  }
  private static func sentence(_ complaint: String) -> String { "The capture could not be read whole: \(complaint)." }
}
