import Foundation
import TestSupport
import Testing

/// `mailwire annotate`: the answers as comments that Wireshark shows, from outside.
@Suite struct AnnotateTests {
  private static let login = "Captures/smtp/auth-login.pcapng"

  private func capture(_ path: String) throws -> Data {
    try Data(contentsOf: Repository.root.appending(path: path))
  }
  /// What is written to standard output.
  private func annotated(_ arguments: [String], input: Data? = nil, status: Int32 = 0) throws -> [UInt8] {
    let run = try Program.run(["annotate", "-q"] + arguments + ["-w", "-"], input: input)
    #expect(run.status == status, "\(run.diagnostics)")
    return Array(run.output)
  }

  @Test func saysWhatItWrote() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/answers.pcapng"
    let run = try Program.run(["annotate", Self.login, "-w", file])
    #expect(run.status == 0 && run.diagnostics.isEmpty && run.text == "\(file): 27 packets, 16 with comments\n")
    #expect(try [UInt8](Data(contentsOf: URL(filePath: file))) == annotated([Self.login]))
  }
  /// The answers are those of the written capture, too: nothing of it was lost, and frames keep their numbers.
  @Test(arguments: Repository.captures) func theAnswersStayTheSame(_ path: String) throws {
    let told = try Program.run(["analyze", "--format", "ndjson", "Captures/\(path)"]).output
    let written = try annotated(["Captures/\(path)"])
    #expect(try Program.run(["analyze", "--format", "ndjson", "-"], input: Data(written)).output == told)
    #expect(try annotated(["-"], input: capture("Captures/\(path)")) == written)
  }
  @Test(.enabled(if: Peer.tshark.isExpected, "tshark is not installed"))
  func tsharkShowsTheComments() throws {
    let lines = try Peer.tshark.lines(
      ["-r", "{}", "-Y", "frame.comment", "-T", "fields", "-e", "frame.number", "-e", "frame.comment"],
      on: annotated([Self.login]))
    let comments = Dictionary(
      uniqueKeysWithValues: lines.map { line in
        let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
        return (parts[0], parts.last ?? "")
      })
    #expect(comments.count == 16)
    let asked = "mailwire: Which user name and password are used? (tcp.stream 0)\\n"
    #expect(comments["9"] == asked + "mechanism: LOGIN")
    #expect(comments["11"] == asked + "user name: alice\\non the wire: YWxpY2U=")
    #expect(comments["13"] == asked + "password: cherry-clove-22\\non the wire: Y2hlcnJ5LWNsb3ZlLTIy")
    #expect(comments["14"] == asked + "result: accepted: 235 2.7.0 Authentication successful")
    #expect(comments["1"] == "mailwire: Who talks to whom? (tcp.stream 0)\\nclient: 127.0.0.2 port 34271")
    #expect(comments["21"]?.contains("Subject: Crepes on Friday?") == true)
  }
  /// tshark sees the same packets before and after, and what was said of them before.
  @Test(.enabled(if: Peer.tshark.isExpected, "tshark is not installed"), arguments: Repository.captures)
  func tsharkSeesTheSamePackets(_ path: String) throws {
    let fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.md5_hash", "frame.interface_name"]
    let arguments =
      ["-n", "-r", "{}", "-o", "frame.generate_md5_hash:TRUE", "-T", "fields"] + fields.flatMap { ["-e", $0] }
    let before = try Peer.tshark.lines(arguments, on: Array(capture("Captures/\(path)")))
    let after = try Peer.tshark.lines(arguments, on: annotated(["Captures/\(path)"]))
    #expect(before == after && !before.isEmpty)
  }
  /// Twice annotated, both comments are there.
  @Test func commentsThatWereThereStay() throws {
    let once = try annotated([Self.login])
    let twice = try annotated(["-"], input: Data(once))
    func count(_ octets: [UInt8]) -> Int {
      String(decoding: octets, as: UTF8.self).components(separatedBy: "password: cherry-clove-22").count - 1
    }
    #expect(count(Array(try capture(Self.login))) == 0 && count(once) == 1 && count(twice) == 2)
    #expect(twice.count - once.count == once.count - (try capture(Self.login)).count - 16 * 4)
  }
  @Test func passwordsAreMaskedInComments() throws {
    let shown = String(decoding: try annotated([Self.login, "--mask-passwords"]), as: UTF8.self)
    #expect(shown.contains("password: ********") && !shown.contains("cherry-clove-22"))
  }
  @Test func furtherQuestionsAreAnswered() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/own.json"
    try Data(
      #"{"questions":[{"name":"size","ask":"May it be large?","why":"RFC 1870","rfc":"RFC 1870","answer":[{"lines":[{"label":"size","text":"{exchanges[request.verb=EHLO].replies.lines[~SIZE]}"}]}]}]}"#
        .utf8
    ).write(to: URL(filePath: file))
    let shown = String(decoding: try annotated([Self.login, "--questions", file]), as: UTF8.self)
    #expect(shown.contains("mailwire: May it be large? (tcp.stream 0)\nsize: 250-SIZE 10240000"))
  }
  @Test func whatCouldBeReadIsWritten() throws {
    let cut = try capture(Self.login).prefix(3_000)
    let run = try Program.run(["annotate", "-", "-w", "-"], input: cut)
    #expect(run.status == 2 && run.diagnostics.contains("cut short"))
    let again = try Program.run(["analyze", "-q", "-"], input: run.output)
    #expect(again.status == 0 && again.text.contains("password      cherry-clove-22"))
    let first = try annotated(["-c", "6", Self.login])
    #expect(try Program.run(["analyze", "-"], input: Data(first)).text.contains(": 6 packets"))
  }
  @Test func theCaptureItselfIsNotWritten() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/own.pcapng"
    try capture(Self.login).write(to: URL(filePath: file))
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: file)
    for name in [
      file, "\(folder.path)/link", "\(folder.path)/../\(URL(filePath: folder.path).lastPathComponent)/own.pcapng",
    ] {
      let run = try Program.run(["annotate", file, "-w", name])
      #expect(run.status == 2 && run.diagnostics.contains("that is the capture itself"))
    }
    #expect(try Data(contentsOf: URL(filePath: file)) == capture(Self.login))
  }
  @Test(arguments: [
    ["annotate", login], ["annotate", "-w", "/tmp/x"], ["annotate", login, "-w", ""],
    ["annotate", login, login, "-w", "-"], ["annotate", login, "-w", "/dev/null/x"],
    ["annotate", login, "-w", "/dev/full"], ["annotate", "README.md", "-w", "/dev/null/x"],
    ["annotate", login, "-w", "-", "--questions", "missing.json"],
  ])
  func refusesWhatCannotBe(_ arguments: [String]) throws {
    let run = try Program.run(arguments)
    #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.hasPrefix("mailwire: "), "\(run.diagnostics)")
  }
}
