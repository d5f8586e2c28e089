import Capture
import Dialogues
import Packets

/// What becomes of the packets of a live capture: they are kept, and they are analysed.
final class LivePipeline: LiveSink {
  private let analysis: (any PacketAnalysis)?
  private let file: PacketFile?
  private let output: StandardOutput

  init(analysis: (any PacketAnalysis)?, file: PacketFile?, output: StandardOutput) {
    self.analysis = analysis
    self.file = file
    self.output = output
  }
  /// Why the packets cannot be kept any more.
  var failure: PacketFile.Failure? { file?.failure }

  func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    file?.write(packet, header)
    analysis?.receive(packet, header)
  }
  func pause() {
    file?.flush()
    output.flush()
  }
  func idle() {
    analysis?.idle()
    output.flush()
  }
  /// Ends the conversations that are still open, and the file; nil when nothing was analysed.
  func finish(_ statistics: LiveStatistics) -> AnalysisSummary? {
    file?.close(statistics)
    let summary = analysis?.finish()
    output.flush()
    return summary
  }
}
