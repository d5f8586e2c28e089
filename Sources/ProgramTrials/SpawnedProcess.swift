internal import CNamespaces
internal import Glibc

/// A process that was started by posix_spawn(3), with pipes at its standard output and its diagnostics.
struct SpawnedProcess {
  let id: pid_t
  let output: Int32
  let diagnostics: Int32
  /// More files than we have open.
  private static let openFileCount: Int32 = 4096

  /// Starts `path` with `arguments`. `inherited` are open files that keep their numbers in it; `input` is its standard input,
  /// which is closed here. Throws the system's words.
  static func start(
    _ path: String, _ arguments: [String], environment: [String] = [], input: Int32, inherited: [Int32] = []
  ) throws(TrialFault) -> SpawnedProcess {
    let output = try pipePair()
    let diagnostics = try pipePair()
    defer {
      close(output.write)
      close(diagnostics.write)
      close(input)
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, diagnostics.write, 2)
    // The same number twice: it stays open in the program.
    for file in inherited { unsafe posix_spawn_file_actions_adddup2(&actions, file, file) }
    // Nothing else that happens to be open is for the program: libpcap's socket, or what our own caller left open. It is
    // closed there, and stays as it is here, where another thread may be about to start a program with it.
    for file in 3..<openFileCount where fcntl(file, F_GETFD) >= 0 && !inherited.contains(file) {
      unsafe posix_spawn_file_actions_addclose(&actions, file)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    let flags = Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP)
    unsafe posix_spawnattr_setflags(&attributes, flags)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe words.indices { unsafe free(words[index]) }
      for index in unsafe variables.indices { unsafe free(variables[index]) }
    }
    var id: pid_t = 0
    let status = unsafe posix_spawn(&id, path, &actions, &attributes, &words, &variables)
    guard status == 0 else {
      close(output.read)
      close(diagnostics.read)
      throw TrialFault("\(path): \(unsafe String(cString: strerror(status)))")
    }
    _ = fcntl(output.read, F_SETFL, O_NONBLOCK)
    _ = fcntl(diagnostics.read, F_SETFL, O_NONBLOCK)
    return SpawnedProcess(id: id, output: output.read, diagnostics: diagnostics.read)
  }
  /// Two ends of a pipe, both closed on exec.
  static func pipePair() throws(TrialFault) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard unsafe mailwire_closed_pipe(&ends) == 0 else { throw TrialFault.system("pipe") }
    return (ends[0], ends[1])
  }
}

/// Why we could not try a program; never the student's fault.
package struct TrialFault: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
  /// With the system's words for the last error.
  static func system(_ place: String) -> TrialFault {
    TrialFault("\(place): \(unsafe String(cString: strerror(errno)))")
  }
}
