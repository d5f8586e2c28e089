internal import Bytes

/// The IMAP conversation without a role (RFC 9051 §2.2, §3): several commands may be under way, each known by its tag.
package struct IMAPDialogue: BitwiseCopyable, Sendable {
  /// What the client's next line is.
  package enum ClientSpeech: UInt8, BitwiseCopyable, Sendable {
    case command
    /// An answer to a SASL challenge.
    case response
    /// `DONE`, which ends IDLE (RFC 2177).
    case done
    case protected
  }
  package struct Heard: BitwiseCopyable, Sendable {
    /// What the response belongs to; nil when nothing is under way, or for the greeting.
    package var name: IMAPCommand.Name?
    /// The ordinal of the command, from 1; 0 when there is none.
    package var ordinal: UInt32
    package var isGreeting = false
  }
  private struct Pending: BitwiseCopyable {
    var tagHash: UInt64 = 0
    var ordinal: UInt32 = 0
    var name = IMAPCommand.Name.unknown
    /// Its end may have been in what was not heard, since another command followed.
    var isDoubtful = false
  }
  private static var pendingLimit: Int { 16 }
  private var pending = InlineArray<16, Pending>(repeating: Pending())
  private var pendingCount = 0
  package private(set) var askedCount: UInt32 = 0
  package private(set) var clientSpeech = ClientSpeech.command
  /// What either side says from now on is a DEFLATE stream without wrapping (RFC 4978 §3).
  package private(set) var isCompressed = false
  private var hasGreeting = false
  /// Not all was heard, as happens to a listener only.
  package private(set) var missesSpeech = false
  private var mayHaveEnded = false
  package init() {}

  /// Some of what a side said was not heard.
  package mutating func heardGap(fromClient: Bool) {
    missesSpeech = true
    if !fromClient, pendingCount > 0 { mayHaveEnded = true }
  }

  /// The ordinal of the command that was said last.
  package var lastOrdinal: UInt32 { pendingCount > 0 ? pending[pendingCount - 1].ordinal : 0 }
  /// What was commanded last and is still under way.
  package var lastName: IMAPCommand.Name? { pendingCount > 0 ? pending[pendingCount - 1].name : nil }

  /// The client began a command; its ordinal is returned.
  package mutating func heard(_ name: IMAPCommand.Name, tag: Span<UInt8>) -> UInt32 {
    askedCount &+= 1
    hasGreeting = true
    if mayHaveEnded {
      for index in 0..<pendingCount { pending[index].isDoubtful = true }
      mayHaveEnded = false
    }
    if pendingCount == Self.pendingLimit {
      for index in 1..<pendingCount { pending[index - 1] = pending[index] }
      pendingCount -= 1
    }
    pending[pendingCount] = Pending(tagHash: Self.hash(tag), ordinal: askedCount, name: name)
    pendingCount += 1
    return askedCount
  }
  /// The client said the line that a continuation request asked for.
  package mutating func heardContinuation() { clientSpeech = .command }
  /// What follows is read as plain text: said inside TLS, or in clear after all.
  package mutating func resumePlaintext() { clientSpeech = .command }

  /// The server said `+`.
  package mutating func heardContinuationRequest() -> Heard {
    guard pendingCount > 0 else { return Heard(name: nil, ordinal: 0) }
    let last = pending[pendingCount - 1]
    switch last.name {
    case .authenticate: clientSpeech = .response
    case .idle: clientSpeech = .done
    default: break
    }
    return Heard(name: last.name, ordinal: last.ordinal)
  }
  /// The server sent untagged data; it belongs to the command under way, if any.
  package mutating func heardUntagged(_ status: IMAPResponse.Status) -> Heard {
    if !hasGreeting {
      hasGreeting = true
      if status == .ok || status == .preauthenticated || status == .bye {
        return Heard(name: nil, ordinal: 0, isGreeting: true)
      }
    }
    guard pendingCount > 0 else { return Heard(name: nil, ordinal: 0) }
    var first = 0
    while first + 1 < pendingCount, pending[first].isDoubtful { first += 1 }
    return Heard(name: pending[first].name, ordinal: pending[first].ordinal)
  }
  /// The server ended a command.
  package mutating func heardTagged(_ tag: Span<UInt8>, _ status: IMAPResponse.Status) -> Heard {
    hasGreeting = true
    mayHaveEnded = false
    let hash = Self.hash(tag)
    for index in 0..<pendingCount where pending[index].tagHash == hash {
      let found = pending[index]
      for later in index + 1..<max(pendingCount, index + 1) { pending[later - 1] = pending[later] }
      pendingCount -= 1
      if pendingCount == 0 || found.name == .authenticate || found.name == .idle { clientSpeech = .command }
      if found.name == .startTLS, status == .ok { clientSpeech = .protected }
      if found.name == .compress, status == .ok { isCompressed = true }
      return Heard(name: found.name, ordinal: found.ordinal)
    }
    return Heard(name: nil, ordinal: 0)
  }
  /// The ordinal of the command under way that has `tag`; nil when there is none.
  package func ordinal(of tag: Span<UInt8>) -> UInt32? {
    let hash = Self.hash(tag)
    for index in 0..<pendingCount where pending[index].tagHash == hash { return pending[index].ordinal }
    return nil
  }
  private static func hash(_ tag: Span<UInt8>) -> UInt64 {
    var hash = OctetHash()
    for index in tag.indices { hash.add(tag[index]) }
    return hash.value
  }
}
