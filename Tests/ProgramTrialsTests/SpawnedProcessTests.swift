import Glibc
import Testing

@testable import ProgramTrials

/// Starting a program beside other threads that do.
@Suite struct SpawnedProcessTests {
  /// What is open here is not open there, and is as it was: another thread may be about to hand it on.
  @Test func nothingIsHandedOnAndNothingIsChanged() throws {
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let kept = try NamelessFile.make(Array("kept".utf8))
    defer { close(kept) }
    let process = try SpawnedProcess.start(
      "/bin/sh", ["sh", "-c", "ls /proc/$$/fd; cat /proc/$$/fd/\(kept)"], environment: ["PATH=/usr/bin:/bin"],
      input: NamelessFile.make([]), inherited: [kept])
    var text: [UInt8] = []
    var watched = [pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)]
    while unsafe poll(&watched, 1, 30_000) == 1, let more = NamelessFile.readSome(process.output) { text += more }
    var status: Int32 = 0
    #expect(unsafe waitpid(process.id, &status, 0) == process.id && status == 0)
    close(process.output)
    close(process.diagnostics)
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    #expect(lines.last == "kept" && lines.contains("\(kept)"), "\(lines)")
    for end in ends { #expect(fcntl(end, F_GETFD) == 0 && !lines.contains("\(end)"), "\(lines)") }
  }
}
