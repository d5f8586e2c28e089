package import Bytes

/// The SMTP conversation without a role: dissector, server and client each tell it what was said (RFC 5321 §3, §4.1.4).
///
///     greeting ─220→ ready ─MAIL→ ─RCPT→ ─DATA─354→ message ─.→ ready
///                      ├─AUTH─334→ response ─334→ response ─235→ ready
///                      └─STARTTLS─220→ protected
///
/// Commands may be pipelined (RFC 2920), so replies are matched with what they answer in order.
package struct SMTPDialogue: BitwiseCopyable, Sendable {
  /// What the client's next octets are.
  package enum ClientSpeech: BitwiseCopyable, Equatable, Sendable {
    case command
    /// An answer to a SASL challenge.
    case response
    /// A message, until its final dot.
    case message
    /// This many octets of message.
    case chunk(UInt64)
    /// Both sides speak TLS.
    case protected
  }
  /// What an awaited reply answers.
  package enum Asked: UInt8, BitwiseCopyable, Sendable {
    case greeting, hello, mail, recipient, data, message, chunk, lastChunk, authentication, startTLS, reset, quit, other
  }
  /// What a command breaks (RFC 5321 §4.1.4).
  package enum Violation: UInt8, BitwiseCopyable, Sendable {
    case beforeGreeting, mailBeforeHello, nestedMail, recipientBeforeMail, dataBeforeRecipient
  }
  /// What a reply did.
  package struct Heard: BitwiseCopyable, Sendable {
    /// What it answers; nil when nothing was asked.
    package var asked: Asked?
    /// The ordinal of what it answers, from 1; 0 when nothing was asked.
    package var ordinal: UInt32
  }

  /// Awaited replies: runs of equal kinds, so that a hundred pipelined RCPTs take one place.
  private struct Run: BitwiseCopyable {
    var asked = Asked.other
    var count: UInt16 = 0
  }
  private static var runLimit: Int { 16 }
  private var runs = InlineArray<16, Run>(repeating: Run())
  private var firstRun = 0
  private var runCount = 0
  /// How many replies were awaited so far, and how many have come.
  package private(set) var askedCount: UInt32 = 0
  package private(set) var answeredCount: UInt32 = 0

  package private(set) var clientSpeech = ClientSpeech.command
  private var hasGreeting = false
  private var hasHello = false
  private var hasReversePath = false
  /// A MAIL within a transaction awaits its reply; refused, it leaves the transaction as it is.
  private var hasNestedMail = false
  private var recipientCount: UInt32 = 0
  /// What is spoken is LMTP (RFC 2033): a message is answered once for each recipient that was accepted.
  package private(set) var isLocal = false
  private var acceptedRecipientCount: UInt32 = 0
  /// How many of these answers are still to come.
  private var awaitedDeliveryCount: UInt32 = 0
  /// The message began before the server allowed it; the reply will tell.
  package private(set) var isMessageTentative = false
  /// Not all was heard, as happens to a listener only: commands and replies may be missing, so a reply that can answer
  /// one thing alone (354, 221, …) answers that, and what seems out of order proves nothing.
  package private(set) var missesSpeech = false
  /// The replies that were awaited may have been in what was not heard; the next reply or command tells.
  private var mayHaveBeenAnswered = false
  /// Of several replies that were awaited some may have been in what was not heard: which of them others are cannot be
  /// told, until one comes that answers one thing alone, or the client goes on.
  package private(set) var isOutOfStep = false
  package init() {}

  /// Some of what a side said was not heard.
  package mutating func heardGap(fromClient: Bool) {
    missesSpeech = true
    if fromClient || runCount == 0 { return }
    mayHaveBeenAnswered = true
    let awaitsDeliveries = isLocal && acceptedRecipientCount > 1 && runs[firstRun].asked == .message
    if runCount > 1 || runs[firstRun].count > 1 || awaitsDeliveries { isOutOfStep = true }
  }

  /// The client said a command. The returned violation, if any, is a server's 503 and a dissector's remark.
  package mutating func heard(_ command: SMTPCommand<OctetRange>) -> Violation? {
    var violation: Violation?
    if !hasGreeting, askedCount == 0 { violation = .beforeGreeting }
    switch command {
    case .hello, .extendedHello, .localHello:
      ask(.hello)
      hasHello = true
      if case .localHello = command { isLocal = true } else { isLocal = false }
      endTransaction()
    case .reset:
      ask(.reset)
      endTransaction()
    case .mail:
      if !hasHello { violation = .mailBeforeHello }
      if hasReversePath {
        violation = .nestedMail
        hasNestedMail = true
      }
      ask(.mail)
      hasReversePath = true
    case .recipient:
      if !hasReversePath { violation = .recipientBeforeMail }
      ask(.recipient)
      recipientCount &+= 1
    case .data:
      if recipientCount == 0 { violation = .dataBeforeRecipient }
      ask(.data)
    case .binaryData(let byteCount, let isLast):
      if recipientCount == 0 { violation = .dataBeforeRecipient }
      ask(isLast ? .lastChunk : .chunk)
      if byteCount > 0 { clientSpeech = .chunk(byteCount) }
      if isLast { endTransaction() }
    case .authenticate: ask(.authentication)
    case .startTLS: ask(.startTLS)
    case .quit: ask(.quit)
    case .noOperation, .verify, .expand, .help, .unknown: ask(.other)
    }
    return violation
  }
  /// The client answered a SASL challenge, or took the exchange back with `*`.
  package mutating func heardResponse() {
    clientSpeech = .command
    ask(.authentication)
  }
  /// The client ended its message.
  package mutating func heardEndOfMessage() {
    clientSpeech = .command
    isMessageTentative = false
    ask(.message)
    endTransaction()
  }
  /// The client has sent `byteCount` of the octets it announced.
  package mutating func heardChunk(_ byteCount: Int) {
    guard case .chunk(let rest) = clientSpeech else { return }
    let left = rest - min(rest, UInt64(byteCount))
    clientSpeech = left == 0 ? .command : .chunk(left)
  }
  /// The client goes on although the reply to DATA has not been heard: what it says is taken as the message.
  package mutating func assumeMessage() {
    clientSpeech = .message
    isMessageTentative = true
    if mayHaveBeenAnswered || isOutOfStep {
      giveUpAwaited()
      isMessageTentative = false
    }
  }
  /// Whether a command awaits its reply.
  package var awaitsReply: Bool { runCount > 0 }
  /// Whether the last command that awaits a reply is DATA.
  package var awaitsPermission: Bool {
    guard case .command = clientSpeech, runCount > 0 else { return false }
    return runs[(firstRun + runCount - 1) % Self.runLimit].asked == .data
  }
  /// Whether the reply to a message is awaited.
  package var awaitsMessageReply: Bool {
    for index in 0..<runCount where runs[(firstRun + index) % Self.runLimit].asked == .message { return true }
    return false
  }
  package var awaitsResponse: Bool { if case .response = clientSpeech { true } else { false } }

  /// The server ended a reply with `code`.
  package mutating func heard(code: UInt16) -> Heard {
    if !hasGreeting {
      hasGreeting = true
      let isGreeting = code == 220 && (runCount == 0 || runs[firstRun].asked != .startTLS)
      if isGreeting || (runCount == 0 && (code == 421 || code == 521 || code == 554)) {
        return Heard(asked: .greeting, ordinal: 0)
      }
    }
    if missesSpeech {
      mayHaveBeenAnswered = false
      skipUnanswered(code)
      if isOutOfStep { return Heard(asked: nil, ordinal: 0) }
    }
    if isLocal, let asked = takeDelivery() { return Heard(asked: asked, ordinal: answeredCount &+ 1) }
    guard let asked = takeAsked() else {
      if missesSpeech { heardUnasked(code) }
      return Heard(asked: nil, ordinal: 0)
    }
    answeredCount &+= 1
    switch asked {
    case .data:
      if code == 354 {
        clientSpeech = .message
      } else if isMessageTentative {
        clientSpeech = .command
      }
      isMessageTentative = false
    case .authentication:
      // A client that did not wait has answered already.
      let hasAnswered = runCount > 0 && runs[firstRun].asked == .authentication
      clientSpeech = code == 334 && !hasAnswered ? .response : .command
    case .startTLS:
      if code == 220 {
        // What was said in clear is forgotten (RFC 3207 §4.2).
        clientSpeech = .protected
        hasHello = false
        endTransaction()
      }
    case .mail:
      if code >= 400, runCount == 0, !hasNestedMail { hasReversePath = false }
      hasNestedMail = false
      if code < 400 { acceptedRecipientCount = 0 }
    case .recipient:
      if code >= 400 { recipientCount &-= min(1, recipientCount) } else { acceptedRecipientCount &+= 1 }
    case .hello:
      if isLocal, code >= 400 {
        isLocal = false
        hasHello = false
      }
    case .other: if missesSpeech { heardUnasked(code) }
    case .greeting, .message, .chunk, .lastChunk, .reset, .quit: break
    }
    return Heard(asked: asked, ordinal: answeredCount)
  }
  /// What follows is read as plain text: said inside TLS, or in clear after all.
  package mutating func resumePlaintext() { clientSpeech = .command }

  private mutating func endTransaction() {
    hasReversePath = false
    recipientCount = 0
  }
  /// Gives up what was asked before the one thing that `code` answers, where that was asked.
  private mutating func skipUnanswered(_ code: UInt16) {
    let only: Asked
    switch code {
    case 354: only = .data
    case 334, 235, 535: only = .authentication
    case 221: only = .quit
    default: return
    }
    guard (0..<runCount).contains(where: { runs[(firstRun + $0) % Self.runLimit].asked == only }) else { return }
    isOutOfStep = false
    while runs[firstRun].asked != only {
      _ = takeAsked()
      answeredCount &+= 1
    }
    // Of several answers to challenges the last is meant.
    while only == .authentication, runs[firstRun].count > 1 {
      _ = takeAsked()
      answeredCount &+= 1
    }
  }
  /// A client that goes on has its replies.
  private mutating func giveUpAwaited() {
    mayHaveBeenAnswered = false
    isOutOfStep = false
    while takeAsked() != nil { answeredCount &+= 1 }
  }
  /// A reply whose command was not heard, or not whole, still tells what the client says next.
  private mutating func heardUnasked(_ code: UInt16) {
    switch code {
    case 334: clientSpeech = .response
    case 354: clientSpeech = .message
    default: break
    }
  }
  /// Whether the last command that awaits a reply is AUTH or an answer to its challenges.
  package var awaitsVerdict: Bool {
    guard case .command = clientSpeech, runCount > 0 else { return false }
    return runs[(firstRun + runCount - 1) % Self.runLimit].asked == .authentication
  }
  private mutating func ask(_ asked: Asked) {
    if mayHaveBeenAnswered || isOutOfStep { giveUpAwaited() }
    askedCount &+= 1
    let last = (firstRun + runCount - 1) % Self.runLimit
    if runCount > 0, runs[last].asked == asked, runs[last].count < UInt16.max {
      runs[last].count += 1
    } else if runCount < Self.runLimit {
      runs[(firstRun + runCount) % Self.runLimit] = Run(asked: asked, count: 1)
      runCount += 1
    } else {
      // A client that never waits: the oldest is given up, and ordinals stay in step.
      runs[last].count = runs[last].count == UInt16.max ? UInt16.max : runs[last].count + 1
    }
  }
  /// Takes an answer to a message that others to the same message will follow (RFC 2033 §4.2); nil for any other.
  private mutating func takeDelivery() -> Asked? {
    guard runCount > 0, runs[firstRun].asked == .message || runs[firstRun].asked == .lastChunk else { return nil }
    if awaitedDeliveryCount == 0 { awaitedDeliveryCount = max(1, acceptedRecipientCount) }
    if awaitedDeliveryCount == 1 { return nil }
    awaitedDeliveryCount -= 1
    return runs[firstRun].asked
  }
  private mutating func takeAsked() -> Asked? {
    guard runCount > 0 else { return nil }
    awaitedDeliveryCount = 0
    let asked = runs[firstRun].asked
    runs[firstRun].count -= 1
    if runs[firstRun].count == 0 {
      firstRun = (firstRun + 1) % Self.runLimit
      runCount -= 1
    }
    return asked
  }
}
