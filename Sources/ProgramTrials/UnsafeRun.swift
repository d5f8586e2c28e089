internal import Glibc
internal import Grading

/// Runs a student's program as any program of the user's, with all that the user may do. For machines without bubblewrap, where
/// somebody has said that they want it.
enum UnsafeRun {
  static func start(
    _ program: SubmittedProgram, _ arguments: [String], _ place: (host: String, port: UInt16), _ testCase: TrialCase,
    folder: String
  ) throws(TrialFault) -> SpawnedProcess {
    func put(_ name: String, _ octets: [UInt8], isProgram: Bool) throws(TrialFault) {
      var path = folder
      for part in name.split(separator: "/").dropLast() {
        path += "/\(part)"
        unsafe mkdir(path, 0o700)
      }
      let file = unsafe open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isProgram ? 0o700 : 0o600)
      guard file >= 0, NamelessFile.writeAll(octets, to: file) else { throw TrialFault.system(name) }
      close(file)
    }
    for file in program.files { try put(file.name, file.octets.octets, isProgram: file.name == program.file) }
    for (name, text) in testCase.files { try put(name, Array(text.utf8), isProgram: false) }
    if program.isPython { try put(PythonAdapter.fileName, Array(PythonAdapter.text.utf8), isProgram: false) }
    let variables = Sandbox.variables(testCase.environment).map { "\($0)=\($1)" }
    let words = Sandbox.command(program, arguments, place)
    guard let shell = Sandbox.find("sh") else { throw TrialFault("there is no shell") }
    return try SpawnedProcess.start(
      shell, ["sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + words, environment: variables,
      input: NamelessFile.make(Array(testCase.input.utf8)))
  }
}
