/// Something that a server does wrong on purpose, so that clients can be seen to bear it or not.
///
///     { command: RCPT, times: 1, reply: "450 4.2.0 Greylisted, try again later" }
package struct Fault: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// This line in place of the server's answer; the server never hears the command. A line that begins with 421 or
    /// `* BYE` ends the connection, too.
    case reply(String)
    /// So long before each piece of what the server says, in nanoseconds.
    case slow(Int64)
    /// What the server says goes out in pieces of so many octets, each in a packet of its own.
    case split(Int)
    /// The connection breaks off in place of the answer.
    case drop
  }
  package var kind: Kind
  /// The command's word, in upper case; `GREETING` for what is said first, `MESSAGE` for the end of a message
  /// in SMTP. Nil: whatever the server says.
  package var command: String?
  /// How often it happens, over all connections to the service; nil: always.
  package var times: Int?

  package init(_ kind: Kind, on command: String? = nil, times: Int? = nil) {
    self.kind = kind
    self.command = command
    self.times = times
  }
}

/// The faults of a server's service. It counts how often each has happened, so one plan serves all connections.
package struct FaultPlan: Equatable, Sendable {
  package private(set) var faults: [Fault]

  package init(_ faults: [Fault] = []) { self.faults = faults }
  package var isEmpty: Bool { faults.isEmpty }

  /// What is wrong with the answer to a command; it counts as having happened.
  mutating func answer(to command: String) -> Fault.Kind? {
    for index in faults.indices {
      guard faults[index].command == command, faults[index].times != 0 else { continue }
      switch faults[index].kind {
      case .slow, .split: continue
      case .reply, .drop: break
      }
      if let times = faults[index].times { faults[index].times = times - 1 }
      return faults[index].kind
    }
    return nil
  }
  /// How what the server says goes out behind a command: so late, and in pieces so large.
  mutating func delivery(behind command: String) -> (delay: Int64, pieceByteCount: Int?) {
    var delay: Int64 = 0
    var pieceByteCount: Int?
    for index in faults.indices {
      guard faults[index].command == nil || faults[index].command == command, faults[index].times != 0 else { continue }
      switch faults[index].kind {
      case .slow(let nanoseconds): delay = max(delay, nanoseconds)
      case .split(let byteCount): pieceByteCount = min(pieceByteCount ?? byteCount, byteCount)
      case .reply, .drop: continue
      }
      if let times = faults[index].times { faults[index].times = times - 1 }
    }
    return (delay, pieceByteCount)
  }
}

/// How a fault is written.
enum FaultKey: String, CodingKey, CaseIterable {
  case at, service
  case command, times, reply, slow, split, drop
}

extension Fault: Decodable {
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(FaultKey.self)
    command = try map.decodeIfPresent(String.self, forKey: .command)?.uppercased()
    times = try map.decodeIfPresent(Int.self, forKey: .times)
    if let reply = try map.decodeIfPresent(String.self, forKey: .reply) {
      guard command != nil, reply.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
        throw decoder.failure("a reply is one line, and 'command' names the command that it answers")
      }
      kind = .reply(reply)
    } else if let milliseconds = try map.decodeIfPresent(Double.self, forKey: .slow) {
      guard milliseconds > 0, milliseconds <= 600_000 else { throw decoder.failure("slow is 0 to 600000 ms") }
      kind = .slow(Int64(milliseconds * 1_000_000))
    } else if let byteCount = try map.decodeIfPresent(Int.self, forKey: .split) {
      guard byteCount > 0 else { throw decoder.failure("a piece has 1 octet at least") }
      kind = .split(byteCount)
    } else if try map.value(.drop, or: false) {
      kind = .drop
    } else {
      throw decoder.failure("a fault is one of reply, slow, split, drop")
    }
  }
}

extension Fault: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var map = encoder.container(keyedBy: FaultKey.self)
    try map.encodeIfPresent(command, forKey: .command)
    try map.encodeIfPresent(times, forKey: .times)
    switch kind {
    case .reply(let line): try map.encode(line, forKey: .reply)
    case .slow(let nanoseconds): try map.encode(Double(nanoseconds) / 1_000_000, forKey: .slow)
    case .split(let byteCount): try map.encode(byteCount, forKey: .split)
    case .drop: try map.encode(true, forKey: .drop)
    }
  }
}
