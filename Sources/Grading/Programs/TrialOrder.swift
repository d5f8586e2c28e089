/// What is to be run: one student's programs in some cases. A helper process reads it, and nothing else.
package struct TrialOrder: Equatable, Sendable, Codable {
  package var role: Trial.Role
  package var spoken: TrialProtocol
  package var cases: [TrialCase]
  package var programs: [SubmittedProgram]
  /// Run the programs without a sandbox.
  package var isUnsafe = false

  package init(_ trial: Trial, _ programs: [SubmittedProgram], isUnsafe: Bool = false) {
    role = trial.role
    spoken = trial.spoken
    cases = trial.cases
    self.programs = programs
    self.isUnsafe = isUnsafe
  }
}

/// A program as it was handed in, with the files beside it.
package struct SubmittedProgram: Equatable, Sendable, Codable {
  package struct File: Equatable, Sendable, Codable {
    /// Beside the program, or in a folder there: `mail/smtp.py`.
    package var name: String
    package var octets: Octets
  }
  /// `client`, `server`.
  package var name: String
  /// The file that is started: `client.py`, `client`.
  package var file: String
  package var files: [File]
  package var isPython: Bool { file.hasSuffix(".py") }
}

extension SubmittedProgram {
  /// Finds the program `name` in what was handed in. nil when it is not there.
  package init?(_ name: String, in submission: Submission) {
    func depth(_ path: String) -> Int { path.split(separator: "/").count }
    let candidates = submission.files.filter { file in
      let last = file.name.split(separator: "/").last.map(String.init) ?? file.name
      return last == "\(name).py" || last == name
    }
    .sorted {
      (depth($0.name), $0.name.hasSuffix(".py") ? 0 : 1, $0.name) < (
        depth($1.name), $1.name.hasSuffix(".py") ? 0 : 1, $1.name
      )
    }
    // Whoever hands in one Python file means it, whatever its name is.
    let python = submission.files.filter { $0.name.hasSuffix(".py") }
    guard let main = candidates.first ?? (python.count == 1 ? python.first : nil) else { return nil }
    let folder = main.name.split(separator: "/").dropLast().map { "\($0)/" }.joined()
    /// A name as it stands inside the folder, octet by octet as the system compares them; nil for what lies elsewhere.
    func inside(_ path: String) -> String? {
      guard path.utf8.starts(with: folder.utf8) else { return nil }
      return String(decoding: path.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
    }
    self.name = name
    file = inside(main.name) ?? main.name
    files = []
    var byteCount = 0
    for other in [main] + submission.files.filter({ $0.name != main.name }) {
      guard let relative = inside(other.name), files.count < TrialLimits.programFileCount else { continue }
      let parts = relative.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\0") }) else { continue }
      byteCount += other.octets.count
      guard byteCount <= TrialLimits.programByteCount else { break }
      files.append(File(name: relative, octets: Octets(other.octets)))
    }
  }
}
