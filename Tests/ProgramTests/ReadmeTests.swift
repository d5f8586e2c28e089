import Foundation
import TestSupport
import Testing

/// The README's commands do what it says, and its screen is what the program shows.
@Suite struct ReadmeTests {
  private static let readme =
    (try? String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)) ?? ""

  /// The commands of its blocks that begin with `$`, but the one that runs these tests.
  private static let commands: [String] = readme.split(separator: "\n").map(String.init)
    .filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }.filter { !$0.hasPrefix("Scripts/test") }

  @Test func namesBothCommands() {
    #expect(Self.readme.contains("$ Scripts/mailwire analyze Captures/"))
    #expect(Self.readme.contains("$ Scripts/test\n"))
    #expect(Self.commands.count >= 4)
  }

  @Test(arguments: commands)
  func commandWorks(_ command: String) throws {
    // The test's own build stands for the released one, which is the same code and would have to be built first.
    // What it writes goes to a folder of the test's.
    let folder = try TemporaryFolder()
    var line = command.replacing("Scripts/mailwire", with: "'\(Program.url.path)'")
      .replacing("--to mail", with: "--to '\(folder.path)'")
      .replacing("-w answers.pcapng", with: "-w '\(folder.path)/answers.pcapng'")
    if let file = line.components(separatedBy: " > ").dropFirst().first {
      let place = "'\(folder.path)/\(file)'"
      line = line.replacing(" > \(file)", with: " > \(place) && cat \(place)")
    }
    let run = try Program.run(["-c", line], program: URL(filePath: "/bin/bash"))
    #expect(run.status == 0, "\(command): \(run.diagnostics)")
    #expect(!run.output.isEmpty)
  }

  @Test func itsListOfFilesIsReal() throws {
    let folder = try TemporaryFolder()
    let command = ["export", "Captures/smtp/auth-login.pcapng", "--to"]
    let shown = try Program.run(command + [folder.path]).text.replacing(folder.path, with: "mail")
    #expect(Self.readme.contains("$ Scripts/mailwire \(command.joined(separator: " ")) mail\n\(shown)```"))
  }
  @Test(arguments: ["analyze", "follow"])
  func itsScreensAreReal(_ command: String) throws {
    let capture = "Captures/smtp/auth-login.pcapng"
    let screen = try #require(
      Self.readme.components(separatedBy: "$ Scripts/mailwire \(command) \(capture)\n").last?
        .components(separatedBy: "```").first)
    #expect(screen.contains("── SMTP"))
    let shown = try Program.run([command, capture]).text
    for line in screen.split(separator: "\n") where !line.allSatisfy({ $0 == " " || $0 == "…" }) {
      #expect(shown.contains(line), "not on the screen: \(line)")
    }
  }
}
