internal import Dialogues

/// The form of Zeek's logs (its ASCII writer): a heading that names fields and types, a line for each record, values
/// parted by tabs.
///
///     #fields  ts                 uid                 id.orig_h  …
///     #types   time               string              addr       …
///     1254722768.219663           CKbZ2rdGuuVnnClWu5  10.10.1.4  …
package enum ZeekLog {
  /// A value of a record, as its type writes it.
  enum Value: Equatable, Sendable {
    case unset
    /// What needs no escape: a number, an address, a time.
    case plain(String)
    case text(String)
    /// The elements of a `set` or a `vector`.
    case list([String])
    case boolean(Bool)

    init(_ text: String?) { self = text.map(Value.text) ?? .unset }
    init(_ elements: [String]?) { self = elements.map(Value.list) ?? .unset }
  }

  /// Zeek's own names and types of `smtp.log`, but for `fuids`: the files that it numbers are not ours.
  static let fields: [(name: String, type: String)] = [
    ("ts", "time"), ("uid", "string"), ("id.orig_h", "addr"), ("id.orig_p", "port"), ("id.resp_h", "addr"),
    ("id.resp_p", "port"), ("trans_depth", "count"), ("helo", "string"), ("mailfrom", "string"),
    ("rcptto", "set[string]"), ("date", "string"), ("from", "string"), ("to", "set[string]"), ("cc", "set[string]"),
    ("reply_to", "string"), ("msg_id", "string"), ("in_reply_to", "string"), ("subject", "string"),
    ("x_originating_ip", "addr"), ("first_received", "string"), ("second_received", "string"),
    ("last_reply", "string"), ("path", "vector[addr]"), ("user_agent", "string"), ("tls", "bool"),
  ]

  /// The lines before the first record. Zeek's `#open` and `#close` tell when it ran; the same capture gives the same
  /// log here, so they are left out.
  package static let heading = """
    #separator \\x09
    #set_separator\t,
    #empty_field\t(empty)
    #unset_field\t-
    #path\tsmtp
    #fields\t\(fields.map(\.name).joined(separator: "\t"))
    #types\t\(fields.map(\.type).joined(separator: "\t"))

    """

  static func line(_ values: [Value]) -> String { values.map(spelled).joined(separator: "\t") + "\n" }

  private static func spelled(_ value: Value) -> String {
    switch value {
    case .unset: unset
    case .plain(let text): text
    case .text(let text): escaped(text, isElement: false)
    case .list(let elements):
      elements.isEmpty ? empty : elements.map { escaped($0, isElement: true) }.joined(separator: ",")
    case .boolean(let isTrue): isTrue ? "T" : "F"
    }
  }
  private static let unset = "-"
  private static let empty = "(empty)"

  /// Tabs, line ends and all else that is not to be seen become `\x09`, octet by octet, and a backslash two; within a
  /// list so does the comma. What would read as one of the two signs above has its first octet spelled out.
  ///
  /// UTF-8 stays as it is, as Zeek has it, except scalars that would act on a terminal.
  static func escaped(_ text: String, isElement: Bool) -> String {
    if text.isEmpty { return empty }
    if text == unset || text == empty {
      var spelled = ""
      for (index, octet) in text.utf8.enumerated() {
        if index == 0 { append(octet, to: &spelled) } else { spelled.unicodeScalars.append(Unicode.Scalar(octet)) }
      }
      return spelled
    }
    if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 && $0 != backslash && !(isElement && $0 == comma) }) { return text }
    var spelled = ""
    for scalar in text.unicodeScalars {
      if scalar == "\\" {
        spelled += "\\\\"
      } else if Unprintable.contains(scalar) || isElement && scalar == "," {
        for octet in scalar.utf8 { append(octet, to: &spelled) }
      } else {
        spelled.unicodeScalars.append(scalar)
      }
    }
    return spelled
  }
  private static let backslash = UInt8(ascii: "\\")
  private static let comma = UInt8(ascii: ",")

  private static func append(_ octet: UInt8, to spelled: inout String) {
    let digits = String(octet, radix: 16)
    spelled += (digits.count < 2 ? "\\x0" : "\\x") + digits
  }
}
