import ArgumentParser
import Console
import Foundation
import MailLab

/// A lab that goes on when its terminal is gone.
enum Background {
  /// Starts this program anew, without a terminal; returns when the lab runs.
  static func start(_ command: UpCommand) async throws {
    let home = command.homeOptions.home
    // A lab that runs already is told here, and not in a log.
    do { _ = try home.lock() }
    let process = Process()
    // setsid: no terminal's Ctrl-C, and no terminal's end, is for it.
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["setsid", Bundle.main.executablePath ?? CommandLine.arguments[0]]
      + CommandLine.arguments.dropFirst().filter { $0 != "--detach" && $0 != "--json" }
    _ = FileManager.default.createFile(atPath: home.logPath, contents: nil, attributes: [.posixPermissions: 0o600])
    let log = try FileHandle(forWritingTo: URL(filePath: home.logPath))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try process.run()
    while process.isRunning {
      if let answer = try await LabControl.ask(.status, at: home.controlPath) {
        let description = LabDescription(machines: answer.machines)
        Terminal.print(
          command.json
            ? description.json
            : "\(description.text)\nIt runs in the background; what happens is written to \(home.logPath).\n"
              + "'mailwire lab down' ends it.")
        return
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    let said = String(decoding: (try? Data(contentsOf: URL(filePath: home.logPath))) ?? Data(), as: UTF8.self)
    FileHandle.standardError.write(Data(said.utf8))
    throw ExitCode(process.terminationStatus)
  }
}
