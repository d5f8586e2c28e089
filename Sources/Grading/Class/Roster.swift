/// Who is in the class: a CSV file whose first line names the columns `id` and perhaps `name` and `email`; without such a line the
/// first column is the id and the second the name.
package struct Roster: Equatable, Sendable, Codable {
  package struct Student: Equatable, Sendable, Codable {
    /// Letters, digits, `.`, `_`, `-` and `@`: it is a folder's name, too.
    package var id: String
    package var name: String
    /// Where the roster tells it: some platforms know students by it.
    package var email: String?
  }
  package var students: [Student]

  package init(csv: String) throws(WorksheetError) {
    var rows = CSVReader.rows(csv).filter { $0.contains { !$0.isEmpty } }
    let heading = rows.first?.map { $0.lowercased().trimmingBlanks } ?? []
    let idColumn = ["id", "sid", "username", "login", "student", "email"].lazy.compactMap { heading.firstIndex(of: $0) }
      .first
    let nameColumn = heading.firstIndex { ["name", "full name"].contains($0) }
    let emailColumn = heading.firstIndex { ["email", "e-mail", "mail"].contains($0) }
    if idColumn != nil { rows.removeFirst() }
    students = []
    var seen: Set<String> = []
    for row in rows {
      let idPlace = idColumn ?? 0
      let namePlace = idColumn == nil ? 1 : nameColumn
      let id = row.indices.contains(idPlace) ? row[idPlace].trimmingBlanks : ""
      guard Self.isID(id) else {
        throw WorksheetError("'\(id)' is no id of a student: letters, digits, and . _ - @, not a dot first")
      }
      guard seen.insert(id.lowercased()).inserted else { throw WorksheetError("'\(id)' stands in the roster twice") }
      let name = namePlace.flatMap { row.indices.contains($0) ? row[$0].trimmingBlanks : nil } ?? ""
      let email = emailColumn.flatMap { row.indices.contains($0) ? row[$0].trimmingBlanks : nil } ?? ""
      students.append(Student(id: id, name: name.isEmpty ? id : name, email: email.isEmpty ? nil : email))
    }
    guard !students.isEmpty else { throw WorksheetError("the roster names nobody") }
    guard students.count <= GradingLimits.studentCount else {
      throw WorksheetError("the roster has more than \(GradingLimits.studentCount) students")
    }
  }
  /// Whether a folder may have this name.
  package static func isID(_ id: String) -> Bool {
    guard let first = id.utf8.first, first != 46, id.utf8.count <= 100 else { return false }
    return id.utf8.allSatisfy { octet in
      (48...57).contains(octet) || (65...90).contains(octet) || (97...122).contains(octet)
        || [46, 95, 45, 64].contains(octet)
    }
  }
  /// The student whom a folder's or a file's name means: `ada`, `w3-ada` (GitHub Classroom), `Ada Lovelace_123_…` (Moodle).
  package func student(named label: String) -> Student? {
    let folded = label.lowercased()
    if let student = students.first(where: { $0.id.lowercased() == folded }) { return student }
    let name = StudentName.folded(String(label.prefix { $0 != "_" }))
    let byName = students.filter {
      StudentName.folded($0.name) == name || StudentName.folded($0.name) == StudentName.folded(label)
    }
    if byName.count == 1 { return byName[0] }
    // The longest id wins, so that 'w3-lee-ann' is lee-ann's and not ann's.
    let byEnd = students.filter { folded.hasSuffix("-\($0.id.lowercased())") }
    return byEnd.max { $0.id.count < $1.id.count }
  }
}

/// Reads CSV (RFC 4180), with commas or with semicolons between cells.
enum CSVReader {
  static func rows(_ text: String) -> [[String]] {
    let first = text.prefix { !$0.isNewline }
    let comma: Character = first.contains(";") && !first.contains(",") ? ";" : ","
    var rows: [[String]] = []
    var (row, cell, isQuoted) = ([String](), "", false)
    var rest = text[...]
    // A mark for the order of octets is no part of the first cell.
    if rest.first == "\u{FEFF}" { rest = rest.dropFirst() }
    while let character = rest.popFirst() {
      if isQuoted {
        if character != "\"" {
          cell.append(character)
        } else if rest.first == "\"" {
          cell.append(rest.removeFirst())
        } else {
          isQuoted = false
        }
      } else if character == "\"", cell.isEmpty {
        isQuoted = true
      } else if character == comma {
        row.append(cell)
        cell = ""
      } else if character.isNewline {
        rows.append(row + [cell])
        (row, cell) = ([], "")
      } else {
        cell.append(character)
      }
    }
    if !row.isEmpty || !cell.isEmpty { rows.append(row + [cell]) }
    return rows
  }
}
