internal import Bytes
package import MailSystem
internal import Packets
internal import Scenarios

/// A student's own capture: the exercise's scenario with what was drawn for the student, played on the virtual wire.
package struct StudentCapture: Sendable {
  package let run: VirtualRun
  /// The secrets of its TLS connections, as Wireshark reads them, where the exercise gives them to the student.
  package let keyLog: String?

  /// nil where the exercise has no scenario, and the student brings a capture.
  package init?(_ exercise: Exercise, _ variant: Variant, seed: StudentSeed) throws {
    guard case .worksheet(let worksheet) = exercise.work, let plan = worksheet.plan else { return nil }
    var scenario = try ScenarioFile.decode(variant.filled(plan.scenario))
    // The file says how it was made; the scenario's name is the same for all.
    scenario.name = exercise.id.lowercased()
    let choice = plan.choice.map { variant.filled($0) } ?? scenario.usualChoice
    if let choice, !scenario.choices.contains(choice) {
      throw ExerciseError("the scenario does not offer '\(choice)'", place: "capture.with")
    }
    var lab = VirtualLab(scenario, choice: choice, seed: seed.number, beginning: Self.beginning(seed))
    run = lab.play()
    keyLog = plan.givesKeyLog ? run.keyLog.map { "\($0)\n" }.joined() : nil
    guard run.record.isAsExpected else {
      let lines = run.record.steps.filter { !$0.isAsExpected }.map {
        "\($0.step.title): \($0.lines.joined(separator: "; "))"
      }
      throw ExerciseError("the scenario does not go as it expects: \(lines.joined(separator: " / "))", place: "capture")
    }
  }
  /// A minute of the four weeks from 2026-09-01 08:00 UTC.
  private static func beginning(_ seed: StudentSeed) -> Timestamp {
    let minute = Int64(seed.number % 40_320)
    return Timestamp(nanoseconds: 1_788_249_600_000_000_000 + minute * 60_000_000_000)
  }
  /// The capture as a file, which tells nothing of the seed.
  package func file(application: String) -> [UInt8] {
    run.capture(
      application: application,
      comment: "Made for an exercise on a virtual wire. No network carried these packets.", namesHosts: false)
  }
  package var facts: CaptureFacts {
    CaptureFacts(
      run.packets.map { PlayedPacket(timestamp: $0.timestamp, frame: $0.frame) }, run.link.linkType)
  }
}
