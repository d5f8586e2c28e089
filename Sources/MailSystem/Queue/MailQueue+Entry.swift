package import Bytes

extension MailQueue {
  /// A message that waits for one destination. A disk keeps it as it is, beside the message itself.
  package struct Entry: Equatable, Sendable, Codable {
    /// `messageID` and a number, unique in the queue.
    package let id: String
    /// The message; several entries are about the same one when its recipients are at several places.
    package let messageID: String
    /// The recipients' domain, in the form in which domains are compared.
    package let domain: String
    /// The recipients are those of this domain that are still open.
    package internal(set) var envelope: Envelope
    /// What was last said about each open recipient.
    package internal(set) var lastReplies: [SMTPClientSession.Reply?]
    package internal(set) var attemptCount = 0
    /// Whether the sender's time to hear of a delay has come and gone.
    package internal(set) var hasToldDelay = false
    private let arrivalNanoseconds: Int64
    private var nextAttemptNanoseconds: Int64

    init(id: String, messageID: String, domain: String, envelope: Envelope, arrival: Timestamp) {
      self.id = id
      self.messageID = messageID
      self.domain = domain
      self.envelope = envelope
      lastReplies = envelope.recipients.map { _ in nil }
      arrivalNanoseconds = arrival.nanoseconds
      nextAttemptNanoseconds = arrival.nanoseconds
    }
    package var arrival: Timestamp { Timestamp(nanoseconds: arrivalNanoseconds) }
    package internal(set) var nextAttempt: Timestamp {
      get { Timestamp(nanoseconds: nextAttemptNanoseconds) }
      set { nextAttemptNanoseconds = newValue.nanoseconds }
    }
  }
  /// What waits for one domain and is to be brought there now, the oldest first.
  package struct Destination: Equatable, Sendable {
    package var domain: String
    package var entries: [Entry]
  }
  /// What follows from an attempt.
  package struct Settlement: Equatable, Sendable {
    /// The entry without those who are done; nil when nobody is left, and the entry is gone.
    package var entry: Entry?
    /// Those who are done, and those whose delay is now worth telling.
    package var reports: [DeliveryReport]
    /// What of it the sender is to be told, in one notification; empty when nobody is to be told, or nobody is there.
    package var notices: [DeliveryReport]
    /// Whether no entry is about the message any more.
    package var isMessageDone: Bool
  }
}
