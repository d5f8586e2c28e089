internal import Foundation

/// Whose a submission is, from Gradescope's `submission_metadata.json`:
///
///     { "users": [ { "email": "ada@example.org", "id": 1234, "name": "Ada Lovelace", "sid": "ada" } ] }
///
/// Several users have handed in together.
package struct GradescopeMetadata: Sendable {
  package struct User: Equatable, Sendable {
    package var email: String
    package var name: String
    /// The student's number in Gradescope's roster; not every course has them.
    package var sid: String
  }
  package let users: [User]

  /// Throws a line for the lecturer where the text is no such file.
  package init(_ text: String) throws(WorksheetError) {
    struct Page: Decodable {
      struct User: Decodable {
        var email: String?
        var name: String?
        var sid: String?
      }
      var users: [User]
    }
    let page: Page
    do { page = try JSONDecoder().decode(Page.self, from: Data(text.utf8)) } catch {
      throw WorksheetError("this is no submission_metadata.json of Gradescope")
    }
    users = page.users.map { User(email: $0.email ?? "", name: $0.name ?? "", sid: $0.sid ?? "") }
    guard !users.isEmpty else { throw WorksheetError("the submission's metadata name nobody") }
  }
  /// How the submission is labelled: the roster's id of the first user who is in it, else the first user's name.
  package func label(in roster: Roster?) -> String {
    for user in users {
      if let student = roster?.student(sid: user.sid, email: user.email, name: user.name) { return student.id }
    }
    return [users[0].name, users[0].sid, users[0].email].first { !$0.isEmpty } ?? "unknown"
  }
}

extension Roster {
  /// The student whom a platform means: by the id, by the mail address or what stands before its `@`, or by a name that
  /// nobody else has.
  package func student(sid: String, email: String, name: String) -> Student? {
    let mailbox = String(email.prefix { $0 != "@" })
    for given in [sid, email] where !given.isEmpty {
      let folded = given.lowercased()
      if let student = students.first(where: { $0.id.lowercased() == folded || $0.email?.lowercased() == folded }) {
        return student
      }
    }
    if !mailbox.isEmpty, let student = students.first(where: { $0.id.lowercased() == mailbox.lowercased() }) {
      return student
    }
    let byName = students.filter { StudentName.folded($0.name) == StudentName.folded(name) }
    return byName.count == 1 ? byName[0] : nil
  }
}
