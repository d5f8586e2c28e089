import Foundation
import TestSupport
import Testing

@testable import Grading

/// Zip files that students hand in, and those that somebody hands in on purpose.
@Suite(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) struct ZipArchiveTests {
  /// Made by Python's zipfile; `$1` is the file.
  private func archive(_ script: String) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.zip"
    let run = try Program.run(
      [
        "-c", "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)\n\(script)\nz.close()",
        path,
      ],
      program: URL(filePath: "/usr/bin/python3"), seconds: 60)
    #expect(run.status == 0, "\(run.diagnostics)")
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  @Test func filesAreRead() throws {
    let octets = try archive(
      """
      z.writestr('W1.md', 'Answer: 587\\n' * 500)
      z.writestr('deep/notes.txt', 'x', zipfile.ZIP_STORED)
      z.writestr('folder/', '')
      z.writestr('./own/notes.txt', 'x')
      z.writestr('__MACOSX/._W1.md', 'x')
      z.writestr('.hidden', 'x')
      """)
    let entries = try ZipArchive(octets).entries
    #expect(entries.map(\.name) == ["W1.md", "deep/notes.txt", "own/notes.txt"])
    #expect(entries[0].octets == Array(String(repeating: "Answer: 587\n", count: 500).utf8))
  }
  /// Nothing is ever written, and such names are not even read.
  @Test func namesThatLeadOutAndLinksAreLeftOut() throws {
    let octets = try archive(
      """
      z.writestr('../../etc/passwd.md', 'x')
      i = zipfile.ZipInfo('link.md'); i.external_attr = 0o120777 << 16; z.writestr(i, '/etc/passwd')
      """)
    let archive = try ZipArchive(octets)
    #expect(archive.entries.isEmpty)
    #expect(
      archive.leftOut.map(\.words) == [
        "'../../etc/passwd.md' could not be used: its name leads out of the archive",
        "'link.md' could not be used: it is a symbolic link",
      ])
  }
  @Test func whatUnpacksToTooMuchIsRefused() throws {
    let octets = try archive("for i in range(3): z.writestr(f'{i}.md', b'\\0' * (30 << 20))")
    #expect(octets.count < 1 << 20)
    let error = #expect(throws: WorksheetError.self) { try ZipArchive(octets) }
    #expect(error?.description == "the zip file unpacks to too much")
  }
  @Test func tooManyFilesAreRefused() throws {
    let octets = try archive("for i in range(\(GradingLimits.archiveEntryCount + 1)): z.writestr(f'{i}', '')")
    let error = #expect(throws: WorksheetError.self) { try ZipArchive(octets) }
    #expect(error?.description == "the zip file has too many files")
  }
  /// Cut off anywhere, and with any octet changed: an error or files, never a trap.
  @Test func damageIsAnErrorOrAnEntry() throws {
    let octets = try archive("z.writestr('W1.md', 'Answer: 587 ' * 20)\nz.writestr('b.md', 'x', zipfile.ZIP_STORED)")
    for count in 0..<octets.count {
      #expect(throws: WorksheetError.self) { try ZipArchive(Array(octets.prefix(count))) }
    }
    var refused = 0
    for index in octets.indices {
      for value in [UInt8(0), 0x7F, 0xFF, octets[index] ^ 1] {
        var damaged = octets
        damaged[index] = value
        do throws(WorksheetError) { _ = try ZipArchive(damaged) } catch { refused += 1 }
      }
    }
    #expect(refused > 100)
  }
}
