import Dialogues
import Foundation
import Packets
import TestSupport
import Testing

/// What the program says of irregular captures.
@Suite struct AnomalyTests {
  /// A login whose password was sent twice, the second time another.
  private func withConflict(_ body: (String) throws -> Void) throws {
    var dialogue = Dialogue(server: Host("192.0.2.1", 110))
    dialogue.open()
    dialogue.server("+OK ready\r\n")
    dialogue.client("USER alice\r\n")
    dialogue.server("+OK\r\n")
    dialogue.client("PASS secret-one\r\n")
    var again = dialogue.packets[dialogue.packets.count - 1]
    again.payload = Array("PASS secret-two\r\n".utf8)
    dialogue.packets.append(again)
    dialogue.server("+OK 0 messages\r\n")
    dialogue.close()
    try Folder.temporary { folder in
      let file = folder.appending(path: "conflict.pcap")
      try Data(capture(dialogue.frames)).write(to: file)
      try body(file.path)
    }
  }

  @Test func bothVersionsStandOnThePage() throws {
    try withConflict { file in
      let page = try Program.run(["analyze", file]).text
      #expect(page.contains("password      secret-one"))
      #expect(page.contains("remark        octets were sent again with different content  frame 8"))
      #expect(page.contains("first       PASS secret-one⏎  frame 7"))
      #expect(page.contains("then        PASS secret-two⏎"))
      #expect(page.contains("irregular: 1 overlap-conflict"))
    }
  }
  @Test(arguments: ["text", "json", "ndjson"]) func masksBothVersions(_ format: String) throws {
    try withConflict { file in
      for more in [[], ["--dialogue"], ["--anomalies"]] {
        let run = try Program.run(["analyze", "--mask-passwords", "--format", format, file] + more)
        #expect(run.status == 0)
        #expect(run.output.count > 0)
        #expect(!run.text.contains("secret"), "\(format) \(more)")
      }
    }
  }
  @Test func policiesDecide() throws {
    try withConflict { file in
      // What was delivered stands, whatever the policy.
      #expect(try Program.run(["analyze", "--overlap", "last", file]).text.contains("password      secret-one"))
      let run = try Program.run(["analyze", "--overlap", "amiga", file])
      #expect(run.status == 2 && run.diagnostics.contains("old-linux"))
    }
  }
  @Test func listsEveryIrregularity() throws {
    try withConflict { file in
      let text = try Program.run(["analyze", "--anomalies", file]).text
      #expect(text.contains("frame 8       tcp.stream 0      overlap-conflict"))
      let line = try Program.run(["analyze", "--anomalies", "--format", "ndjson", file]).text
      #expect(line == #"{"anomaly":"overlap-conflict","frame":8,"stream":0,"earlierFrame":7}"# + "\n")
      let json = try Program.run(["analyze", "--anomalies", "--json", file]).output
      let document = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      #expect((document["counts"] as? [String: Int]) == ["overlap-conflict": 1])
    }
  }
  @Test func countsStandInTheSummary() throws {
    try withConflict { file in
      let json = try Program.run(["analyze", "--json", file]).output
      let document = try JSONDecoder().decode(CaptureDocument.self, from: json)
      #expect(document.summary.irregularities == ["overlap-conflict": 1])
      #expect(document.summary.checksums.verified == 12 && document.summary.checksums.wrong == 0)
      let remark = try #require(document.conversations.first?.anomalies.first)
      #expect(remark.earlier == "PASS secret-one\r\n" && remark.later == "PASS secret-two\r\n")
    }
  }
  /// A capture made on the sending machine, before its network card filled the checksums in.
  @Test func suspectsOffload() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 ready\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.close()
    let frames = dialogue.frames.map { frame in
      var frame = frame
      frame[14 + 20 + 16] ^= 0x55
      return frame
    }
    try Folder.temporary { folder in
      let file = folder.appending(path: "offload.pcap")
      try Data(capture(frames)).write(to: file)
      let page = try Program.run(["analyze", file.path]).text
      #expect(page.contains("8 of 8 verified TCP checksums are wrong") && page.contains("checksum offload"))
      #expect(page.contains("220 ready"))
      let strict = try Program.run(["analyze", "--checksums", file.path]).text
      #expect(strict.contains("No mail conversation") && strict.contains("checksum offload"))
    }
  }
}
