import Foundation
import TestSupport
import Testing

/// `mailwire capture -b`: one file after the other, the last ones kept, here of what a proxy passes on.
@Suite(.serialized, .enabled(if: Peer.curl.isExpected, "curl is not installed"))
struct RingBufferTests {
  /// Captures `count` fetches by POP3 with `options`; returns the files that are there then, in the order of their names,
  /// and what was said.
  private func captured(_ count: Int, _ options: [String]) throws -> (files: [String], contents: [Data], said: String) {
    var result: (files: [String], contents: [Data], said: String) = ([], [], "")
    try Folder.temporary { folder in
      let server = try ScriptedServer(.pop3)
      defer { server.close() }
      let file = folder.appending(path: "mail.pcapng").path
      let live = try LiveRun(["capture", "--proxy", "127.0.0.1:0=127.0.0.1:\(server.port)", "-w", file] + options)
      try live.await("Ctrl-C ends")
      let place = live.diagnostics.components(separatedBy: " for ")[0]
      let port = try #require(UInt16(place.split(separator: ":").last ?? ""))
      for _ in 0..<count {
        let fetch = LiveTests.services[1].arguments("127.0.0.1:\(port)")
        let run = try Program.run(
          ["--silent", "--show-error", "--max-time", "20"] + fetch, program: try #require(Peer.curl.url))
        #expect(run.status == 0)
      }
      #expect(live.interrupt() == 0)
      result.files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      result.contents = try result.files.map { try Data(contentsOf: folder.appending(path: $0)) }
      result.said = live.diagnostics
    }
    return result
  }
  private func packetCount(_ capture: Data) throws -> Int {
    let run = try Program.run(["analyze", "--json", "-q", "-"], input: capture)
    #expect(run.status == 0)
    struct Document: Decodable {
      struct Capture: Decodable { var packets: Int }
      var capture: Capture
    }
    return try JSONDecoder().decode(Document.self, from: run.output).capture.packets
  }

  @Test func everyPacketIsInOneFile() throws {
    let whole = try captured(4, [])
    #expect(whole.files == ["mail.pcapng"])
    let parts = try captured(4, ["-b", "packets:20"])
    let counts = try parts.contents.map(packetCount)
    #expect(counts.dropLast().allSatisfy { $0 == 20 } && counts.reduce(0, +) >= 80)
    #expect(counts.count == (counts.reduce(0, +) + 19) / 20)
    for (index, file) in parts.files.enumerated() {
      #expect(file.wholeMatch(of: /mail_0000([0-9])_20[0-9]{12}\.pcapng/)?.output.1 == "\(index + 1)")
      #expect(parts.said.contains("\(file)\n"))
    }
    // Put together, the files are one capture.
    let together = try Program.run(
      ["analyze", "--format", "ndjson", "-q", "-"], input: parts.contents.reduce(Data(), +))
    #expect(together.text.split(separator: "\n").count == 4)
  }
  @Test func theLastFilesAreKept() throws {
    let kept = try captured(6, ["-b", "filesize:4", "-b", "files:2"])
    #expect(kept.files.count == 2 && kept.contents.allSatisfy { $0.count <= 4_000 + 200 })
    #expect(!kept.files[0].hasPrefix("mail_00001_"))
    for content in kept.contents { #expect(try packetCount(content) > 0) }
  }
  @Test(arguments: [
    (["-b", "files:2", "-w", "x"], "beside it"), (["-b", "filesize:0", "-w", "x"], "not 'filesize:0'"),
    (["-b", "hours:2", "-w", "x"], "not 'hours:2'"), (["-b", "filesize", "-w", "x"], "not 'filesize'"),
    (["-b", "packets:2"], "-w FILE"), (["-b", "packets:2", "-q", "-w", "-"], "-w FILE"),
  ])
  func refusesWhatCannotBe(_ options: [String], _ reason: String) throws {
    let run = try Program.run(["capture", "-i", "lo"] + options)
    #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.contains(reason), "\(run.diagnostics)")
  }
}
