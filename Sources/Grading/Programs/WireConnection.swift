internal import Bytes
internal import Packets

/// One TCP connection of a trial's capture: what each side said, with the frame of every octet.
package struct WireConnection: Equatable, Sendable {
  package enum Side: Int, CaseIterable, Sendable {
    case client, server
    package var other: Side { self == .client ? .server : .client }
  }
  /// An address and a port, as text.
  package struct Place: Equatable, Sendable {
    package var address: String
    package var port: UInt16
    package var text: String { "\(address):\(port)" }
  }
  package var client: Place
  package var server: Place
  /// The first frame, with the client's SYN.
  package var firstFrame: Int
  /// When that was, in nanoseconds since 1970.
  package var beginning: Int64 = 0
  package var said: [WireSpeech] = [WireSpeech(), WireSpeech()]
  /// Frames of each side's first FIN and RST; nil where there was none.
  package var finishFrames: [Int?] = [nil, nil]
  package var resetFrames: [Int?] = [nil, nil]
  /// Whether both sides have agreed to speak.
  package var isOpen = false

  package subscript(side: Side) -> WireSpeech { said[side.rawValue] }
  /// Both sides have said all.
  mutating func divide() { for side in said.indices { said[side].divide() } }
}

/// The octets that one side has said, in order.
package struct WireSpeech: Equatable, Sendable {
  /// From which octet on a frame carries them.
  package struct Mark: Equatable, Sendable {
    package var offset: Int
    package var frame: Int
    package var frameOffset: Int
    /// Nanoseconds since 1970.
    package var nanoseconds: Int64
  }
  package private(set) var octets: [UInt8] = []
  package private(set) var marks: [Mark] = []
  /// The lines, the last perhaps without an end; known behind `divide`.
  package private(set) var lines: [WireLine] = []

  /// The offset of what stands in no frame as it is: it was said inside TLS.
  package static let nowhere = -1

  /// The first octets, with their frames.
  func prefix(_ count: Int) -> WireSpeech {
    var result = WireSpeech()
    result.octets = Array(octets.prefix(count))
    result.marks = marks.filter { $0.offset < count }
    return result
  }
  mutating func append(_ more: [UInt8], frame: Int, frameOffset: Int, nanoseconds: Int64) {
    marks.append(Mark(offset: octets.count, frame: frame, frameOffset: frameOffset, nanoseconds: nanoseconds))
    octets += more
  }
  /// The mark of the frame that carries an octet; nil where nothing was said.
  package func mark(of offset: Int) -> Mark? {
    // Those from `high` on begin behind it; a hostile program makes many.
    var (low, high) = (0, marks.count)
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    return high > 0 ? marks[high - 1] : marks.first
  }
  /// The frame that carries an octet.
  package func frame(of offset: Int) -> Int { mark(of: offset)?.frame ?? 0 }

  /// Divides what was said into lines. Behind more of them than a dialogue has, the rest counts as one.
  package mutating func divide() {
    lines = []
    var start = 0
    while start < octets.count {
      let isRest = lines.count >= TrialLimits.lineCount
      let end = isRest ? nil : octets[start...].firstIndex(of: ASCII.lineFeed).map { $0 + 1 }
      lines.append(WireLine(self, start..<(end ?? octets.count)))
      start = end ?? octets.count
    }
  }
}

/// A line as it stood on the wire.
package struct WireLine: Equatable, Sendable {
  package enum Ending: Equatable, Sendable { case crlf, lineFeed, none }
  /// With its end.
  package var range: Range<Int>
  /// Without its end.
  package var octets: [UInt8]
  package var ending: Ending
  /// The frames of its first and of its last octet.
  package var firstFrame: Int
  package var lastFrame: Int

  init(_ speech: WireSpeech, _ range: Range<Int>) {
    self.range = range
    let whole = speech.octets[range]
    if whole.last != ASCII.lineFeed {
      ending = .none
      octets = Array(whole)
    } else if whole.dropLast().last == ASCII.carriageReturn {
      ending = .crlf
      octets = Array(whole.dropLast(2))
    } else {
      ending = .lineFeed
      octets = Array(whole.dropLast())
    }
    firstFrame = speech.frame(of: range.lowerBound)
    lastFrame = speech.frame(of: max(range.lowerBound, range.upperBound - 1))
  }
  package var text: String { String(decoding: octets, as: UTF8.self) }
  /// The first word, in capitals.
  package var verb: String {
    String(decoding: octets.prefix { $0 != 32 && $0 != 9 && $0 != 58 }, as: UTF8.self).uppercased()
  }
}
