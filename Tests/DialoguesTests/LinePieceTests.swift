import TestSupport
import Testing

@testable import Dialogues

/// Where a line stands is told whole, in however many frames it came.
@Suite struct LinePieceTests {
  /// The octets that `bytes` names in the frames, without line ends.
  private func octets(_ bytes: [[Int]], of frames: [[UInt8]]) -> String {
    let named = bytes.flatMap { frames[$0[0] - 1][$0[1]..<$0[1] + $0[2]] }
    return String(decoding: named.filter { $0 != 13 && $0 != 10 }, as: UTF8.self)
  }
  private func joined(_ lines: [String]) -> String { lines.joined().filter { !$0.isNewline } }

  @Test(arguments: Script.all, [2, 3, 5]) func everyPieceIsNamed(_ script: Script, _ length: Int) throws {
    let dialogue = script.dialogue { octets in
      stride(from: 0, to: octets.count, by: length).map { Array(octets[$0..<min($0 + length, octets.count)]) }
    }
    let frames = dialogue.frames
    let conversation = try #require(try conversations(dialogue).first)
    for exchange in try #require(conversation.exchanges) {
      if let request = exchange.request, request.verb != "." {
        #expect(octets(request.bytes, of: frames) == joined([request.line]))
        // Each frame that holds some of it, and no other.
        #expect(Set(request.frames) == Set(request.bytes.map { $0[0] }))
      }
      for reply in exchange.replies {
        #expect(octets(reply.bytes, of: frames) == joined(reply.lines))
        #expect(Set(reply.frames) == Set(reply.bytes.map { $0[0] }))
      }
    }
    if let opening = conversation.opening.client {
      #expect(octets(opening.bytes, of: frames) == joined(opening.lines))
    }
  }
  @Test func theAnswersOfALoginAreNamedWhole() throws {
    let dialogue = Script.smtp.dialogue { octets in
      stride(from: 0, to: octets.count, by: 5).map { Array(octets[$0..<min($0 + 5, octets.count)]) }
    }
    let credential = try #require(try conversations(dialogue).first?.credentials.first)
    #expect(octets(credential.bytes, of: dialogue.frames) == "AUTH LOGINYWxpY2U=c2VjcmV0")
    #expect(credential.pieces == [3, 2, 2])
    #expect(try conversations(Script.smtp.dialogue(lines)).first?.credentials.first?.pieces == nil)
  }
  /// A line in one frame is one piece, as ever.
  @Test func aLineInOneFrameIsOnePiece() throws {
    let conversation = try #require(try conversations(Script.smtp.dialogue(lines)).first)
    for exchange in try #require(conversation.exchanges) {
      if let request = exchange.request, request.verb != "." { #expect(request.bytes.count == 1) }
      #expect(exchange.replies.allSatisfy { $0.bytes.count == $0.lines.count })
    }
  }
  /// More pieces than are kept are said to be left out.
  @Test func piecesAreBounded() throws {
    let command = "NOOP " + String(repeating: "x", count: DialogueLimits.linePieceCount + 10)
    let script = Script(
      "long", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("\(command)\r\n"),
        server("250 ok\r\n"),
      ])
    let conversation = try #require(try conversations(script.dialogue { $0.map { [$0] } }).first)
    let request = try #require(conversation.exchanges?.last?.request)
    #expect(request.line == command && request.bytes.count == DialogueLimits.linePieceCount + 1)
    #expect(conversation.omitted == 1)
  }
}
