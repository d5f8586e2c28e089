internal import Bytes
internal import MailProtocols
internal import MailSystem

/// What a machine of a lab holds at a moment.
package struct HostStatus: Sendable, Codable, Equatable {
  package struct Mailbox: Sendable, Codable, Equatable {
    package var account: String
    package var folder: String
    package var messages: Int
    package var unseen: Int
    package var octets: Int
  }
  /// A message that waits for a destination.
  package struct Waiting: Sendable, Codable, Equatable {
    package var id: String
    package var from: String
    package var to: [String]
    package var octets: Int
    /// Seconds since 1970.
    package var arrival: Double
    package var nextAttempt: Double
    package var attempts: Int
    /// What was last said about it.
    package var lastReply: String?
  }
  package var host: String
  package var connections: Int
  package var queue: [Waiting]
  package var mailboxes: [Mailbox]
}

extension LabHost {
  var status: HostStatus {
    HostStatus(
      host: machine.hostName, connections: channelCount, queue: host.queue.entries.map(waiting),
      mailboxes: machine.accounts.flatMap { account in store.folders(of: account.name).map { mailbox($0, account) } })
  }
  private func waiting(_ entry: MailQueue.Entry) -> HostStatus.Waiting {
    HostStatus.Waiting(
      id: entry.id, from: entry.envelope.reversePath?.text ?? "", to: entry.envelope.recipients.map(\.path.text),
      octets: host.messages[entry.messageID]?.count ?? 0, arrival: Self.seconds(entry.arrival),
      nextAttempt: Self.seconds(entry.nextAttempt), attempts: entry.attemptCount,
      lastReply: entry.lastReplies.compactMap { $0?.text }.last)
  }
  private static func seconds(_ time: Timestamp) -> Double { Double(time.nanoseconds / 1_000_000) / 1_000 }
  private func mailbox(_ folder: MailFolder, _ account: MailAccount) -> HostStatus.Mailbox {
    let messages = store.messages(in: folder.id)
    return HostStatus.Mailbox(
      account: account.name, folder: folder.name, messages: messages.count,
      unseen: messages.count { !$0.flags.contains("\\Seen") }, octets: messages.reduce(0) { $0 + $1.byteCount })
  }
  /// Tries at once what waits for its time.
  func retry() {
    host.hurry(at: LabClock.now)
    pump()
  }
}
