/// What the files and folders about each submission are called, by the student whose it is: two submissions never share one,
/// whosever they are.
package struct SubmissionNames: Sendable {
  private var byEntry: [Int: String] = [:]
  private var byStudent: [String: [String]] = [:]

  package init(_ folder: SubmissionFolder, _ judge: SubmissionJudge) {
    let students = folder.entries.map { judge.student(of: $0.label) }
    // What cannot be used is told only where the student has handed in nothing else.
    let usable = students.indices.filter { folder.entries[$0].unusable == nil }
    let order = usable + students.indices.filter { folder.entries[$0].unusable != nil }
    for (index, name) in zip(order, FileName.distinct(order.map { students[$0] })) {
      byEntry[index] = name
      byStudent[students[index], default: []].append(name)
    }
  }
  /// The name for an entry of the folder.
  package func name(ofEntry index: Int) -> String { byEntry[index] ?? "_" }
  /// The names for the results of the folder, which stand in the order of its entries.
  package func names(of results: [StudentResult]) -> [String] {
    var next = byStudent
    return results.map { result in
      guard let name = next[result.student]?.first else { return FileName.safe(result.student) }
      next[result.student]?.removeFirst()
      return name
    }
  }
}
