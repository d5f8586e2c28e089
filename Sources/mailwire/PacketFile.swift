import Bytes
import Capture
import Glibc
import Packets

/// The packets of a live capture on their way into a pcapng file: nanoseconds, and what was captured where.
final class PacketFile {
  /// A file that cannot be opened or written, in a line for the user.
  struct Failure: Error {
    var text: String
    /// Whoever read along has gone: that is the end, and nothing to complain of.
    var isClosedPipe = false
  }

  private let descriptor: Int32
  private let name: String
  private var writer = PCAPNGWriter()
  private var buffer = ByteWriter(minimumCapacity: 1 << 20)
  private static let flushByteCount = 1 << 18
  /// When the capture began.
  private let start = WallClock.now
  /// Why writing has failed; the capture ends then.
  private(set) var failure: Failure?

  /// Opens `path` anew (`-`: standard output) and writes the section's and the interface's descriptions.
  init(
    _ path: String, _ section: PCAPNGWriter.Section, _ interface: PCAPNGWriter.Interface
  ) throws(Failure) {
    name = path == "-" ? "standard output" : path
    descriptor =
      path == "-" ? STDOUT_FILENO : unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(0o644))
    guard descriptor >= 0 else { throw Failure(text: "\(name): \(unsafe String(cString: strerror(errno)))") }
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
    guard failure == nil else { return buffer.removeAll() }
    let error: Int32? = buffer.withOctets { octets in
      unsafe octets.withUnsafeBytes { source in
        var offset = 0
        while offset < source.count {
          let written = unsafe Glibc.write(descriptor, source.baseAddress! + offset, source.count - offset)
          if written < 0, errno == EINTR { continue }
          if written < 0 { return errno }
          offset += written
        }
        return nil
      }
    }
    if let error {
      failure = Failure(text: "\(name): \(unsafe String(cString: strerror(error)))", isClosedPipe: error == EPIPE)
    }
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
    if descriptor != STDOUT_FILENO { Glibc.close(descriptor) }
  }
}
