import Foundation
import TestSupport
import Testing

/// The progress bar, looked at through a pseudo-terminal (Python's `pty`).
@Suite(.enabled(if: Peer.python3.isExpected, "python3 is not installed"))
struct ProgressTests {
  /// Runs the program with standard error on a terminal and standard input from a pipe that stays open until the
  /// terminal shows `awaited`, or `limit` seconds are over; returns what the terminal showed, and the output.
  private func run(_ arguments: [String], awaited: String, seconds: Int = 20) throws -> (screen: String, output: String)
  {
    let script = """
      import os, pty, select, subprocess, sys, time
      master, slave = pty.openpty()
      process = subprocess.Popen(sys.argv[3:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=slave)
      os.close(slave)
      process.stdin.write(open(sys.argv[1], 'rb').read())
      process.stdin.flush()
      screen, end = b'', time.time() + int(sys.argv[2].split(':')[0])
      while time.time() < end and sys.argv[2].split(':', 1)[1].encode() not in screen:
        if select.select([master], [], [], 0.05)[0]: screen += os.read(master, 4096)
      output = process.communicate()[0]
      while select.select([master], [], [], 0)[0]:
        try: screen += os.read(master, 4096)
        except OSError: break
      sys.stdout.write(repr(screen) + '\\n' + output.decode())
      sys.exit(process.returncode)
      """
    let run = try Program.run(
      ["-c", script, "Captures/smtp/auth-login.pcapng", "\(seconds):\(awaited)", Program.url.path] + arguments,
      program: try #require(Peer.python3.url))
    #expect(run.status == 0, "\(run.diagnostics)")
    let lines = run.text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(lines[0]), lines.count > 1 ? String(lines[1]) : "")
  }

  @Test func aPipeShowsOctetsAndRate() throws {
    let (screen, output) = try run(["analyze", "-"], awaited: " read ")
    #expect(screen.contains("kB read   ") && screen.contains("B/s"), "\(screen)")
    // It is gone at the end, and never among the output.
    #expect(screen.hasSuffix("\\r\\x1b[K'"), "\(screen)")
    #expect(output.contains("cherry-clove-22") && !output.contains("read   "))
  }
  @Test func aQuietReaderShowsNothing() throws {
    let (screen, output) = try run(["analyze", "-q", "-"], awaited: " read ", seconds: 2)
    #expect(screen == "b''", "\(screen)")
    #expect(output.contains("cherry-clove-22"))
  }
  @Test func aPipeForErrorsShowsNothing() throws {
    let run = try Program.run(["analyze", "Captures/smtp/auth-login.pcapng"])
    #expect(run.diagnostics.isEmpty)
  }
}
