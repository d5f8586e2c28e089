internal import Bytes
internal import MailSystem
internal import Packets

/// Which frames of a capture are which step.
///
/// A step's frames are those of its time. Where a step `shows` a part of a delivery between two servers, that part is
/// its alone, whenever it was on the wire.
package struct StepFrames: Sendable {
  /// The frames of one connection that belong to a step.
  package struct Run: Equatable, Sendable {
    package var stream: PacketLog.Stream
    package var frames: [Int]
  }
  /// By step.
  package private(set) var runs: [[Run]] = []

  package init(_ play: PlayedScenario, _ log: PacketLog) {
    let steps = play.record.steps
    let messageEnds = play.messageEnds
    let machines = Set(play.scenario.cast.machines.map { play.addresses.of($0.name) })
    let relays = log.streams.filter { stream in
      stream.hasSpeech && machines.contains { $0.description == stream.client.addressText }
    }
    var claimed: Set<Int> = []
    var shown: [Int: Run] = [:]
    for (index, step) in steps.enumerated() {
      guard let part = step.step.shows else { continue }
      // Steps that show parts of one delivery stand together.
      let end = steps[index...].first { $0.step.shows == nil }?.begin.nanoseconds ?? Int64.max
      guard let relay = relays.last(where: { ($0.packets.first?.time ?? 0) < end }) else { continue }
      let frames = Self.frames(part, relay, messageEnd: messageEnds[relay.number])
      claimed.formUnion(frames)
      shown[index] = Run(stream: relay, frames: frames)
    }
    for (index, step) in steps.enumerated() {
      if let run = shown[index] {
        runs.append([run])
        continue
      }
      let begin = index == 0 ? Int64.min : step.begin.nanoseconds
      let end = index + 1 < steps.count ? steps[index + 1].begin.nanoseconds : Int64.max
      runs.append(
        log.streams.compactMap { stream in
          let frames = stream.packets.filter { $0.time >= begin && $0.time < end && !claimed.contains($0.frame) }
          return frames.isEmpty ? nil : Run(stream: stream, frames: frames.map(\.frame))
        })
    }
  }
  private static func frames(
    _ part: ScenarioStep.RelayPart, _ stream: PacketLog.Stream, messageEnd: Int?
  ) -> [Int] {
    let firstSpeech = stream.packets.first { $0.payloadByteCount > 0 }?.frame ?? Int.max
    let end = messageEnd ?? Int.max
    return stream.packets.map(\.frame).filter { frame in
      switch part {
      case .opening: frame < firstSpeech
      case .message: frame >= firstSpeech && frame <= end
      case .acceptance: frame > end
      }
    }
  }
  /// `frames 1–3, 7`
  package static func text(_ frames: [Int]) -> String {
    var parts: [String] = []
    var index = 0
    while index < frames.count {
      var end = index
      while end + 1 < frames.count, frames[end + 1] == frames[end] + 1 { end += 1 }
      parts.append(end == index ? "\(frames[index])" : "\(frames[index])–\(frames[end])")
      index = end + 1
    }
    return "\(frames.count == 1 ? "frame" : "frames") \(parts.joined(separator: ", "))"
  }
}
