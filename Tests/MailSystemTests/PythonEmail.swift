import Foundation

/// Debian's Python reads a message with its own email package: a second opinion.
enum PythonEmail {
  static let path = "/usr/bin/python3"
  static var isHere: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// A line for each header field, part and delivery-status group that a test looks at.
  private static let program = """
    import email, sys
    from email import policy
    message = email.message_from_bytes(sys.stdin.buffer.read(), policy=policy.SMTPUTF8)
    print("type", message.get_content_type(), message.get_param("report-type"))
    for name in ("From", "To", "Auto-Submitted"): print(name, message[name])
    print("defects", [str(d) for part in message.walk() for d in part.defects])
    text, status, returned = message.iter_parts()
    print("text", text.get_content_type(), text.get_content_charset(), repr(text.get_content()))
    print("status", status.get_content_type())
    for group in status.get_payload():
      for name, value in group.items(): print(" ", name, "=", str(value))
    print("returned", returned.get_content_type(), returned["Content-Transfer-Encoding"])
    payload = returned.get_payload()
    whole = payload[0].as_bytes(policy=policy.SMTP) if isinstance(payload, list) else returned.get_payload(decode=True)
    print(" ", whole)
    """
  static func read(_ message: [UInt8]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["-X", "utf8", "-I", "-c", program]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(message))
    try input.fileHandleForWriting.close()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }
}
