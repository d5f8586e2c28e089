import Bytes
import Dialogues
import Foundation
import MailSystem
import Packets
import TestSupport
import Testing

@testable import Scenarios

/// The packets of a play against what both sides said, and against tshark.
@Suite struct SpokenTests {
  /// Keeps the transcript of every conversation.
  private final class Transcripts: ConversationSink {
    var lines: [Data] = []
    func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
      lines.append(Data(conversation.copied()))
    }
    func idle() {}
  }
  private func transcripts(_ run: VirtualRun) throws -> [Conversation] {
    let sink = Transcripts()
    let analysis = Analysis(DissectionOptions(), sink: sink)
    for (index, packet) in run.packets.enumerated() {
      analysis.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: run.link.linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
    }
    _ = analysis.finish()
    return try sink.lines.map { try JSONDecoder().decode(Conversation.self, from: $0) }
  }
  /// Lines of the dialogue, without messages: what the analyzer heard is what was said.
  @Test(arguments: Plays.all) func theTranscriptIsWhatWasSaid(_ name: String, _ choice: String?) throws {
    let run = try Plays.play(name, choice)
    let conversations = try transcripts(run)
    let spoken = run.spoken.filter { !$0.byServer.isEmpty }
    #expect(conversations.count == spoken.count)
    for said in spoken {
      let conversation = try #require(
        conversations.first {
          $0.client.port == Int(said.client.port) && $0.client.address == said.client.address.description
        })
      #expect(conversation.client.byteCount == said.byClient.count && conversation.client.gapByteCount == 0)
      #expect(conversation.server.byteCount == said.byServer.count && conversation.server.gapByteCount == 0)
      // What is said in the wrong order, and a bad wire, are remarked on; that is what these two are for.
      let isOdd = ["refusals", "bad-wire"].contains(name)
      #expect(isOdd || conversation.anomalies.isEmpty, "\(conversation.anomalies)")
      let byClient = Set(lines(said.byClient))
      let byServer = Set(lines(said.byServer))
      for exchange in conversation.exchanges ?? [] {
        // The end of a message and what stands before a literal are told in the transcript's own way.
        if let request = exchange.request, request.verb != "." {
          #expect(byClient.contains(request.line), "\(request.line)")
        }
        for line in exchange.replies.flatMap(\.lines) {
          #expect(byServer.contains { $0 == line || $0.hasSuffix(line) || line.hasPrefix($0) }, "\(line)")
        }
      }
    }
  }
  private func lines(_ octets: [UInt8]) -> [String] {
    octets.split(separator: 10).map { String(decoding: $0.last == 13 ? $0.dropLast() : $0, as: UTF8.self) }
  }
  /// tshark's expert finds nothing that was not asked for, every checksum is right, and it hears the same octets.
  @Test(
    .enabled(if: Peer.tshark.isExpected, "tshark is not installed"),
    arguments: Plays.all.filter { $0.name != "bad-wire" })
  func tsharkHasNothingToSay(_ name: String, _ choice: String?) throws {
    let run = try Plays.play(name, choice)
    let capture = run.capture(application: "test")
    let checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "smtp.decryption:TRUE"]
    let remarks = try Peer.tshark.lines(
      ["-r", "{}"] + checks + ["-T", "fields", "-e", "frame.number", "-e", "_ws.expert.message", "-Y", "_ws.expert"],
      on: capture
    ).filter { !isUsual($0) && !isAskedFor($0, name) }
    #expect(remarks.isEmpty, "\(remarks.joined(separator: "\n"))")
    let bad = try Peer.tshark.lines(
      ["-r", "{}"] + checks + ["-Y", "tcp.checksum.status != 1 || (ip && ip.checksum.status != 1)"], on: capture)
    #expect(bad.isEmpty)
    let streams = try Peer.tshark.lines(["-r", "{}", "-T", "fields", "-e", "tcp.stream"], on: capture)
    let own = PacketLog(PlayedScenario(run).packets, run.link.linkType).streams
    var numbers = [Int](repeating: -1, count: run.packets.count)
    for stream in own { for packet in stream.packets { numbers[packet.frame - 1] = stream.number } }
    #expect(streams == numbers.map(String.init))
  }
  /// What Wireshark says of every connection that is opened and closed.
  private func isUsual(_ line: String) -> Bool {
    let usual = [
      "Connection establish request (SYN): server port", "Connection establish acknowledge (SYN+ACK): server port",
      "Connection finish (FIN)", "This frame initiates the connection closing",
      "This frame undergoes the connection closing",
    ]
    let messages = line.split(separator: "\t").last.map { $0.split(separator: ",") } ?? []
    return messages.allSatisfy { message in usual.contains { message.hasPrefix($0) } }
  }
  /// What the scenario wants: connections that are refused or break off.
  private func isAskedFor(_ line: String, _ name: String) -> Bool {
    let isAsked = ["queue", "pop3-two-devices", "imap-two-devices"].contains(name)
    return isAsked && line.hasSuffix("Connection reset (RST)")
  }
  @Test(.enabled(if: Peer.tshark.isExpected, "tshark is not installed"))
  func aBadWireIsSeenAsOne() throws {
    let capture = try Plays.play("bad-wire").capture(application: "test")
    let repeated = try Peer.tshark.lines(["-r", "{}", "-Y", "tcp.analysis.retransmission"], on: capture)
    #expect(!repeated.isEmpty)
    let bad = try Peer.tshark.lines(
      ["-r", "{}", "-o", "tcp.check_checksum:TRUE", "-Y", "tcp.checksum.status != 1"], on: capture)
    #expect(bad.isEmpty)
  }
  /// On any wire, and in both families, the same is said.
  @Test func theWireChangesNothingOfWhatIsSaid() throws {
    for (name, choice) in Plays.all {
      let usual = try Plays.play(name, choice) { $0.wire = WireConditions() }
      for seed in 1...4 as ClosedRange<UInt64> {
        let other = try Plays.play(name, choice, seed: seed) {
          $0.isIPv6 = true
          // An RST that is lost leaves a maildrop locked, as it does elsewhere.
          $0.wire.lostPerMille = name == "pop3-two-devices" ? 0 : 30
          $0.wire.reorderedPerMille = 30
          $0.wire.maximumSegmentSize = 200
        }
        #expect(other.record.isAsExpected, "\(name), seed \(seed): \(other.record.steps.map(\.lines))")
        #expect(other.record.steps.count == usual.record.steps.count)
      }
    }
  }
  /// What tshark puts together of each connection is what was said on it, octet by octet, also on a bad wire.
  @Test(.enabled(if: Peer.tshark.isExpected, "tshark is not installed"), arguments: Plays.all)
  func tsharkHearsWhatWasSaid(_ name: String, _ choice: String?) throws {
    let run = try Plays.play(name, choice)
    let capture = run.capture(application: "test")
    for stream in PacketLog(PlayedScenario(run).packets, run.link.linkType).streams where stream.hasSpeech {
      let lines = try Peer.tshark.lines(["-r", "{}", "-q", "-z", "follow,tcp,raw,\(stream.number)"], on: capture)
      let said = lines.filter { !$0.hasPrefix("=") && !$0.contains(":") && !$0.isEmpty }
      let byClient = said.filter { !$0.hasPrefix("\t") }.joined()
      let byServer = said.filter { $0.hasPrefix("\t") }.map { $0.dropFirst() }.joined()
      let spoken = try #require(run.spoken.first { $0.client.endpoint == stream.client })
      #expect(byClient == hexadecimal(spoken.byClient), "\(stream.number)")
      #expect(byServer == hexadecimal(spoken.byServer), "\(stream.number)")
    }
  }
  private func hexadecimal(_ octets: [UInt8]) -> String {
    octets.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }
}
