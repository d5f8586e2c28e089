import Bytes
import Capture
import Packets

/// The packets of a live capture on their way into a pcapng file: nanoseconds, and what was captured where.
final class PacketFile {
  private let file: OutputFile
  private var writer = PCAPNGWriter()
  private var buffer = ByteWriter(minimumCapacity: 1 << 20)
  private static let flushByteCount = 1 << 18
  /// When the capture began.
  private let start = WallClock.now
  /// Why writing has failed; the capture ends then.
  var failure: OutputFile.Failure? { file.failure }

  /// Opens `path` anew (`-`: standard output) and writes the section's and the interface's descriptions.
  init(
    _ path: String, _ section: PCAPNGWriter.Section, _ interface: PCAPNGWriter.Interface
  ) throws(OutputFile.Failure) {
    file = try OutputFile(path)
    writer.append(section, to: &buffer)
    writer.append(interface, to: &buffer)
    flush()
  }
  func write(_ packet: Span<UInt8>, _ header: PacketHeader) {
    writer.append(packet, at: header.timestamp, originalByteCount: header.originalByteCount, to: &buffer)
    if buffer.count >= Self.flushByteCount { flush() }
  }
  /// Hands on what has come so far, so that whoever reads along sees it.
  func flush() {
    buffer.withOctets { file.write($0) }
    buffer.removeAll()
  }
  /// Ends the file with what was captured and lost.
  func close(_ statistics: LiveStatistics) {
    let end = WallClock.now
    writer.append(
      PCAPNGWriter.Statistics(
        timestamp: end, start: start, end: end, receivedCount: statistics.receivedCount,
        interfaceDropCount: statistics.interfaceDropCount, systemDropCount: statistics.droppedCount), to: &buffer)
    flush()
    file.close()
  }
}
