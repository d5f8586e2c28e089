import ArgumentParser
import Console
import Foundation
import MailLab

/// Where a lab keeps what it keeps.
struct HomeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The lab's folder (~/.local/share/mailwire/lab, or below $XDG_DATA_HOME).", valueName: "folder"))
  var dir: String?

  var home: LabHome {
    dir.map { LabHome(path: URL(filePath: $0).path) } ?? .standard(ProcessInfo.processInfo.environment)
  }
  /// Asks the lab that runs there.
  func ask(_ request: LabControl.Request) async throws -> LabControl.Answer {
    guard let answer = try await LabControl.ask(request, at: home.controlPath) else {
      Terminal.complain("no lab runs in \(home.path); 'mailwire lab up' starts one")
      throw ExitCode(2)
    }
    return answer
  }
}
