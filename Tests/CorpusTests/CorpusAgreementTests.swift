import Dialogues
import Foundation
import TestSupport
import Testing

/// What the program finds in captures that nobody here made, against what is true of them. What differs is listed, with
/// its cause, in `differences.txt`; what another issue is about, in `out-of-scope.txt`.
@Suite(.enabled(if: Corpus.isHere, Corpus.absence), .serialized)
struct CorpusAgreementTests {
  /// Of the files in scope, so many agree wholly.
  private static let leastAgreement = 0.9

  @Test func agreesWithTheTruth() throws {
    let outOfScope = Set(try List.rows(of: "out-of-scope.txt").map { $0[0] })
    var rows = try List.rows(of: "differences.txt")
    let first = try #require(rows.isEmpty ? nil : rows.removeFirst()[0])
    let allowed = try #require(Int(first.filter(\.isNumber)), "the first line tells how many files may differ")
    for row in rows where row.count != 4 {
      Issue.record("differences.txt: not `file | stream | field | cause`: \(row.joined(separator: " | "))")
    }
    let listed = Set(rows.map { $0.prefix(3).joined(separator: " | ") })

    let files = try Corpus.names(in: "real").filter { !outOfScope.contains($0) }
    var found: Set<String> = []
    var differing: Set<String> = []
    for file in files {
      for difference in try differences(in: file) {
        let key = "\(file) | \(difference.stream) | \(difference.field)"
        found.insert(key)
        differing.insert(file)
        if !listed.contains(key) {
          Issue.record("\(key) is not listed\n  truth: \(difference.truth)\n  ours:  \(difference.ours)")
        }
      }
    }
    for key in listed.subtracting(found).sorted() {
      Issue.record("\(key) agrees now: take it off differences.txt")
    }
    #expect(differing.count <= allowed, "\(differing.count) files differ, differences.txt allows \(allowed)")
    let agreement = 1 - Double(differing.count) / Double(max(files.count, 1))
    let agreeing = "\(files.count - differing.count) of \(files.count) files in scope agree wholly"
    print(agreeing)
    #expect(agreement >= Self.leastAgreement, "only \(agreeing)")
  }

  /// A run that fails is a difference, too.
  private func differences(in file: String) throws -> [TruthComparison.Difference] {
    let truth = try Corpus.truth(of: file)
    do {
      let conversations = try Program.analyze(path: Corpus.path("real", file))
      return TruthComparison(truth: truth, conversations: conversations).differences()
    } catch {
      return [.init(stream: 0, field: "run", truth: "conversations", ours: String(describing: error))]
    }
  }

  @Test func listsOnlyFilesThatAreThere() throws {
    let names = Set(try Corpus.names(in: "real"))
    let listed = try List.rows(of: "out-of-scope.txt") + List.rows(of: "differences.txt").dropFirst()
    for row in listed {
      #expect(names.contains(row[0]), "no such file: \(row[0])")
      #expect(!(row.last ?? "").isEmpty && row.count > 1, "no reason: \(row[0])")
    }
  }
}
