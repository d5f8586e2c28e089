internal import Bytes
internal import MailProtocols

/// What the header of a message says about its way.
enum TraceFields {
  /// How many servers have signed it.
  static func hopCount(_ message: [UInt8]) -> Int {
    var count = 0
    forEachName(of: message) { if $0.equalsIgnoringCase("received") { count += 1 } }
    return count
  }
  /// Whether the header has a field of this name.
  static func has(_ name: StaticString, _ message: [UInt8]) -> Bool {
    var isThere = false
    forEachName(of: message) { if $0.equalsIgnoringCase(name) { isThere = true } }
    return isThere
  }
  /// The names of the header's fields, in lower case.
  static func names(of message: [UInt8]) -> [String] {
    var names: [String] = []
    forEachName(of: message) { names.append($0.text().lowercased()) }
    return names
  }
  private static func forEachName(of message: [UInt8], _ body: (Span<UInt8>) -> Void) {
    var start = 0
    while start < message.count {
      let end = message.span.firstOffset(of: ASCII.lineFeed, from: start) ?? message.count
      let line = message.span.extracting(start..<end)
      if line.isEmpty || line.count == 1 && line[0] == ASCII.carriageReturn { return }
      if !ASCII.isBlank(line[0]) {
        guard let field = HeaderField.parse(line) else { return }
        body(line.extracting(line.bounds(field.name)))
      }
      start = end + 1
    }
  }
}

/// The fields that a submission server adds where the user agent forgot them (RFC 6409 §8).
enum SubmissionFields {
  static func missing(in message: [UInt8], id: String, host: String, at now: Timestamp) -> String {
    let names = Set(TraceFields.names(of: message))
    var fields = ""
    if !names.contains("date") {
      fields += "Date: \(MessageDate(secondsSinceEpoch: now.nanoseconds / 1_000_000_000).encode())\r\n"
    }
    if !names.contains("message-id") { fields += "Message-ID: <\(id)@\(host)>\r\n" }
    // What has no header at all gets one, and an end of it.
    if names.isEmpty, !message.starts(with: [13, 10]) { fields += "\r\n" }
    return fields
  }
}
