import Dialogues
import Foundation
import TestSupport
import Testing

/// Captures with a key log beside them, read as another program has read them.
@Suite(.enabled(if: Corpus.isHere, Corpus.absence))
struct KeyLogCorpusTests {
  @Test(arguments: ["imap", "pop"]) func whatIsInsideIsWhatAnotherProgramRead(_ name: String) throws {
    let run = try Program.run([
      "analyze", "--format", "ndjson", "--dialogue", "--key-log", Corpus.path("tls-keys", "\(name)-ssl.keylog"),
      Corpus.path("real", "realjimmy+sample-captures__\(name)-ssl.pcapng"),
    ])
    let conversation = try #require(try Program.conversations(run.output).first)
    let inside = try #require(conversation.protection?.decryption?.frame)
    let exchanges = (conversation.exchanges ?? []).filter { ($0.request?.frames.first ?? 0) > inside }
    let ours = exchanges.flatMap { ($0.request.map { [$0.line] } ?? []) + $0.replies.flatMap(\.lines) }
    let text = try String(contentsOfFile: Corpus.path("tls-keys", "\(name)-ssl.decrypted.txt"), encoding: .utf8)
    // Before each piece stands its size, and around all a frame of signs.
    let theirs = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { line in !line.allSatisfy { $0.isNumber || $0 == "=" } && !line.contains(": ") }
    #expect(ours == theirs && ours.count >= 6)
  }
}
