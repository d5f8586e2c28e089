package import Packets
internal import Streams

/// The whole way of a capture: packets → segments → streams → dialogues → transcript.
///
///     var analysis = Analysis(options, sink: sink)
///     var reader = CaptureReader(fileDescriptor: file)
///     try analysis.read(&reader)          what stands before damage is delivered, then it throws
///     let summary = analysis.finish()     reports what is still open
package final class Analysis {
  /// A decoder, a reassembler and the dissection, one inside the other, specialised here.
  typealias Pipeline = PacketGate<FrameDecoder<Reassembler<Dissection>>>
  private var pipeline: Pipeline

  /// Packets that `predicate` refuses are not looked at, and keep their numbers.
  package init(_ options: DissectionOptions, predicate: (any PacketPredicate)? = nil, sink: any ConversationSink) {
    pipeline = PacketGate(
      predicate, sink: FrameDecoder(sink: Reassembler(sink: Dissection(options, sink: sink))))
    pipeline.sink.checksums = options.checksums
    pipeline.sink.sink.overlapPolicy = options.overlapPolicy
  }
  /// Reads a capture to its end, or to its damage.
  package func read(_ reader: inout CaptureReader) throws(CaptureError) { try reader.read(into: &pipeline) }

  /// Ends every conversation and says what was met.
  package func finish() -> AnalysisSummary {
    pipeline.sink.finish()
    pipeline.sink.sink.finish()
    return AnalysisSummary(
      packets: pipeline.sink.tally, connections: pipeline.sink.sink.flowCount,
      counts: pipeline.sink.sink.sink.counts, foreignCount: pipeline.sink.sink.sink.foreignCount,
      evictedCount: pipeline.sink.sink.evictedCount, omittedFactCount: pipeline.sink.sink.sink.omittedFactCount,
      irregularities: pipeline.sink.sink.irregularities)
  }
}

/// What an analysis met, besides the conversations.
package struct AnalysisSummary: Sendable {
  package var packets: PacketTally
  /// TCP connections.
  package var connections: Int
  package var counts: ConversationCounts
  /// TCP connections that spoke none of the protocols.
  package var foreignCount: Int
  /// Connections given up to keep memory bounded.
  package var evictedCount: Int
  /// Facts left out because a limit was reached.
  package var omittedFactCount: Int
  /// How often each irregularity was met.
  package var irregularities: IrregularityCounts
}
