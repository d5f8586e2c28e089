import Dialogues
import Foundation
import TestSupport
import Testing

/// The README's way from a roster to a graded class, command by command, with a class of ten.
@Suite struct LecturerTests {
  private static let names = [
    "Ada Lovelace", "Ben Ali", "Carla Souza", "Dmitri Orlov", "Eun-ji Park", "Farid Haddad", "Grace O'Neil",
    "Hana Novák", "Ines Martín", "Jun Watanabe",
  ]
  private static func id(_ name: String) -> String { name.split(separator: " ")[0].lowercased() }

  /// The commands of the README's block that begins with `exercise issue`.
  private static func commands() throws -> [String] {
    let readme = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
    let block =
      readme.components(separatedBy: "```sh\n").first { $0.hasPrefix("Scripts/mailwire exercise issue") } ?? ""
    return block.components(separatedBy: "```")[0].split(separator: "\n").map(String.init)
  }

  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) func aClassOfTenIsGradedAsTheReadmeSays()
    throws
  {
    let commands = try Self.commands()
    try #require(commands.count == 5)
    let folder = try TemporaryFolder()
    let roster = "id,name\n" + Self.names.map { "\(Self.id($0)),\($0)\n" }.joined()
    try roster.write(toFile: "\(folder.path)/roster.csv", atomically: true, encoding: .utf8)
    var seconds = 0.0
    func run(_ command: String, _ status: Int32) throws -> Program.Run {
      let line = command.replacing("Scripts/mailwire", with: "'\(Program.url.path)'")
      let begin = ContinuousClock.now
      let run = try Program.run(
        ["-c", "cd '\(folder.path)' && \(line)"], program: URL(filePath: "/bin/bash"), seconds: 60)
      seconds += (ContinuousClock.now - begin) / .seconds(1)
      #expect(run.status == status, "\(command): \(run.diagnostics)")
      return run
    }
    _ = try run(commands[0], 0)
    try handIn(folder.path)
    let told = try run(commands[1], 1)
    #expect(told.text.contains("W3 · User name and password · 9 submissions"))
    #expect(told.text.contains("dmitri    The answer to 'login-password' is right in the capture of ada"))
    #expect(told.text.contains("Nothing handed in\n  jun       Jun Watanabe"))
    _ = try run(commands[2], 1)
    _ = try run(commands[3], 1)
    #expect(try run(commands[4], 1).text.contains("Written: 9 files into feedback"))
    let page = try String(contentsOfFile: "\(folder.path)/class.html", encoding: .utf8)
    #expect(page.contains("Jun Watanabe (jun)") && page.contains("Dmitri Orlov (dmitri)"))
    let grades = try String(contentsOfFile: "\(folder.path)/grades.csv", encoding: .utf8).split(separator: "\r\n")
    #expect(grades.count == 11 && grades[1].hasPrefix("ada,Ada Lovelace,W3,14,14,passed"))
    #expect(grades.contains { $0.hasPrefix("jun,Jun Watanabe,W3,0,14,not-handed-in") })
    let feedback = try String(contentsOfFile: "\(folder.path)/feedback/dmitri.txt", encoding: .utf8)
    #expect(feedback.contains("11 of 14 points") && !feedback.contains("ada") && !feedback.contains("expected"))
    // A debug build on a busy machine; a lecturer waits for a moment.
    #expect(seconds < 30, "the five commands took \(seconds) s")
  }
  /// What Moodle gives: a folder for each, in one zip file. Ben has forgotten an answer, Dmitri has Ada's password, Ines has
  /// handed in a photograph, and Jun nothing.
  private func handIn(_ folder: String) throws {
    let keys = try String(contentsOfFile: "\(folder)/w3/lecturer/W3.keys.csv", encoding: .utf8)
      .split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    var files: [[String]] = []
    for (index, name) in Self.names.enumerated() where name != "Jun Watanabe" {
      let place = "\(name)_\(100 + index)_assignsubmission_file_/"
      if name == "Ines Martín" {
        files.append([place + "holiday.jpg", "no worksheet"])
        continue
      }
      var sheet = "exercise: W3\nanswers:\n"
      for key in keys where key[0] == Self.id(name) {
        let isAda = name == "Dmitri Orlov" && key[1] == "login-password"
        let answer = isAda ? keys.first { $0[0] == "ada" && $0[1] == key[1] }?[2] ?? "" : key[2]
        let isForgotten = name == "Ben Ali" && key[1] == "protection"
        let frame = key[3].split(separator: " ").first.map { "frame \($0)" } ?? ""
        sheet += "  \(key[1]): { answer: \"\(isForgotten ? "" : answer)\", evidence: \"\(frame)\" }\n"
      }
      files.append([place + "W3.yaml", sheet])
    }
    let script = """
      import json, sys, zipfile
      with zipfile.ZipFile(sys.argv[1], 'w') as z:
          for name, text in json.load(sys.stdin): z.writestr(name, text)
      """
    let zip = try Program.run(
      ["-c", script, "\(folder)/submissions.zip"], program: URL(filePath: "/usr/bin/python3"),
      input: try JSONSerialization.data(withJSONObject: files), seconds: 60)
    try #require(zip.status == 0, "\(zip.diagnostics)")
  }
}
