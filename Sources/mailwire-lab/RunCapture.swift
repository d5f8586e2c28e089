import Bytes
import Capture
import Foundation
import Packets
import Scenarios
import Synchronization

/// Captures on loopback in a thread of its own until it is stopped.
final class RunCapture: Sendable {
  struct Captured: Sendable {
    var packets: [PlayedPacket]
    var linkType: LinkType
  }
  private let isStopped = Atomic<Bool>(false)
  private let end: AsyncStream<Captured>

  private init(_ end: AsyncStream<Captured>) { self.end = end }

  /// Returns when what passes `filter` (libpcap's language) from now on is captured.
  static func start(filter: String) async throws -> RunCapture {
    var settings = LiveCapture.Settings(interface: "lo")
    settings.filter = filter
    let (end, told) = AsyncStream.makeStream(of: Captured.self)
    let capture = RunCapture(end)
    try await withCheckedThrowingContinuation { (ready: CheckedContinuation<Void, any Error>) in
      Thread.detachNewThread { [settings] in
        let live: LiveCapture
        do throws(LiveCaptureError) { live = try LiveCapture(settings) } catch {
          return ready.resume(throwing: error)
        }
        ready.resume()
        let sink = Collector()
        // What was captured before it failed is told, too.
        try? live.run(into: sink) { capture.isStopped.load(ordering: .relaxed) }
        told.yield(Captured(packets: sink.packets, linkType: live.linkType))
        told.finish()
      }
    }
    return capture
  }
  /// Ends it, and gives what was captured.
  func stop() async -> Captured? {
    isStopped.store(true, ordering: .relaxed)
    for await captured in end { return captured }
    return nil
  }

  private final class Collector: LiveSink {
    var packets: [PlayedPacket] = []
    func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
      packets.append(PlayedPacket(timestamp: header.timestamp, frame: packet.copied()))
    }
    func work() -> Bool { false }
    func idle() {}
  }
}
