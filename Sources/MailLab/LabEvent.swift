package import Bytes

/// Something that happened in a lab, as the live view tells it.
package struct LabEvent: Sendable {
  package var timestamp: Timestamp
  /// The machine where it happened.
  package var hostName: String
  package var text: String

  /// `12:00:01  mail.example.org    alice@example.org → bob@someschool.edu, queued as …`
  package var line: String {
    let second = Int(timestamp.nanoseconds / 1_000_000_000 % 86_400)
    let parts = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    let name = hostName + String(repeating: " ", count: max(0, 22 - hostName.count))
    return "\(parts.joined(separator: ":"))  \(name)\(text)"
  }
}
