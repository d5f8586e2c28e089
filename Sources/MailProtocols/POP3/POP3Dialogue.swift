package import Bytes

/// The POP3 conversation without a role (RFC 1939 §4–6).
///
///     greeting ─+OK→ authorization ─PASS +OK→ transaction ─QUIT→ update
///
/// Commands may be pipelined (RFC 2449 §6.6), so replies are matched with what they answer in order.
package struct POP3Dialogue: BitwiseCopyable, Sendable {
  /// What the client's next line is.
  package enum ClientSpeech: UInt8, BitwiseCopyable, Sendable { case command, response, protected }
  /// What the server's next octets are.
  package enum ServerSpeech: UInt8, BitwiseCopyable, Sendable { case reply, listing, message }
  /// What an awaited reply answers.
  package enum Asked: UInt8, BitwiseCopyable, Sendable {
    case greeting, user, password, apop, authentication, listing, message, startTLS, quit, other
    /// The beginning of a message.
    case top
  }
  package struct Heard: BitwiseCopyable, Sendable {
    /// What it answers; nil when nothing was asked.
    package var asked: Asked?
    /// The ordinal of what it answers, from 1; 0 when nothing was asked.
    package var ordinal: UInt32
  }
  private static var askedLimit: Int { 128 }
  private var queue = InlineArray<128, Asked>(repeating: .other)
  private var firstAsked = 0
  private var queuedCount = 0
  package private(set) var askedCount: UInt32 = 0
  package private(set) var answeredCount: UInt32 = 0
  package private(set) var clientSpeech = ClientSpeech.command
  package private(set) var serverSpeech = ServerSpeech.reply
  private var hasGreeting = false
  /// Not all was heard, as happens to a listener only.
  package private(set) var missesSpeech = false
  /// The replies that were awaited may have been in what was not heard; the next reply or command tells.
  private var mayHaveBeenAnswered = false
  package init() {}

  /// Some of what a side said was not heard.
  package mutating func heardGap(fromClient: Bool) {
    missesSpeech = true
    if !fromClient, queuedCount > 0 { mayHaveBeenAnswered = true }
  }

  /// The client said a command.
  package mutating func heard(_ command: POP3Command<OctetRange>) {
    switch command {
    case .user: ask(.user)
    case .password: ask(.password)
    case .apop: ask(.apop)
    case .list(nil), .uniqueIDListing(nil), .capability, .authenticate(nil, _): ask(.listing)
    case .authenticate(_?, _): ask(.authentication)
    case .retrieve: ask(.message)
    case .top: ask(.top)
    case .startTLS: ask(.startTLS)
    case .quit: ask(.quit)
    case .list(_?), .uniqueIDListing(_?), .status, .delete, .noOperation, .reset, .unknown: ask(.other)
    }
  }
  /// The client answered a SASL challenge.
  package mutating func heardResponse() {
    clientSpeech = .command
    ask(.authentication)
  }
  /// The server ended a listing or a message with its dot.
  package mutating func heardEndOfLines() { serverSpeech = .reply }
  /// Whether a command waits for its status.
  package var awaitsStatus: Bool { queuedCount > 0 }
  /// Whether the last command that awaits its status is AUTH or an answer to its challenges.
  package var awaitsVerdict: Bool {
    clientSpeech == .command && queuedCount > 0
      && queue[(firstAsked + queuedCount - 1) % Self.askedLimit] == .authentication
  }
  /// What follows is read as plain text: said inside TLS, or in clear after all.
  package mutating func resumePlaintext() { clientSpeech = .command }

  /// The server gave a status.
  package mutating func heard(_ status: POP3Reply.Status) -> Heard {
    mayHaveBeenAnswered = false
    if !hasGreeting {
      hasGreeting = true
      if queuedCount == 0 { return Heard(asked: .greeting, ordinal: 0) }
    }
    guard queuedCount > 0 else {
      if missesSpeech, status == .challenge { clientSpeech = .response }
      return Heard(asked: nil, ordinal: 0)
    }
    let asked = queue[firstAsked]
    firstAsked = (firstAsked + 1) % Self.askedLimit
    queuedCount -= 1
    answeredCount &+= 1
    clientSpeech = .command
    switch (asked, status) {
    // A client that did not wait has answered already.
    case (.authentication, .challenge) where queuedCount > 0 && queue[firstAsked] == .authentication: break
    case (.authentication, .challenge), (.listing, .challenge): clientSpeech = .response
    case (.listing, .ok): serverSpeech = .listing
    case (.message, .ok), (.top, .ok): serverSpeech = .message
    case (.startTLS, .ok): clientSpeech = .protected
    default: break
    }
    return Heard(asked: asked, ordinal: answeredCount)
  }
  private mutating func ask(_ asked: Asked) {
    if mayHaveBeenAnswered {
      // A client that goes on has its replies.
      mayHaveBeenAnswered = false
      answeredCount &+= UInt32(truncatingIfNeeded: queuedCount)
      queuedCount = 0
    }
    askedCount &+= 1
    if queuedCount == Self.askedLimit {
      // A client that never waits: the oldest is given up, and ordinals stay in step.
      firstAsked = (firstAsked + 1) % Self.askedLimit
      queuedCount -= 1
      answeredCount &+= 1
    }
    queue[(firstAsked + queuedCount) % Self.askedLimit] = asked
    queuedCount += 1
  }
}
