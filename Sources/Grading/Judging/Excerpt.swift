internal import Bytes
internal import Lessons
internal import Scenarios

/// Where a key stands in the capture: the octets, escaped, with carets under what matters.
///
///     AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAGxpbm8=\r\n
///     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
struct Excerpt {
  let place: Feedback.Place?
  private static let longest = 76

  init(_ key: AnswerKey, _ kind: AnswerKind, _ facts: CaptureFacts) {
    let values: [String]
    switch key.expected {
    // The number of a frame stands nowhere in it.
    case .values where kind == .frame: values = []
    case .values(let all), .list(let all): values = all
    case .order, .cannotTell, .missing: values = []
    }
    guard let range = Self.best(key.evidence.bytes, values, facts) else {
      // Where the key stands comes first; other frames that are evidence, too, come behind.
      let first = key.evidence.frames.first ?? AnswerKey.frames(key.evidence).first
      place = first.map { Feedback.Place(frame: $0, offset: 0, excerpt: "") }
      return
    }
    let octets = Self.octets(range, facts)
    // The value as it is, or in base64; where neither stands there, nothing is pointed at.
    let match = Self.spellings(values).lazy.compactMap { Self.find($0, in: octets) }.first ?? 0..<0
    // What matters stands on the line, however long the line is.
    let begin = match.lowerBound > Self.longest / 2 ? match.lowerBound - 8 : 0
    var (text, carets) = (begin > 0 ? "…" : "", begin > 0 ? " " : "")
    for index in begin..<octets.count where text.count < Self.longest {
      let spelled = Spot.escaped(octets[index])
      text += spelled
      carets += String(repeating: match.contains(index) ? "^" : " ", count: spelled.count)
    }
    while carets.last == " " { carets.removeLast() }
    place = Feedback.Place(frame: range[0], offset: range[1], excerpt: carets.isEmpty ? text : "\(text)\n\(carets)")
  }
  /// The first range in which one of the values stands, else the first of all.
  private static func best(_ ranges: [[Int]], _ values: [String], _ facts: CaptureFacts) -> [Int]? {
    let readable = ranges.filter { $0.count == 3 && $0[2] > 0 && !octets($0, facts).isEmpty }
    let wanted = spellings(values)
    return readable.first { range in wanted.contains { find($0, in: octets(range, facts)) != nil } } ?? readable.first
  }
  private static func spellings(_ values: [String]) -> [[UInt8]] {
    values.map { Array($0.utf8) } + values.map { Base64.encode(Array($0.utf8).span) }
  }
  private static func octets(_ range: [Int], _ facts: CaptureFacts) -> [UInt8] {
    guard facts.packets.indices.contains(range[0] - 1) else { return [] }
    let frame = facts.packets[range[0] - 1].frame
    guard range[1] >= 0, range[1] < frame.count else { return [] }
    return Array(frame[range[1]...].prefix(range[2]))
  }
  private static func find(_ wanted: [UInt8], in octets: [UInt8]) -> Range<Int>? {
    guard !wanted.isEmpty else { return nil }
    return octets.firstRange(of: wanted)
  }
}
