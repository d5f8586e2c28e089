package import Bytes

/// What came of a play: each step with its time and its words, and who has which message in the end.
package struct ScenarioRecord: Sendable {
  package struct Step: Sendable {
    package var step: ScenarioStep
    package var number: Int
    package var begin: Timestamp
    package var end: Timestamp
    /// What happened, line by line.
    package var lines: [String] = []
    /// What was said inside TLS.
    package var hidden: [Hidden] = []
    /// Whether all went as the scenario expects.
    package var isAsExpected = true
  }
  /// A message that a device has.
  package struct Holding: Equatable, Sendable {
    package enum Way: Equatable, Sendable {
      /// Written here.
      case written
      /// Fetched by POP3: it stays, whatever becomes of the server.
      case downloaded
      /// Seen by IMAP: it is there as long as the agent shows it.
      case seen
    }
    package var way: Way
    package var message: MessageSummary
  }
  /// What one side said inside TLS, from the lab's own record.
  package struct Hidden: Equatable, Sendable {
    package var octets: [UInt8]
    package var byClient: Bool
  }
  package var steps: [Step] = []
  /// By agent, in the order in which they came.
  package var holdings: [String: [Holding]] = [:]
  /// What waited at each machine in the end, and what was in every mailbox.
  package var mailboxes: [MailboxSnapshot] = []
  package var queues: [QueueSnapshot] = []
  package var isAsExpected: Bool { steps.allSatisfy(\.isAsExpected) }
}

/// What a page tells of a message.
package struct MessageSummary: Equatable, Sendable {
  package var subject: String
  package var from: String
  /// Without the angle brackets; what has none is known by its subject.
  package var messageID: String
  package var byteCount: Int
}

/// A mailbox at the end of a play.
package struct MailboxSnapshot: Equatable, Sendable {
  package struct Message: Equatable, Sendable {
    package var summary: MessageSummary
    package var flags: [String]
  }
  package struct Folder: Equatable, Sendable {
    package var name: String
    package var messages: [Message]
  }
  package var machine: String
  package var user: String
  package var folders: [Folder]
  package var byteCount: Int { folders.reduce(0) { $0 + $1.messages.reduce(0) { $0 + $1.summary.byteCount } } }
}

/// What waits at a machine for other servers.
package struct QueueSnapshot: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package var recipients: [String]
    package var attemptCount: Int
    package var lastReply: String?
  }
  package var machine: String
  package var entries: [Entry]
}
