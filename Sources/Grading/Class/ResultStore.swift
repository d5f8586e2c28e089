internal import Foundation
internal import GRDB

/// The results of a class in SQLite: a run that was stopped goes on where it was, and what has not changed is not graded
/// again. Anybody may ask it: `SELECT student, points FROM result WHERE exercise = 'W3'`.
package struct ResultStore: Sendable {
  private let database: DatabaseQueue

  /// Opens the file, or makes it.
  package init(path: String) throws {
    database = try DatabaseQueue(path: path)
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS result (
            exercise TEXT NOT NULL, submission TEXT NOT NULL, student TEXT NOT NULL, name TEXT, points INTEGER NOT NULL,
            maximum INTEGER NOT NULL, verdict TEXT NOT NULL, problem TEXT, fingerprint TEXT NOT NULL, outcome TEXT NOT NULL,
            PRIMARY KEY (exercise, submission));
          CREATE TABLE IF NOT EXISTS check_result (
            exercise TEXT NOT NULL, submission TEXT NOT NULL, check_id TEXT NOT NULL, verdict TEXT NOT NULL,
            points INTEGER NOT NULL, maximum INTEGER NOT NULL, PRIMARY KEY (exercise, submission, check_id));
          CREATE TABLE IF NOT EXISTS trial (
            exercise TEXT NOT NULL, submission TEXT NOT NULL, case_id TEXT NOT NULL, fingerprint TEXT NOT NULL,
            place INTEGER NOT NULL, capture BLOB NOT NULL, record TEXT NOT NULL,
            PRIMARY KEY (exercise, submission, case_id));
          """)
    }
  }
  /// What is known of an exercise's submissions, by their labels.
  package func outcomes(of exercise: String) throws -> [String: (fingerprint: String, outcome: SubmissionJudge.Outcome)]
  {
    try database.read { database in
      var known: [String: (fingerprint: String, outcome: SubmissionJudge.Outcome)] = [:]
      let rows = try Row.fetchCursor(
        database, sql: "SELECT submission, fingerprint, outcome FROM result WHERE exercise = ?", arguments: [exercise])
      let decoder = JSONDecoder()
      while let row = try rows.next() {
        let json: String = row["outcome"]
        known[row["submission"]] = (
          row["fingerprint"], try decoder.decode(SubmissionJudge.Outcome.self, from: Data(json.utf8))
        )
      }
      return known
    }
  }
  /// One graded submission, as it is kept.
  package struct Entry: Sendable {
    package var label: String
    package var fingerprint: String
    package var outcome: SubmissionJudge.Outcome
    /// What was recorded of programs, and of which run it is.
    package var records: [TrialRecord] = []
    package var runFingerprint = ""

    package init(label: String, fingerprint: String, outcome: SubmissionJudge.Outcome) {
      self.label = label
      self.fingerprint = fingerprint
      self.outcome = outcome
    }
  }
  /// What was recorded of a submission's programs in a run; nil when there is nothing.
  package func records(
    of exercise: String, _ submission: String, _ fingerprint: String
  ) throws -> [TrialRecord]? {
    try database.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT capture, record FROM trial WHERE exercise = ? AND submission = ? AND fingerprint = ? ORDER BY place
          """, arguments: [exercise, submission, fingerprint])
      let records = try rows.map { row in
        let json: String = row["record"]
        let capture: Data = row["capture"]
        var record = try JSONDecoder().decode(TrialRecord.self, from: Data(json.utf8))
        record.capture = Octets(Array(capture))
        return record
      }
      return records.isEmpty ? nil : records
    }
  }
  /// Keeps some results at once.
  package func keep(_ entries: [Entry]) throws {
    try database.write { database in
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      for entry in entries {
        let result = entry.outcome.result
        let json = String(decoding: try encoder.encode(entry.outcome), as: UTF8.self)
        try database.execute(
          sql: "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            result.exercise, entry.label, result.student, result.name, result.points, result.maximumPoints,
            ClassTable.verdict(result), result.problem, entry.fingerprint, json,
          ])
        try database.execute(
          sql: "DELETE FROM check_result WHERE exercise = ? AND submission = ?",
          arguments: [result.exercise, entry.label])
        try keep(entry.records, entry, result.exercise, encoder, database)
        for check in result.checks {
          try database.execute(
            sql: "INSERT OR REPLACE INTO check_result VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
              result.exercise, entry.label, check.id, check.verdict.rawValue, check.points, check.maximumPoints,
            ])
        }
      }
    }
  }
  private func keep(
    _ records: [TrialRecord], _ entry: Entry, _ exercise: String, _ encoder: JSONEncoder, _ database: Database
  ) throws {
    guard !records.isEmpty else { return }
    try database.execute(
      sql: "DELETE FROM trial WHERE exercise = ? AND submission = ?", arguments: [exercise, entry.label])
    for (place, record) in records.enumerated() {
      // The capture lies beside the rest, for whoever wants it alone.
      var rest = record
      rest.capture = Octets([])
      let json = String(decoding: try encoder.encode(rest), as: UTF8.self)
      try database.execute(
        sql: "INSERT OR REPLACE INTO trial VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          exercise, entry.label, record.id, entry.runFingerprint, place, Data(record.capture.octets), json,
        ])
    }
  }
}
