import Bytes
import Foundation
import Packets
import TestSupport
import Testing

@testable import Streams

/// Overlapping segments as receivers' systems take them, from an intrusion detection system's own tests: 25 vectors in
/// six policies, each with the stream after every segment.
@Suite(.enabled(if: !OverlapVector.all.isEmpty, "the corpus is not here (MAILWIRE_CORPUS)"))
struct OverlapVectorTests {
  @Test func everyVectorIsHere() { #expect(OverlapVector.all.count == 25) }

  /// One octet is missing before the vector's first, so that everything waits for its turn, and a policy decides.
  @Test(arguments: OverlapVector.all) func vector(_ vector: OverlapVector) throws {
    let policy = try #require(vector.overlapPolicy)
    var dialogue = Dialogue()
    dialogue.open()
    let client = dialogue.packets[0].sequenceNumber &+ 1
    for (index, step) in vector.steps.enumerated() {
      var packet = dialogue.packets[2]
      packet.sequenceNumber = client &+ 1 &+ UInt32(step.off)
      packet.payload = Array(step.data.utf8)
      dialogue.packets.append(packet)
      // Without the missing octet the stream is a gap of one, and then what is told of the vector.
      let told = run(dialogue, policy)
      #expect(told == step.after, "\(vector.name), step \(index + 1)")
      // With it nothing else changes.
      var filled = dialogue
      packet.sequenceNumber = client
      packet.payload = [UInt8(ascii: "_")]
      filled.packets.append(packet)
      #expect(run(filled, policy) == step.after, "\(vector.name), step \(index + 1), filled")
    }
  }
  private func run(_ dialogue: Dialogue, _ policy: OverlapPolicy) -> String {
    var decoder = FrameDecoder(sink: Reassembler(sink: StreamLog()))
    decoder.sink.overlapPolicy = policy
    for (index, frame) in dialogue.frames.enumerated() {
      decoder.receive(
        frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: .ethernet, timestamp: Timestamp(nanoseconds: Int64(index)),
          originalByteCount: UInt32(frame.count)))
    }
    decoder.sink.finish()
    let told = decoder.sink.sink.connections.first?.client ?? []
    let text = told.map { told in
      switch told {
      case .octets(let octets): String(decoding: octets, as: UTF8.self)
      case .gap(let byteCount): String(repeating: ".", count: byteCount)
      }
    }.joined()
    return String(text.dropFirst())
  }
}

struct OverlapVector: Decodable, CustomTestStringConvertible {
  struct Step: Decodable {
    var off: Int
    var data: String
    var after: String
  }
  var name: String
  var policy: String
  var steps: [Step]
  var testDescription: String { name }

  var overlapPolicy: OverlapPolicy? {
    switch policy {
    case "BSD": .bsd
    case "VISTA": .windows
    case "LINUX": .linux
    case "OLD_LINUX": .oldLinux
    case "SOLARIS": .solaris
    case "LAST": .last
    default: nil
    }
  }
  static let all: [OverlapVector] = {
    guard let json = try? Data(contentsOf: TCPCases.folder.appending(path: "overlap_vectors.json")) else { return [] }
    return (try? JSONDecoder().decode([OverlapVector].self, from: json)) ?? []
  }()
}
