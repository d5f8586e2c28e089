internal import Glibc
internal import Grading

/// Runs a student's program by bubblewrap: it sees a read-only system, its own folder and the private network, and nothing
/// else of the machine.
package enum Sandbox {
  /// Where its program runs.
  static let home = "/home/student"
  /// Octets of the folders that it may write to, each.
  private static let folderByteCount = 16 << 20
  /// What prlimit(1) sets inside, where the processes of this student alone are counted. Address space is not limited: Java,
  /// Go and JavaScript reserve much of it that they never use. What they make writable is; what is in use, the stage watches.
  private static let limits = [
    "--nproc=48", "--data=4294967296", "--cpu=10", "--fsize=8388608", "--nofile=96", "--core=0",
  ]
  private static let paths = ["/usr/bin", "/bin", "/usr/local/bin"]

  /// bubblewrap and prlimit; nil for what is not installed.
  package static var program: String? { find("bwrap") }
  static var limiter: String? { find("prlimit") }
  static func find(_ name: String) -> String? {
    paths.lazy.map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
  }
  /// Where the interpreter of a Python program is.
  static var python: String? { find("python3") }

  /// Starts the program. `status` gets bubblewrap's own words about the start (JSON), and is closed here.
  static func start(
    _ program: SubmittedProgram, arguments: [String], place: (host: String, port: UInt16),
    environment: [String: String], files: [String: String], input: String, status: Int32
  ) throws(TrialFault) -> SpawnedProcess {
    defer { close(status) }
    guard let wrapper = Self.program, let limiter else { throw TrialFault("bubblewrap or prlimit is not installed") }
    var open: [Int32] = []
    defer { for file in open { close(file) } }
    var words = ["bwrap"] + walls
    words += ["--json-status-fd", String(status)]
    let filter = try NamelessFile.make(SystemCallFilter.program)
    open.append(filter)
    words += ["--seccomp", String(filter)]
    for (path, text) in [
      ("/etc/passwd", "student:x:1000:1000::\(home):/bin/sh\n"), ("/etc/group", "student:x:1000:\n"),
      ("/etc/hosts", "127.0.0.1 localhost student\n"),
      ("/etc/protocols", "tcp 6 TCP\nudp 17 UDP\n"),
      (
        "/etc/services",
        "smtp 25/tcp mail\ndomain 53/udp\nhttp 80/tcp\npop3 110/tcp pop-3\nimap2 143/tcp imap\nsubmission 587/tcp\n"
      ),
      ("/etc/resolv.conf", "nameserver 127.0.0.53\noptions timeout:1 attempts:1\n"),
    ] {
      let file = try NamelessFile.make(Array(text.utf8))
      open.append(file)
      words += ["--ro-bind-data", String(file), path]
    }
    words += ["--size", String(folderByteCount), "--tmpfs", home]
    var folders: Set<String> = []
    func add(_ name: String, _ octets: [UInt8], isProgram: Bool) throws(TrialFault) {
      let parents = name.split(separator: "/").dropLast()
      for count in 0..<parents.count {
        let folder = parents.prefix(count + 1).joined(separator: "/")
        if folders.insert(folder).inserted { words += ["--dir", "\(home)/\(folder)"] }
      }
      let file = try NamelessFile.make(octets)
      open.append(file)
      words += ["--perms", isProgram ? "0755" : "0644", "--file", String(file), "\(home)/\(name)"]
    }
    for file in program.files { try add(file.name, file.octets.octets, isProgram: file.name == program.file) }
    for (name, text) in files.sorted(by: { $0.key < $1.key }) where !program.files.contains(where: { $0.name == name })
    {
      try add(name, Array(text.utf8), isProgram: false)
    }
    if program.isPython { try add(PythonAdapter.fileName, Array(PythonAdapter.text.utf8), isProgram: false) }
    words += ["--remount-ro", "/", "--chdir", home, "--clearenv"]
    for (name, value) in variables(environment) { words += ["--setenv", name, value] }
    words += ["--", limiter] + limits + ["--"] + command(program, arguments, place)
    return try SpawnedProcess.start(
      wrapper, words, input: NamelessFile.make(Array(input.utf8)), inherited: open + [status])
  }
  /// What the program is called with.
  static func command(_ program: SubmittedProgram, _ arguments: [String], _ place: (host: String, port: UInt16))
    -> [String]
  {
    guard program.isPython else { return ["./\(program.file)"] + arguments }
    return [python ?? "/usr/bin/python3", "-B", PythonAdapter.fileName, program.file, place.host, String(place.port)]
      + arguments
  }
  static func variables(_ more: [String: String]) -> [(String, String)] {
    let usual = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", "USER": "student",
      "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1",
    ]
    return usual.merging(more) { $1 }.sorted { $0.key < $1.key }
  }
  /// Namespaces, the read-only system, and small folders to write to.
  private static let walls: [String] = {
    var words = [
      "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try",
      "--uid", "1000", "--gid", "1000", "--hostname", "student", "--die-with-parent", "--new-session",
      "--ro-bind", "/usr", "/usr",
    ]
    for name in ["/bin", "/sbin", "/lib", "/lib32", "/lib64"] {
      if let target = link(name) {
        words += ["--symlink", target, name]
      } else if unsafe access(name, R_OK) == 0 {
        words += ["--ro-bind", name, name]
      }
    }
    let settings = ["/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/etc/ssl/certs"]
    for name in settings + javaSettings {
      words += ["--ro-bind-try", name, name]
    }
    if Surroundings.letsLimitUserNamespaces { words.append("--disable-userns") }
    words += Surroundings.letsMountProc ? ["--proc", "/proc"] : ["--dir", "/proc"]
    words += ["--dev", "/dev"]
    for name in ["/dev/shm", "/tmp"] { words += ["--size", String(folderByteCount), "--tmpfs", name] }
    return words + ["--remount-ro", "/dev"]
  }()
  /// The settings of Java, which Debian keeps beside each version's program, and without which it does not begin.
  private static var javaSettings: [String] {
    (8...99).map { "/etc/java-\($0)-openjdk" }.filter { unsafe access($0, R_OK) == 0 }
  }
  /// Where a symbolic link leads; nil when it is none.
  private static func link(_ path: String) -> String? {
    var target = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(path, &target, target.count)
    return count > 0 ? String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }
}
