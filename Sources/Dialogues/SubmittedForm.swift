internal import Bytes
internal import WebProtocols

/// What a browser sends of a form, in whichever of its spellings, and the login among it.
enum SubmittedForm {
  /// How the fields are spelled; a record's code.
  enum Spelling: UInt16 {
    /// No form.
    case none
    /// application/x-www-form-urlencoded, in a body or in the query of a request's target.
    case urlEncoded
    /// multipart/form-data (RFC 7578).
    case multipart
    /// application/json (RFC 8259).
    case json

    init(_ kind: HTTPHead.ContentKind) {
      self =
        switch kind {
        case .form: .urlEncoded
        case .multipartForm: .multipart
        case .json: .json
        case .none, .html, .plain, .other: .none
        }
    }
  }
  static func fields(_ octets: Span<UInt8>, _ spelling: Spelling) -> [FormField] {
    switch spelling {
    case .none: []
    case .urlEncoded: FormDecoder.decode(octets).fields
    case .multipart: MultipartForm.decode(octets)
    case .json: JSONForm.decode(octets)
    }
  }
  /// The query in a request line, or in its target (RFC 3986 §3.4); nil where there is none.
  static func query(of line: Span<UInt8>) -> OctetRange? {
    guard let sign = line.firstOffset(of: UInt8(ascii: "?")) else { return nil }
    var end = sign + 1
    while end < line.count, !ASCII.isBlank(line[end]), line[end] != UInt8(ascii: "#") { end += 1 }
    return OctetRange(sign + 1, end)
  }
  /// The password among the fields, and the name of the user, where there is one. A password that is empty logs in only
  /// together with a name; of fields that were cut, the last is not all there.
  static func login(in all: [FormField], areCut: Bool = false) -> (userName: String, password: String)? {
    let fields = areCut ? Array(all.dropLast()) : all
    // SquirrelMail names its password as others name a key; beside the user's name it cannot be one.
    let isSquirrelMail = fields.contains { $0.name == "login_username" }
    let passwords = fields.indices.filter {
      SecretName.isPassword(fields[$0].name) || isSquirrelMail && fields[$0].name == "secretkey"
    }
    guard let said = passwords.first(where: { !fields[$0].value.isEmpty }) ?? passwords.first else { return nil }
    var userName = ""
    var rank = 0
    for field in fields where !field.value.isEmpty && SecretName.userNameRank(field.name) > rank {
      userName = field.value
      rank = SecretName.userNameRank(field.name)
    }
    let password = fields[said].value
    if password.isEmpty, userName.isEmpty { return nil }
    return (userName, password)
  }
  static func holdsSecret(_ fields: [FormField]) -> Bool { fields.contains { SecretName.isSecret($0.name) } }
}
