import Foundation
import Testing

/// The house's own rules, checked by looking at the sources.
@Suite struct HouseTests {
  private struct Source {
    var room: String
    var name: String
    var lines: [Substring]
  }
  private static let sources: [Source] = {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let folder = root.appending(path: "Sources").path
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
      guard let content = FileManager.default.contents(atPath: folder + "/" + name) else { return nil }
      let text = String(decoding: content, as: UTF8.self)
      return Source(
        room: name.split(separator: "/").first.map(String.init) ?? "", name: name,
        lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }()

  /// What each room may import: rooms on lower floors, and the libraries of which it is the only owner.
  private static let allowed: [String: Set<String>] = [
    "Bytes": ["Glibc"], "Console": ["ArgumentParser", "Glibc"], "Ciphers": ["COpenSSL"], "TransportSecurity": ["CTLS"],
    "Inflation": ["CZlib", "CZstd", "CLZ4", "Bytes"],
    "Packets": ["Bytes", "Inflation", "Glibc"], "Streams": ["Bytes", "Packets"], "MailProtocols": ["Bytes", "Glibc"],
    "WebProtocols": ["Bytes", "Ciphers", "Inflation"], "Capture": ["CPcap", "Bytes", "Packets", "Glibc"],
    "Dialogues": ["Bytes", "Packets", "Streams", "MailProtocols", "WebProtocols", "Ciphers", "Inflation"],
    "Lessons": ["Bytes", "Packets", "Streams", "MailProtocols", "WebProtocols", "Dialogues", "Foundation"],
    "MailSystem": ["Bytes", "MailProtocols", "Packets", "TransportSecurity", "Ciphers"],
    "Scenarios": ["Bytes", "Packets", "Dialogues", "Lessons", "MailSystem", "Yams"],
    "Grading": [
      "Bytes", "Ciphers", "Inflation", "Packets", "MailProtocols", "WebProtocols", "Dialogues", "Lessons", "MailSystem",
      "Scenarios", "Yams", "GRDB", "Foundation",
    ],
    "ProgramTrials": [
      "Bytes", "Ciphers", "Packets", "Capture", "MailProtocols", "MailSystem", "TransportSecurity", "Grading",
      "CNamespaces", "Glibc", "Foundation",
    ],
    // Whoever does exercises does not wait for the lab: nothing of NIO or of BoringSSL is in the grader.
    "mailwire-grade": ["ProgramTrials", "Grading", "Console", "ArgumentParser", "Foundation"],
  ]
  private func imported(_ line: Substring) -> String? {
    var words = line.split(separator: " ").map(String.init)
    while let first = words.first, first.hasPrefix("@") || ["public", "package", "internal", "private"].contains(first)
    {
      words.removeFirst()
    }
    guard words.first == "import", words.count >= 2, !line.hasPrefix(" ") else { return nil }
    return words.last.map { String($0.split(separator: ".")[0]) }
  }

  @Test func thereAreSources() { #expect(Self.sources.count > 50) }

  @Test func importsPointOneWay() {
    for source in Self.sources {
      guard let allowed = Self.allowed[source.room] else { continue }
      for line in source.lines {
        guard let module = imported(line), !Self.isDoorToTheStandardLibrary(line, source.name) else { continue }
        #expect(allowed.contains(module), "\(source.name) imports \(module)")
      }
    }
  }
  /// What the standard library shows to those alone who ask for it, and who may ask.
  private static func isDoorToTheStandardLibrary(_ line: some StringProtocol, _ name: String) -> Bool {
    line == "@_spi(_Unicode) private import Swift" && name == "MailSystem/Store/NetUnicode.swift"
  }
  @Test(arguments: [
    ("CPcap", "Capture"), ("COpenSSL", "Ciphers"), ("CTLS", "TransportSecurity"), ("CZlib", "Inflation"),
    ("CZstd", "Inflation"), ("CLZ4", "Inflation"),
    ("CNamespaces", "ProgramTrials"),
  ])
  func everyLibraryHasOneOwner(_ library: String, _ owner: String) {
    for source in Self.sources where source.room != owner {
      for line in source.lines { #expect(imported(line) != library, "\(source.name) imports \(library)") }
    }
  }
  @Test func theAnalyzerIsFreeOfNIO() {
    for source in Self.sources where !["MailLab", "WebmailLab", "mailwire-lab"].contains(source.room) {
      for line in source.lines { #expect(imported(line)?.hasPrefix("NIO") != true, "\(source.name): \(line)") }
    }
  }
  @Test(arguments: ["try!", "as!", "fatalError(", "unowned(unsafe)", "-Ounchecked", "@unchecked Sendable"])
  func noTraps(_ spelling: String) {
    for source in Self.sources {
      for (number, line) in source.lines.enumerated() where line.contains(spelling) {
        let isComment = line.drop { $0 == " " }.hasPrefix("//")
        #expect(isComment, "\(source.name):\(number + 1): \(line)")
      }
    }
  }
  @Test func noEmptyCatch() {
    for source in Self.sources {
      for (number, line) in source.lines.enumerated() {
        #expect(!line.contains("catch {}") && !line.contains("catch { }"), "\(source.name):\(number + 1)")
      }
    }
  }

  /// Files that are longer than 400 lines, each with its reason.
  private static let longFiles: [String: String] = [:]
  @Test func longFilesHaveAReason() {
    for source in Self.sources where source.lines.count > 401 {
      #expect(Self.longFiles[source.name] != nil, "\(source.name) has \(source.lines.count - 1) lines")
    }
  }
}
