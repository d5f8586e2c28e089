internal import Bytes

/// The secrets of TLS connections, as programs write them out for whoever looks at their packets (RFC 9850).
///
///     CLIENT_RANDOM 5D81…0BB9 0EBB…F447      label, the client's random of 32 octets, the secret
///
/// Read are TLS 1.3's traffic secrets and, for all versions before, the master secret; lines with other labels,
/// comments, and lines that are none are passed over.
package struct TLSKeyLog: Sendable {
  /// What is known of one connection; nil where the log does not tell.
  package struct Secrets: Equatable, Sendable {
    /// Up to TLS 1.2 (RFC 5246 §8.1): 48 octets.
    package var master: [UInt8]?
    /// TLS 1.3 (RFC 8446 §7.1), of the client and of the server.
    package var handshake: (client: [UInt8]?, server: [UInt8]?) = (nil, nil)
    package var traffic: (client: [UInt8]?, server: [UInt8]?) = (nil, nil)

    package static func == (a: Secrets, b: Secrets) -> Bool {
      a.master == b.master && a.handshake == b.handshake && a.traffic == b.traffic
    }
  }
  /// Octets of a client's random.
  package static let randomByteCount = 32
  /// Of how many connections, the latest, secrets are kept at least.
  private let connectionCount: Int
  /// Longer lines are no secrets: the longest is some 250 octets.
  private static let lineByteCount = 512

  private var secrets: [[UInt8]: Secrets] = [:]
  /// Those that were known before the last so many came.
  private var older: [[UInt8]: Secrets] = [:]
  /// A line whose end has not come yet.
  private var unfinished: [UInt8] = []
  /// Grows whenever secrets come.
  package private(set) var generation = 0

  /// A browser writes the secrets of some ten thousand connections in a year.
  package init(connectionCount: Int = 1 << 18) { self.connectionCount = connectionCount }

  /// How many connections' secrets are known.
  package var count: Int { secrets.count + older.count }
  package func secrets(of clientRandom: [UInt8]) -> Secrets? { secrets[clientRandom] ?? older[clientRandom] }

  /// Adds the next octets of a log; a line may come in pieces.
  package mutating func add(_ octets: Span<UInt8>) {
    var start = 0
    while let end = octets.firstOffset(of: ASCII.lineFeed, from: start) {
      take(octets.extracting(start..<end))
      addLine()
      start = end + 1
    }
    take(octets.extracting(start...))
  }
  /// Nothing more comes of a log: its last line may have no end.
  package mutating func finishLine() { addLine() }

  private mutating func take(_ octets: Span<UInt8>) {
    let room = Self.lineByteCount - unfinished.count
    unfinished += octets.extracting(first: max(0, min(room, octets.count))).copied()
  }
  private mutating func addLine() {
    defer { unfinished.removeAll(keepingCapacity: true) }
    if unfinished.last == ASCII.carriageReturn { unfinished.removeLast() }
    // The mark that some editors put before a text in UTF-8.
    if unfinished.starts(with: [0xef, 0xbb, 0xbf]) { unfinished.removeFirst(3) }
    let words = unfinished.split(separator: ASCII.space)
    guard words.count == 3, let random = Self.octets(words[1]), random.count == Self.randomByteCount,
      let secret = Self.octets(words[2]), !secret.isEmpty, let place = Self.place(words[0])
    else { return }
    if secrets[random] == nil {
      if secrets.count == connectionCount {
        older = secrets
        secrets = [:]
      }
      secrets[random] = older.removeValue(forKey: random) ?? Secrets()
    }
    secrets[random]?[keyPath: place] = secret
    generation += 1
  }
  private static func place(_ label: ArraySlice<UInt8>) -> WritableKeyPath<Secrets, [UInt8]?>? {
    switch label.span.text() {
    case "CLIENT_RANDOM": \.master
    case "CLIENT_HANDSHAKE_TRAFFIC_SECRET": \.handshake.client
    case "SERVER_HANDSHAKE_TRAFFIC_SECRET": \.handshake.server
    case "CLIENT_TRAFFIC_SECRET_0": \.traffic.client
    case "SERVER_TRAFFIC_SECRET_0": \.traffic.server
    default: nil
    }
  }
  /// The octets of hexadecimal digits in either case; nil for anything else.
  private static func octets(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    guard digits.count.isMultiple(of: 2) else { return nil }
    var octets: [UInt8] = []
    octets.reserveCapacity(digits.count / 2)
    for index in stride(from: digits.startIndex, to: digits.endIndex, by: 2) {
      guard let high = ASCII.hexadecimalValue(digits[index]), let low = ASCII.hexadecimalValue(digits[index + 1])
      else { return nil }
      octets.append(high << 4 | low)
    }
    return octets
  }
}
