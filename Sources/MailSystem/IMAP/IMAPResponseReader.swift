internal import Bytes
internal import MailProtocols

/// Puts a server's responses together, each with its literals (RFC 9051 §4.3, §7).
struct IMAPResponseReader: Sendable {
  enum Response: Equatable {
    /// Without its end of line; literals stand whole within, as `IMAPTokens` reads them.
    case whole([UInt8])
    case incomplete
    case tooLong
  }
  private let byteLimit: Int
  private var input = LineBuffer()
  private var partial: [UInt8] = []
  /// Octets of a literal that have not come.
  private var missing = 0

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  var isEmpty: Bool { input.isEmpty && partial.isEmpty }
  mutating func append(_ octets: Span<UInt8>) { input.append(octets) }
  mutating func removeAll() {
    input.removeAll()
    partial = []
    missing = 0
  }
  mutating func next() -> Response {
    while true {
      if missing > 0 {
        guard !input.isEmpty else { return .incomplete }
        // Moved, so that what was taken is not copied for each piece that comes.
        var taken = partial
        partial = []
        let wanted = missing
        var count = 0
        input.take { octets in
          count = min(wanted, octets.count)
          unsafe octets.extracting(0..<count).withUnsafeBufferPointer { unsafe taken.append(contentsOf: $0) }
          return count
        }
        missing -= count
        partial = taken
        continue
      }
      switch input.takeLine(limit: IMAPClientLimits.lineByteCount) {
      case .incomplete: return .incomplete
      case .tooLong: return .tooLong
      case .line(let line):
        partial += line
        let endCount = line.span.endOfLineCount
        let text = Array(line.dropLast(endCount))
        if let literal = announced(text) {
          guard literal <= UInt64(max(0, byteLimit - partial.count)) else { return .tooLong }
          missing = Int(literal)
          continue
        }
        defer { partial = [] }
        return .whole(Array(partial.dropLast(endCount)))
      }
    }
  }
  /// How many octets follow the line; nil when it ends the response. Words for people may end as they like.
  private func announced(_ line: [UInt8]) -> UInt64? {
    guard let literal = IMAPLiteral.parse(endOf: line.span), let response = IMAPResponse.parse(partial.span),
      response.kind == .untagged, response.status == .none
    else { return nil }
    return literal.byteCount
  }
}

extension Span where Element == UInt8 {
  /// Octets of the line's end: CRLF, or LF alone.
  var endOfLineCount: Int {
    guard count > 0, self[count - 1] == ASCII.lineFeed else { return 0 }
    return count > 1 && self[count - 2] == ASCII.carriageReturn ? 2 : 1
  }
}
