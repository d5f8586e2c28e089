import Bytes
import Foundation
import Inflation
import TestSupport
import Testing

@testable import Grading

/// Archives that are exported are what Python's zipfile and our own reader take them for.
@Suite struct ZipWriterTests {
  private static let files = [
    ExportFile("setup.sh", text: "#!/bin/sh\necho hello\n", isExecutable: true),
    ExportFile("deep/er/Grüße.txt", Array(repeating: 7, count: 300_000)),
    ExportFile("class/class.json", Array("{}".utf8), isPrivate: true), ExportFile("empty", text: ""),
  ]
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) func pythonReadsThem() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.zip"
    try Data(try ZipWriter.archive(Self.files)).write(to: URL(filePath: path))
    let script = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1])
      assert z.testzip() is None
      for i in z.infolist(): print(i.filename, i.file_size, oct(i.external_attr >> 16), sum(z.read(i)))
      """
    let run = try Program.run(["-c", script, path], program: URL(filePath: "/usr/bin/python3"), seconds: 60)
    let sums = Self.files.map { file in file.octets.reduce(0) { $0 + Int($1) } }
    #expect(
      run.text == """
        setup.sh 21 0o100755 \(sums[0])
        deep/er/Grüße.txt 300000 0o100644 2100000
        class/class.json 2 0o100600 \(sums[2])
        empty 0 0o100644 0

        """, "\(run.diagnostics)")
  }
  @Test func ourReaderReadsThem() throws {
    let entries = try ZipArchive(try ZipWriter.archive(Self.files)).entries
    #expect(entries.map(\.name) == Self.files.map(\.path) && entries.map(\.octets) == Self.files.map(\.octets))
  }
  @Test func theSameFilesGiveTheSameOctets() throws {
    #expect(try ZipWriter.archive(Self.files) == ZipWriter.archive(Self.files))
  }
  @Test func theCheckSumIsTheOneOfTheStandard() {
    #expect(Deflation.crc32(Array("123456789".utf8).span) == 0xCBF4_3926)
  }
}

/// Whose a submission is, from what Gradescope says of it.
@Suite struct GradescopeMetadataTests {
  private static let roster =
    (try? Roster(
      csv: "id,name,email\nada,Ada Lovelace,a.l@school.example\nben,Ben Ali,\nann,Ben Ali,x@school.example\n"))
  private func label(_ users: String) throws -> String {
    try GradescopeMetadata("{\"id\": 1, \"users\": [\(users)]}").label(in: Self.roster)
  }
  @Test(arguments: [
    (#"{"email": "x@x.example", "name": "Nobody", "sid": "ADA"}"#, "ada"),
    (#"{"email": "A.L@school.example", "id": 7, "name": "?"}"#, "ada"),
    (#"{"email": "ben@school.example", "name": "?"}"#, "ben"), (#"{"name": " ada  lovelace"}"#, "ada"),
    // Two have this name, and nobody is called like a part of it.
    (#"{"email": "", "name": "Ben Ali"}"#, "Ben Ali"), (#"{"email": "mallory-ada@x.example", "name": "M"}"#, "M"),
    (#"{"email": "m@x.example", "name": "M"}, {"sid": "ben"}"#, "ben"),
  ])
  func isToldByIdAddressOrName(_ users: String, _ label: String) throws { #expect(try self.label(users) == label) }

  @Test(arguments: ["", "[]", "{}", "{\"users\": []}", "{\"users\": 7}"]) func whatIsNoneIsAnError(_ text: String) {
    #expect(throws: WorksheetError.self) { try GradescopeMetadata(text) }
  }
}
