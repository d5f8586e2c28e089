/// The TCP ports on which mail and webmail are usually spoken: a filter that the kernel applies.
enum MailPorts {
  /// SMTP and LMTP, POP3, IMAP, HTTP; those of TLS, too, and what test servers choose.
  static let all = [24, 25, 465, 587, 1025, 2525, 110, 995, 143, 993, 80, 443, 8000, 8025, 8080]

  /// The user's own filter and these ports together; nil when neither is asked for.
  static func filter(_ expression: String?, mailPorts: Bool) -> String? {
    guard mailPorts else { return expression }
    let ports = "tcp and (" + all.map { "port \($0)" }.joined(separator: " or ") + ")"
    return expression.map { "(\($0)) and (\(ports))" } ?? ports
  }
}
