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

/// The keys are what tshark says, which knows nothing of our analyzer.
@Suite struct TsharkKeyTests {
  private func fields(_ capture: StudentCapture, _ filter: String, _ names: [String]) throws -> [[String]] {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.pcapng"
    try Data(capture.file(application: "test")).write(to: URL(filePath: path))
    let run = try Program.run(
      ["-r", path, "-Y", filter, "-T", "fields"] + names.flatMap { ["-e", $0] },
      program: URL(filePath: "/usr/bin/tshark"),
      seconds: 60)
    return run.text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
  }
  private static let hasTshark = FileManager.default.isExecutableFile(atPath: "/usr/bin/tshark")

  @Test(.enabled(if: hasTshark, "tshark is not installed"), arguments: [1, 2, 3] as [UInt64])
  func ofEndsAndLogins(_ seed: UInt64) throws {
    let ends = try Catalogue.judge("W1", seed: seed)
    let syn = try fields(
      try #require(try Catalogue.work("W1", seed: seed).capture), "tcp.flags.syn == 1 && tcp.flags.ack == 0",
      ["ip.src", "tcp.srcport", "ip.dst", "tcp.dstport", "frame.number"])
    let ids = ["client-address", "client-port", "server-address", "server-port", "syn"]
    for (id, value) in zip(ids, syn[0]) { #expect(ends.keys[id]?.expected == .values([value]), "\(id)") }

    let logins = try Catalogue.judge("W3", seed: seed)
    let capture = try #require(try Catalogue.work("W3", seed: seed).capture)
    let user = try fields(capture, "smtp.auth.username && tcp.stream == 0", ["smtp.auth.username", "frame.number"])
    #expect(logins.keys["login-user-base64"]?.expected == .values([user[0][0]]))
    #expect(AnswerKey.frames(try #require(logins.keys["login-user"]?.evidence)) == [Int(user[0][1]) ?? 0])
    let password = try fields(capture, "smtp.auth.password && tcp.stream == 0", ["smtp.auth.password"])
    let decoded = Data(base64Encoded: password[0][0]).map { String(decoding: $0, as: UTF8.self) }
    #expect(logins.keys["login-password"]?.expected == .values([decoded ?? ""]))

    let ending = try Catalogue.judge("W5", seed: seed)
    let last = try fields(
      try #require(try Catalogue.work("W5", seed: seed).capture), "tcp.flags.fin == 1 || tcp.flags.reset == 1",
      ["tcp.flags.reset", "tcp.srcport"])
    let closer = last[0][0] == "1" ? "nobody" : last[0][1] == "25" ? "server" : "client"
    #expect(ending.keys["first-to-close"]?.expected == .values([closer]))
  }
}
