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
      "pop.request.command == \"RETR\"",
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
    "", "smtp.nonsense == 1", "(tcp.stream == 1)", "tcp.stream ==", "drop table", "tcp.stream == 1 && ",
  ])
  func isNotUnderstood(_ text: String) { #expect(DisplayFilter(text) == nil) }
  @Test func quotesKeepWordsTogether() throws {
    let filter = try #require(DisplayFilter("imap.request contains \"a && b\""))
    #expect(filter.frames(in: FrameTable(try Catalogue.judge("W1").facts)).isEmpty)
  }
}
