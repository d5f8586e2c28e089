import Dialogues
import Foundation
import TestSupport
import Testing

/// What the program writes is what `Documentation/` says that it writes.
///
/// Skipped where the validator is not installed, unless peers are required: then they fail.
@Suite(.enabled(if: SchemaValidator.isHere || Corpus.isRequired, "python3-jsonschema is not installed"))
struct SchemaTests {
  private static let captures: [String] = {
    let folder = Corpus.repository.appending(path: "Captures")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
  }()

  private func analyze(_ capture: String, _ options: String...) throws -> Data {
    let path = Corpus.repository.appending(path: "Captures").appending(path: capture).path
    let run = try Program.run(["analyze"] + options + [path])
    #expect(run.status == 0, "\(run.diagnostics)")
    return run.output
  }

  @Test(arguments: captures)
  func conversationsFollowTheirSchema(_ capture: String) throws {
    let lines = try analyze(capture, "--format", "ndjson")
    #expect(try SchemaValidator.errors(in: lines, of: .conversation) == "")
  }

  @Test(arguments: captures)
  func documentsFollowTheirSchema(_ capture: String) throws {
    let json = try analyze(capture, "--json")
    #expect(try SchemaValidator.errors(in: json, of: .document) == "")
    let document = try JSONDecoder().decode(CaptureDocument.self, from: json)
    #expect(document.version == CaptureDocument.currentVersion)
    #expect(document.conversations.allSatisfy { $0.answers?.isEmpty == false })
  }

  @Test(arguments: captures)
  func anomaliesFollowTheirSchema(_ capture: String) throws {
    let json = try analyze(capture, "--anomalies", "--json")
    #expect(try SchemaValidator.errors(in: json, of: .anomalies) == "")
    // Captures of the virtual wire have nothing irregular that could be misspelt.
    let text = String(decoding: json, as: UTF8.self)
    #expect(text.contains("\"anomaly\"") || capture.hasPrefix("scenarios/"))
    guard text.contains("\"anomaly\"") else { return }
    let misspelt = Data(text.replacing("\"anomaly\"", with: "\"anormaly\"").utf8)
    #expect(try SchemaValidator.errors(in: misspelt, of: .anomalies) != "")
  }

  @Test(arguments: captures)
  func exportedMessagesFollowTheirSchema(_ capture: String) throws {
    let folder = try TemporaryFolder()
    let path = Corpus.repository.appending(path: "Captures").appending(path: capture).path
    let run = try Program.run(["export", "--pieces", "--format", "ndjson", "-q", path, "--to", folder.path])
    #expect(run.status == 0, "\(run.diagnostics)")
    guard !run.output.isEmpty else { return }
    #expect(try SchemaValidator.errors(in: run.output, of: .export) == "")
    let misspelt = Data(run.text.replacing("\"sha256\"", with: "\"sha512\"").utf8)
    #expect(try SchemaValidator.errors(in: misspelt, of: .export) != "")
  }

  /// A misspelt or missing field is found: without this, a schema that allows everything would pass.
  @Test func refusesWhatItDoesNotName() throws {
    let empty = CaptureDocument(
      generator: "mailwire 0", capture: .init(file: "-", packets: 0, byteCount: 0), conversations: [], summary: .init())
    let json = String(decoding: try JSONEncoder().encode(empty), as: UTF8.self)
    #expect(try SchemaValidator.errors(in: Data(json.utf8), of: .document) == "")
    for (right, wrong) in [("\"generator\"", "\"generater\""), ("\"evictedConnections\":0", "\"evicted\":0")] {
      #expect(json.contains(right))
      #expect(try SchemaValidator.errors(in: Data(json.replacing(right, with: wrong).utf8), of: .document) != "")
    }
  }
}
