package import ArgumentParser
internal import Glibc

extension ParsableCommand {
  /// Ends the program after an error, as tshark and tcpdump do: unusable arguments with status 2 and a line that names
  /// `help`; so does what no command has told itself, where `words` has words for it; all else as it wants to end.
  package static func end(after error: any Error, help: String, words: (any Error) -> String? = { _ in nil }) -> Never {
    let status = exitCode(for: error)
    if status == .validationFailure {
      Terminal.complain("\(message(for: error))\nSee '\(help)'.")
      Glibc.exit(2)
    }
    if status == .failure, !(error is ExitCode), let words = words(error) {
      Terminal.complain(words)
      Glibc.exit(2)
    }
    exit(withError: error)
  }
}

extension AsyncParsableCommand {
  /// Runs the command that the arguments name.
  package static func runFromArguments() async throws {
    var command = try parseAsRoot()
    if var asynchronous = command as? any AsyncParsableCommand {
      try await asynchronous.run()
    } else {
      try command.run()
    }
  }
}
