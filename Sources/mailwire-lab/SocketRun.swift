import ArgumentParser
import Bytes
import Capture
import Console
import MailLab
import MailSystem
import Packets
import Scenarios

/// A play on real sockets, captured while it goes on.
struct SocketRun {
  private let scenario: Scenario
  private let choice: String?
  private let recordsSockets: Bool
  private let files: RunFiles

  init(_ scenario: Scenario, choice: String?, recordsSockets: Bool, files: RunFiles) {
    self.scenario = scenario
    self.choice = choice
    self.recordsSockets = recordsSockets
    self.files = files
  }
  /// The play, and its capture as pcapng.
  func play(until interruption: AsyncStream<Void>) async throws -> (PlayedScenario, capture: [UInt8]) {
    var options = SocketStage.Options()
    options.recordsSockets = true
    if scenario.usesTLS { options.keyLogPath = files.path("keylog") }
    let stage = try await SocketStage.start(scenario, choice: choice, options)
    do {
      let capture = recordsSockets ? nil : await start(stage)
      let outcome = try await stage.play(until: interruption)
      let captured = await capture?.stop()
      await stage.close()
      let packets = captured?.packets ?? SocketPackets.make(outcome.events)
      let isCaptured = captured != nil
      let play = PlayedScenario(
        scenario: scenario, choice: choice, record: outcome.record, addresses: stage.addresses, packets: packets,
        linkType: captured?.linkType ?? .raw,
        manner: isCaptured ? "played on real sockets, captured on loopback" : "played on real sockets, recorded there")
      return (play, encode(play, isCaptured: isCaptured))
    } catch {
      await stage.close()
      throw error
    }
  }
  /// nil, and a word about it, where packets cannot be captured.
  private func start(_ stage: SocketStage) async -> RunCapture? {
    do {
      return try await RunCapture.start(filter: stage.addresses.captureFilter)
    } catch {
      Terminal.complain(
        "\(error): what passes is recorded at the lab's own sockets instead (mailwire interfaces tells how to capture)")
      return nil
    }
  }
  private func encode(_ play: PlayedScenario, isCaptured: Bool) -> [UInt8] {
    var output = ByteWriter(minimumCapacity: 1 << 16)
    var writer = PCAPNGWriter()
    let with = choice.map { ", with \($0)" } ?? ""
    let comment =
      isCaptured
      ? "Captured on loopback while the scenario '\(scenario.name)'\(with) was played by the lab."
      : "Synthesised: while the scenario '\(scenario.name)'\(with) was played, the lab recorded what passed its servers' "
        + "sockets and made these packets of it. Addresses, octets and times are real; sequence numbers, handshakes and "
        + "acknowledgements are made up, and connections that were refused are missing."
    writer.append(PCAPNGWriter.Section(application: Release.generator, comments: [comment]), to: &output)
    writer.append(
      PCAPNGWriter.Interface(linkType: play.linkType, snapLength: 262_144, name: isCaptured ? "lo" : "sockets"),
      to: &output)
    writer.append(
      names: play.addresses.places.map { name, address in (address, [scenario.cast.machine(name)?.hostName ?? name]) },
      to: &output)
    for packet in play.packets { writer.append(packet.frame.span, at: packet.timestamp, to: &output) }
    return output.withOctets { $0.copied() }
  }
}
