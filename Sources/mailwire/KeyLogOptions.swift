import ArgumentParser
import Console
import Lessons

/// `--key-log FILE`, and as tshark spells it: `-o tls.keylog_file:FILE`.
struct KeyLogOptions: ParsableArguments {
  @Option(
    name: .customLong("key-log"),
    help: ArgumentHelp(
      "Read TLS with the secrets in this file, which programs write that are started with SSLKEYLOGFILE=FILE.",
      valueName: "file"), completion: .file())
  var keyLog: String?
  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("The same, as tshark spells it: tls.keylog_file:FILE.", valueName: "preference"))
  var preferences: [String] = []

  /// What tshark calls the file, now and before.
  private static let names = ["tls.keylog_file", "ssl.keylog_file"]

  mutating func validate() throws {
    for preference in preferences {
      let pieces = preference.split(separator: ":", maxSplits: 1)
      guard pieces.count == 2, Self.names.contains(String(pieces[0])) else {
        throw ValidationError("-o knows tls.keylog_file:FILE, not '\(preference)'")
      }
      keyLog = String(pieces[1])
    }
  }
  /// The file, opened; nil where none was named. Ends the program with status 2 where it cannot be read.
  func open(mayCome: Bool = false) throws -> KeyLogFile? {
    guard let keyLog else { return nil }
    do throws(KeyLogFile.Refusal) { return try KeyLogFile(keyLog, mayCome: mayCome) } catch {
      Terminal.complain("\(Printable.line(keyLog)): \(error.text)")
      throw ExitCode(2)
    }
  }
}
