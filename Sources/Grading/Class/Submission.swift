/// What one student has handed in: files by name, in memory.
package struct Submission: Sendable {
  package struct File: Sendable {
    package var name: String
    package var octets: [UInt8]
  }
  /// The folder's or the file's name, which tells whose it is.
  package var label: String
  package var files: [File] = []
  /// Why it cannot be read, in a line for the student.
  package var problem: String?
  /// What lies among the files and is none.
  package var leftOut: [LeftOut] = []
  /// It is no submission at all, and nobody knows who has put it there: `problem` says what it is.
  package var isUnusable = false

  package init(label: String) { self.label = label }

  /// What could not be used at its place.
  init(label: String, unusable: LeftOut) {
    self.label = label
    problem = "\(unusable.words)."
    isUnusable = true
  }
  /// Why something is missing, with what was left out, among which it may be.
  func absence(_ reason: String) -> String {
    let named = leftOut.prefix(Self.namedCount).map { " \($0.words)." }.joined()
    let more = leftOut.count - Self.namedCount
    return reason + named + (more > 0 ? " So it is with \(more) more." : "")
  }
  private static let namedCount = 3

  /// Files that may be a worksheet, the likeliest first.
  package func worksheets(for exercise: Exercise) -> [File] {
    func rank(_ name: String) -> Int? {
      let name = name.lowercased()
      guard [".md", ".markdown", ".txt", ".yaml", ".yml"].contains(where: { name.hasSuffix($0) }) else { return nil }
      let last = name.split(separator: "/").last.map(String.init) ?? name
      if last.hasPrefix("\(exercise.id.lowercased()).") { return 0 }
      if last.contains(exercise.id.lowercased()) || last.hasPrefix("worksheet") { return 1 }
      return last.hasPrefix("readme") ? 3 : 2
    }
    return files.compactMap { file in rank(file.name).map { (rank: $0, file: file) } }
      .sorted { ($0.rank, $0.file.name) < ($1.rank, $1.file.name) }.map(\.file)
  }
  /// Files that may be a capture.
  package var captures: [File] {
    files.filter { file in [".pcap", ".pcapng", ".cap"].contains { file.name.lowercased().hasSuffix($0) } }
  }
}
