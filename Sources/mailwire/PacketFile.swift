import Bytes
import Capture
import Console
import Glibc
import Packets

/// The packets of a live capture on their way into a pcapng file, or one file after the other: nanoseconds, and what was
/// captured where.
final class PacketFile {
  private let path: String
  private let section: PCAPNGWriter.Section
  private let interface: PCAPNGWriter.Interface
  private let rotation: FileRotation?
  /// Told the name of each file of several as it is begun.
  private let remark: (String) -> Void
  private var file: OutputFile
  /// The files of several that are there, the oldest first.
  private var names: [String] = []
  private var number = 1
  private var content = FileRotation.Content()
  private var writer = PCAPNGWriter()
  private var buffer = ByteWriter(minimumCapacity: 1 << 20)
  private static let flushByteCount = 1 << 18
  /// When the capture began.
  private let start = WallClock.now
  private var openingFailure: OutputFile.Failure?
  /// Why writing has failed; the capture ends then.
  var failure: OutputFile.Failure? { openingFailure ?? file.failure }

  /// Opens `path` anew (`-`: standard output), or with `rotation` the first of the files that are named after it, and
  /// writes the section's and the interface's descriptions.
  init(
    _ path: String, _ section: PCAPNGWriter.Section, _ interface: PCAPNGWriter.Interface, rotation: FileRotation? = nil,
    remark: @escaping (String) -> Void = { _ in }
  ) throws(OutputFile.Failure) {
    self.path = path
    self.section = section
    self.interface = interface
    self.rotation = rotation
    self.remark = remark
    if rotation == nil {
      file = try OutputFile(path)
    } else {
      names = [FileRotation.name(path, number: 1, second: start.second)]
      file = try OutputFile(names[0])
      remark(names[0])
    }
    describe()
  }
  func write(_ packet: Span<UInt8>, _ header: PacketHeader) {
    if let rotation, rotation.isFull(content, byteCount: packet.count + 32, at: header.timestamp.nanoseconds) {
      turn(keeping: rotation.fileCount, at: header.timestamp)
    }
    if content.packetCount == 0 { content.firstNanoseconds = header.timestamp.nanoseconds }
    let before = buffer.count
    writer.append(packet, at: header.timestamp, originalByteCount: header.originalByteCount, to: &buffer)
    content.packetCount += 1
    content.byteCount += buffer.count - before
    if buffer.count >= Self.flushByteCount { flush() }
  }
  private func describe() {
    writer.append(section, to: &buffer)
    writer.append(interface, to: &buffer)
    content = FileRotation.Content(byteCount: buffer.count)
    flush()
  }
  /// Begins the next file, and removes the oldest of more than are to be kept.
  private func turn(keeping fileCount: Int?, at now: Timestamp) {
    flush()
    guard failure == nil else { return }
    file.close()
    number += 1
    let name = FileRotation.name(path, number: number, second: now.second)
    do throws(OutputFile.Failure) { file = try OutputFile(name) } catch {
      openingFailure = error
      return
    }
    names.append(name)
    if let fileCount, names.count > fileCount { unsafe _ = unlink(names.removeFirst()) }
    remark(name)
    describe()
  }
  /// Hands on what has come so far, so that whoever reads along sees it.
  func flush() {
    if openingFailure == nil { buffer.withOctets { file.write($0) } }
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
    if openingFailure == nil { file.close() }
  }
}

extension Timestamp {
  /// Whole seconds since 1970.
  fileprivate var second: Int { Int(nanoseconds / 1_000_000_000) }
}
