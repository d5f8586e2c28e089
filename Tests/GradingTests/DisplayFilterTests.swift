import Foundation
import TestSupport
import Testing

@testable import Grading

/// Display filters find what tshark finds.
@Suite struct DisplayFilterTests {
  private static let tshark = URL(filePath: "/usr/bin/tshark")
  private static let hasTshark = FileManager.default.isExecutableFile(atPath: tshark.path)

  @Test(
    .enabled(if: hasTshark, "tshark is not installed"),
    arguments: [
      "smtp.req.command == \"AUTH\"", "smtp.req.command eq \"QUIT\"", "smtp.response.code == 250",
      "tcp.flags.syn == 1 && tcp.flags.ack == 0", "tcp.flags.fin == 1 || tcp.flags.reset == 1", "tcp.stream == 1",
      "tcp.dstport == 25 and tcp.flags.syn == 1", "frame.number == 7", "tcp.srcport != 587 && tcp.stream eq 0",
      "pop.request.command == \"RETR\"", "smtp contains \"RCPT\"", "tcp contains \"RCPT TO\"",
      "pop contains \"RETR\" && tcp.dstport == 110",
    ])
  func findWhatTsharkFinds(_ filter: String) throws {
    let capture = try #require(try Catalogue.work("A1").capture)
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.pcapng"
    try Data(capture.file(application: "test")).write(to: URL(filePath: path))
    let run = try Program.run(
      ["-r", path, "-Y", filter, "-T", "fields", "-e", "frame.number"], program: Self.tshark, seconds: 60)
    #expect(run.status == 0, "\(run.diagnostics)")
    let ours = try #require(DisplayFilter(filter)).frames(in: FrameTable(capture.facts))
    #expect(ours == run.text.split(separator: "\n").compactMap { Int($0) }, "\(filter)")
    #expect(!ours.isEmpty)
  }
  @Test(arguments: [
    "", "udp contains \"a\"", "smtp.nonsense == 1", "(tcp.stream == 1)", "tcp.stream ==", "drop table",
    "tcp.stream == 1 && ",
  ])
  func isNotUnderstood(_ text: String) { #expect(DisplayFilter(text) == nil) }
  /// What a hint names can be typed in; where it stands by itself it is evidence, and where more is said, it finds that.
  @Test(arguments: Catalogue.playable) func ofAHintFindsTheEvidence(_ id: String) throws {
    for seed in [1, 5, 9] as [UInt64] {
      let judge = try Catalogue.judge(id, seed: seed)
      for question in judge.worksheet.questions where question.evidencePoints > 0 {
        for hint in question.check.hints.compactMap({ $0.firstMatch(of: #/display filter (.+?)(, .*|\.)$/#) }) {
          let sheet = [question.check.id: GivenAnswer(value: "x", evidence: String(hint.1))]
          let filter = try #require(DisplayFilter(String(hint.1)), "\(id) \(sheet)")
          let right = AnswerKey.frames(try #require(judge.keys[question.check.id]).evidence)
          let found = filter.frames(in: FrameTable(judge.facts))
          if hint.2 == "." {
            #expect(!found.isEmpty && Set(found).isSubset(of: right), "\(id) \(question.check.id): \(found), \(right)")
          }
        }
      }
    }
  }
  @Test func quotesKeepWordsTogether() throws {
    let filter = try #require(DisplayFilter("imap.request contains \"a && b\""))
    #expect(filter.frames(in: FrameTable(try Catalogue.judge("W1").facts)).isEmpty)
  }
}
