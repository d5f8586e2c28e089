import Foundation
import TestSupport
import Testing

@testable import Grading

/// A class that was handed in as one zip archive.
extension ClassTests {
  /// Made by Python's zipfile from pairs of a name and a text.
  func archive(_ files: [(String, String)], _ more: String = "", in group: Class) throws -> String {
    let path = "\(group.folder.path)/submissions.zip"
    let script = """
      import io, json, sys, zipfile
      z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
      def packed(name, content):
          b = io.BytesIO()
          with zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as inner: inner.writestr(name, content)
          return b.getvalue()
      for name, text in json.load(sys.stdin): z.writestr(name, text)
      \(more)
      z.close()
      """
    let input = try JSONSerialization.data(withJSONObject: files.map { [$0.0, $0.1] })
    let run = try Program.run(
      ["-c", script, path], program: URL(filePath: "/usr/bin/python3"), input: input, seconds: 120)
    try #require(run.status == 0, "\(run.diagnostics)")
    return path
  }
  /// Of each student, by id, whether everything has passed.
  private func passed(_ group: Class, _ path: String) async throws -> [String: Bool] {
    let results = try await group.run(from: path).results
    return Dictionary(results.map { ($0.student, $0.hasPassed) }) { _, _ in false }
  }
  private static let layouts: [(name: String, ada: String, ben: String)] = [
    (
      "Moodle, with folders", "Ada Lovelace_123_assignsubmission_file_/W1.yaml",
      "Ben Ali_4_assignsubmission_file_/sub/W1.yaml"
    ),
    (
      "Moodle, without folders", "Ada Lovelace_123_assignsubmission_file_W1.yaml",
      "Ben Ali_4_assignsubmission_file_my answers.yaml"
    ),
    ("folders by id", "ada/W1.yaml", "ben/deep/er/answers.yml"), ("files by id", "ada.yaml", "ben.yaml"),
    ("in one folder", "w1/ada/W1.yaml", "w1/ben/W1.yaml"),
    ("as Windows packs it", "w1\\ada\\W1.yaml", "w1\\ben\\W1.yaml"),
    ("GitHub Classroom", "w1-submissions/w1-ada/W1.yaml", "w1-submissions/w1-ben/W1.yaml"),
  ]
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed"), arguments: 0..<7)
  func everyLayoutOfAnArchiveIsUnderstood(_ number: Int) async throws {
    let group = try Class()
    let layout = Self.layouts[number]
    let path = try archive([(layout.ada, try group.yaml("ada")), (layout.ben, try group.yaml("ben"))], in: group)
    #expect(try await passed(group, path) == ["ada": true, "ben": true], "\(layout.name)")
  }
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed"))
  func gradescopesExportAsAnArchiveIsUnderstood() async throws {
    let group = try Class()
    let metadata = "submission_42:\n  :submitters:\n  - :name: Ben Ali\n    :sid: ben\n"
    for folder in ["", "assignment_7_export/"] {
      let path = try archive(
        [("\(folder)submission_42/W1.yaml", try group.yaml("ben")), ("\(folder)submission_metadata.yml", metadata)],
        in: group)
      #expect(try await passed(group, path) == ["ben": true])
    }
  }
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) func archivesInTheArchiveAreRead()
    async throws
  {
    let group = try Class()
    let path = try archive(
      [("ben.yaml", try group.yaml("ben"))],
      "z.writestr('ada.zip', packed('answers/W1.yaml', \(String(reflecting: try group.yaml("ada")))))", in: group)
    #expect(try await passed(group, path) == ["ada": true, "ben": true])
  }
  /// One student's archive stays one student's, whatever the folder in it is called.
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed"), arguments: ["W1.yaml", "my folder/W1.yaml"])
  func oneStudentsArchiveIsOneSubmission(_ name: String) async throws {
    let group = try Class()
    let made = try archive([(name, try group.yaml("ada"))], in: group)
    let path = "\(group.folder.path)/ada.zip"
    try FileManager.default.moveItem(atPath: made, toPath: path)
    #expect(try await passed(group, path) == ["ada": true])
  }
  /// Names that lead out, links, hidden files: nobody's. Bombs and damage: their owner's, and nobody else's.
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) func whatIsWrongWithOnePartStopsNobody()
    async throws
  {
    let group = try Class()
    let path = try archive(
      [("ada/W1.yaml", try group.yaml("ada")), ("ben/W1.yaml", "answers: [")],
      """
      for name in ['../../W1.yaml', '/etc/W1.yaml', 'ada/../../W1.yaml', '.hidden/W1.yaml', '__MACOSX/x/W1.yaml']:
          z.writestr(name, 'answers: {}')
      i = zipfile.ZipInfo('link/W1.yaml'); i.external_attr = 0o120777 << 16; z.writestr(i, '/etc/passwd')
      for n in range(3): z.writestr(f'lee-ann/{n}.pcapng', b'\\0' * (30 << 20))
      z.writestr('lee-ann/W1.yaml', 'answers: {}')
      z.writestr('ann/W1.zip', packed('W1.yaml', b'\\0' * (100 << 20)))
      for n in range(500): z.writestr(f'ben/film{n}.mp4', b'x' * 100)
      """, in: group)
    let results = try await group.run(from: path).results
    let problems = Dictionary(uniqueKeysWithValues: results.map { ($0.student, $0.problem ?? "") })
    #expect(Set(problems.keys) == ["ada", "ben", "lee-ann", "ann", "link"])
    #expect(problems["link"]?.hasSuffix("'W1.yaml' could not be used: it is a symbolic link.") == true)
    #expect(problems["ada"] == "" && results.first { $0.student == "ada" }?.hasPassed == true)
    #expect(problems["ben"]?.contains("no YAML") == true)
    #expect(problems["lee-ann"] == "the zip file unpacks to too much")
    #expect(problems["ann"] == "the zip file unpacks to too much")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: group.folder.path).sorted() == [
        "in", "lecturer", "submissions.zip",
      ])
  }
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) func aBrokenArchiveIsABrokenSubmission()
    async throws
  {
    let group = try Class()
    let path = try archive([("ada/W1.yaml", try group.yaml("ada")), ("ben/W1.yaml", "x")], in: group)
    let octets = try Data(contentsOf: URL(filePath: path))
    try octets.prefix(octets.count / 2).write(to: URL(filePath: path))
    let results = try await group.run(from: path).results
    #expect(results.map(\.problem) == ["this is no zip file, or it is damaged"])
  }
}
