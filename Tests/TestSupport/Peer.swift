package import Foundation

/// Another's program that reads or writes what ours writes or reads.
package enum Peer: String, Sendable {
  case tshark, capinfos, editcap
  case gzip, zstd, lz4
  case cc, gcc, clang
  case curl, swaks, python3, setpriv, unshare, bwrap, ip, postfix, dovecot, dnsmasq
  case mutt, fetchmail, mbsync, msmtp, mpop, getmail, doveadm
  case sNail = "s-nail"
  case smtpSink = "smtp-sink"
  case smtpSource = "smtp-source"

  /// Where it is, looked for on PATH; nil when it is not installed.
  package var url: URL? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
    return (path + ":/usr/sbin:/sbin").split(separator: ":").map { URL(filePath: String($0)).appending(path: rawValue) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
  /// Whether tests with it run: it is installed, or `MAILWIRE_REQUIRE_PEERS` says that it must be.
  package var isExpected: Bool {
    url != nil || ProcessInfo.processInfo.environment["MAILWIRE_REQUIRE_PEERS"] == "1"
  }
  /// Runs it over a capture, whose file's name stands for `{}` in `arguments`.
  package func run(_ arguments: [String], on capture: [UInt8]) throws -> Program.Run {
    guard let url else { throw Program.Failure(description: "\(rawValue) is not installed") }
    var run: Program.Run?
    try Folder.temporary { folder in
      let file = folder.appending(path: "capture")
      try Data(capture).write(to: file)
      run = try Program.run(arguments.map { $0 == "{}" ? file.path : $0 }, program: url)
    }
    guard let run else { throw Program.Failure(description: "\(rawValue) did not run") }
    return run
  }
  /// The lines of such a run that ended well and had nothing to complain of.
  package func lines(_ arguments: [String], on capture: [UInt8]) throws -> [String] {
    let run = try run(arguments, on: capture)
    let complaints = run.diagnostics.split(separator: "\n").filter { !$0.hasPrefix("Running as user") }
    guard run.status == 0, !run.wasKilled, complaints.isEmpty else {
      throw Program.Failure(description: "\(rawValue): status \(run.status): \(run.diagnostics)")
    }
    return run.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
