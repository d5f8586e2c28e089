import Capture
import Dialogues
import Packets

/// What becomes of the packets of a live capture: they are kept at once, and analysed as fast as that goes and somebody
/// looks at it. A screen that was halted halts neither the capture nor, where that is a proxy, the mail.
final class LivePipeline: LiveSink {
  private let analysis: (any PacketAnalysis)?
  private let file: PacketFile?
  private let output: StandardOutput
  private var backlog = PacketBacklog()
  /// How long packets are analysed before the capture is looked after again.
  private static let turn = Duration.milliseconds(20)
  /// How long a screen is waited for that is far behind: mail that is passed on meanwhile comes so much later.
  private static let patienceMilliseconds: Int32 = 5

  init(analysis: (any PacketAnalysis)?, file: PacketFile?, output: StandardOutput) {
    self.analysis = analysis
    self.file = file
    self.output = output
    output.waits = false
  }
  /// Why the packets cannot be kept any more.
  var failure: OutputFile.Failure? { file?.failure }

  func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    file?.write(packet, header)
    guard analysis != nil else { return }
    if backlog.isFull {
      output.flushAll()
      _ = takeNext()
    }
    backlog.append(packet, header)
  }
  func work() -> Bool {
    file?.flush()
    let begin = ContinuousClock.now
    var count = 0
    while !output.isBehind, takeNext() {
      count += 1
      if count & 15 == 0, ContinuousClock.now - begin > Self.turn { break }
    }
    output.flushWhatFits(orWaitAtMost: Self.patienceMilliseconds)
    return !backlog.isEmpty
  }
  private func takeNext() -> Bool { backlog.takeNext { packet, header in analysis?.receive(packet, header) } }

  func idle() {
    // Silence on the wire is none while packets wait for the screen.
    if backlog.isEmpty { analysis?.idle() }
    output.flush()
  }
  /// Ends the conversations that are still open, and the file; nil when nothing was analysed.
  func finish(_ statistics: LiveStatistics) -> AnalysisSummary? {
    file?.close(statistics)
    output.waits = true
    while takeNext() {}
    let summary = analysis?.finish()
    output.flush()
    return summary
  }
}
