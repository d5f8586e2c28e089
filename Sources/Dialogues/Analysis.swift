package import Packets
internal import Streams

/// Takes packets and makes conversations of them.
package protocol PacketAnalysis: AnyObject {
  /// Reads a capture to its end, or to its damage.
  func read(_ reader: inout CaptureReader) throws(CaptureError)
  /// One packet of a live capture; `packet` is lent for the call.
  func receive(_ packet: Span<UInt8>, _ header: PacketHeader)
  /// No packet has come for a while.
  func idle()
  /// Ends every conversation and says what was met.
  func finish() -> AnalysisSummary
}

/// The whole way of a capture: packets → segments → streams → dialogues → transcript.
///
///     var analysis = Analysis(options, sink: sink)
///     var reader = CaptureReader(fileDescriptor: file)
///     try analysis.read(&reader)          what stands before damage is delivered, then it throws
///     let summary = analysis.finish()     reports what is still open
package final class Analysis: PacketAnalysis {
  /// A decoder, a reassembler and the dissection, one inside the other, specialised here.
  typealias Pipeline = PacketGate<FrameDecoder<Reassembler<Dissection>>>
  private var pipeline: Pipeline

  /// Packets that `predicate` refuses are not looked at, and keep their numbers.
  /// A `tap` takes every message's octets as they pass; TLS is read with `keys`, and with what the capture brings along.
  package init(
    _ options: DissectionOptions, predicate: (any PacketPredicate)? = nil, sink: any ConversationSink,
    tap: (any MessageTap)? = nil, keys: (any TLSKeySource)? = nil
  ) {
    let dissection = Dissection(options, sink: sink, tap: tap, keys: keys)
    pipeline = PacketGate(predicate, sink: FrameDecoder(sink: Reassembler(sink: dissection)))
    pipeline.sink.checksums = options.checksums
    pipeline.sink.sink.overlapPolicy = options.overlapPolicy
  }
  /// Reads a capture to its end, or to its damage.
  package func read(_ reader: inout CaptureReader) throws(CaptureError) { try reader.read(into: &pipeline) }
  package func receive(_ packet: Span<UInt8>, _ header: PacketHeader) { pipeline.receive(packet, header) }
  package func idle() { pipeline.idle() }

  /// Ends every conversation and says what was met.
  package func finish() -> AnalysisSummary {
    pipeline.sink.finish()
    pipeline.sink.sink.finish()
    return AnalysisSummary(pipeline.sink.tally, pipeline.sink.sink)
  }
}

/// The same way with a `Narrator` on it, who tells every step of a dialogue as it is spoken.
package final class NarratedAnalysis: PacketAnalysis {
  private var pipeline: PacketGate<FrameDecoder<Narrator>>

  package init(
    _ options: DissectionOptions, predicate: (any PacketPredicate)? = nil, sink: any ConversationSink,
    keys: (any TLSKeySource)? = nil
  ) {
    var options = options
    options.steps = true
    let narrator = Narrator(reassembler: Reassembler(sink: Dissection(options, sink: sink, keys: keys)))
    pipeline = PacketGate(predicate, sink: FrameDecoder(sink: narrator))
    pipeline.sink.checksums = options.checksums
    pipeline.sink.sink.reassembler.overlapPolicy = options.overlapPolicy
  }
  package func read(_ reader: inout CaptureReader) throws(CaptureError) { try reader.read(into: &pipeline) }
  package func receive(_ packet: Span<UInt8>, _ header: PacketHeader) { pipeline.receive(packet, header) }
  package func idle() { pipeline.idle() }
  package func finish() -> AnalysisSummary {
    pipeline.sink.finish()
    pipeline.sink.sink.reassembler.finish()
    return AnalysisSummary(pipeline.sink.tally, pipeline.sink.sink.reassembler)
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

  init(_ tally: PacketTally, _ reassembler: borrowing Reassembler<Dissection>) {
    packets = tally
    connections = reassembler.flowCount
    counts = reassembler.sink.counts
    foreignCount = reassembler.sink.foreignCount
    evictedCount = reassembler.evictedCount
    omittedFactCount = reassembler.sink.omittedFactCount + reassembler.book.omittedCount
    irregularities = reassembler.irregularities
  }
}
