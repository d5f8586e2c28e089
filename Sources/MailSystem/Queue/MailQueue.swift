package import Bytes
internal import MailProtocols

/// The rules for messages that wait for other servers (RFC 5321 §4.5.4), without a disk and without a clock.
///
///     add → due → attempt → settle ─deferred→ due …
///                             └─accepted, refused, given up→ gone
///
/// What `due` gave out is not given out again until it is settled. After a restart, `init` takes up what a disk kept;
/// what was under way then is tried again at once, so that a crash may double a delivery and loses none.
package struct MailQueue: Sendable {
  package let schedule: DeliverySchedule
  private var entriesByID: [String: Entry] = [:]
  /// What waits, by domain.
  private var lanes: [String: Lane] = [:]
  /// Ids of entries that were given out, and not yet settled.
  private var underWay: Set<String> = []
  /// How many entries are about a message.
  private var entryCounts: [String: Int] = [:]

  /// The entries of one domain.
  private struct Lane: Sendable {
    /// By the time of their next attempt; some may have been settled in the meantime.
    var waiting = TimeQueue<String>()
    var underWayCount = 0
  }

  package init(_ schedule: DeliverySchedule = DeliverySchedule(), entries: [Entry] = []) {
    self.schedule = schedule
    for entry in entries.sorted(by: Self.isOlder) { insert(entry) }
  }
  private mutating func insert(_ entry: Entry, isHeld: Bool = false) {
    guard entriesByID.updateValue(entry, forKey: entry.id) == nil else { return }
    entryCounts[entry.messageID, default: 0] += 1
    if !isHeld { wait(entry) }
  }
  private mutating func wait(_ entry: Entry) {
    lanes[entry.domain, default: Lane()].waiting.insert(entry.id, at: entry.nextAttempt.nanoseconds)
  }
  private mutating func remove(_ entry: Entry) {
    guard entriesByID.removeValue(forKey: entry.id) != nil else { return }
    let rest = entryCounts[entry.messageID, default: 1] - 1
    entryCounts[entry.messageID] = rest > 0 ? rest : nil
  }

  /// All that waits, the oldest first.
  package var entries: [Entry] { entriesByID.values.sorted(by: Self.isOlder) }
  private static func isOlder(_ a: Entry, _ b: Entry) -> Bool {
    (a.arrival.nanoseconds, a.id) < (b.arrival.nanoseconds, b.id)
  }
  package var isEmpty: Bool { entriesByID.isEmpty }
  package var count: Int { entriesByID.count }
  package func entry(_ id: String) -> Entry? { entriesByID[id] }
  /// Whether any entry is about a message.
  package func holds(message: String) -> Bool { entryCounts[message] != nil }
  /// When `due` will have something to give; nil while nothing waits but for what is under way to be settled.
  package var nextAttempt: Timestamp? {
    guard busyCount < MailQueueLimits.destinationCount else { return nil }
    let times = lanes.values.compactMap { $0.underWayCount > 0 ? nil : $0.waiting.first?.time }
    return times.min().map { Timestamp(nanoseconds: $0) }
  }
  private var busyCount: Int { lanes.values.count { $0.underWayCount > 0 } }
  /// Throws out what stands first in a lane and was settled in the meantime, and with its last entry the lane.
  private mutating func tidy(_ domain: String) {
    while let (time, id) = lanes[domain]?.waiting.first {
      if let entry = entriesByID[id], entry.nextAttempt.nanoseconds == time, !underWay.contains(id) { return }
      _ = lanes[domain]?.waiting.removeFirst()
    }
    if lanes[domain]?.underWayCount == 0 { lanes[domain] = nil }
  }

  /// Whether `add` would take a message in.
  package func hasRoom(for messageID: String, _ envelope: Envelope) -> Bool {
    let domains = Set(envelope.recipients.map(\.path.canonicalDomain))
    return entriesByID.count + domains.count <= MailQueueLimits.entryCount && !holds(message: messageID)
  }
  /// Takes a message in, one entry for each domain among its recipients, to be tried at once. Gives the entries, which
  /// are to be on disk before the message counts as taken; nil when there is no room, or the id is taken.
  /// With `isHeld` nothing of it is tried before `release`.
  package mutating func add(
    _ messageID: String, _ envelope: Envelope, at now: Timestamp, isHeld: Bool = false
  ) -> [Entry]? {
    guard hasRoom(for: messageID, envelope) else { return nil }
    var order: [String] = []
    var recipients: [String: [Envelope.Recipient]] = [:]
    for recipient in envelope.recipients {
      let domain = recipient.path.canonicalDomain
      if recipients[domain] == nil { order.append(domain) }
      recipients[domain, default: []].append(recipient)
    }
    let added = order.enumerated().map { index, domain in
      var envelope = envelope
      envelope.recipients = recipients[domain] ?? []
      return Entry(
        id: "\(messageID)-\(index + 1)", messageID: messageID, domain: domain, envelope: envelope, arrival: now)
    }
    for entry in added { insert(entry, isHeld: isHeld) }
    return added
  }
  /// What was held may be tried.
  package mutating func release(_ entries: [Entry]) {
    for entry in entries where entriesByID[entry.id] == entry { wait(entry) }
  }

  /// What is to be tried now, by destination, what has waited longest first. A domain to which something is under way
  /// waits, so that a server that is slow or down takes one connection.
  package mutating func due(at now: Timestamp) -> [Destination] {
    let ready = lanes.compactMap { domain, lane in
      lane.underWayCount > 0 ? nil : lane.waiting.first.map { (time: $0.time, domain: domain) }
    }
    let room = max(0, MailQueueLimits.destinationCount - busyCount)
    return ready.filter { $0.time <= now.nanoseconds }.sorted { $0 < $1 }.prefix(room).map { ready in
      var destination = Destination(domain: ready.domain, entries: [])
      while destination.entries.count < MailQueueLimits.entriesPerDestination,
        let (time, id) = lanes[ready.domain]?.waiting.first, time <= now.nanoseconds, let entry = entriesByID[id]
      {
        destination.entries.append(entry)
        underWay.insert(id)
        lanes[ready.domain]?.underWayCount += 1
        tidy(ready.domain)
      }
      return destination
    }
  }

  /// Has everything tried now that waits for its time.
  package mutating func hurry(at now: Timestamp) {
    for (domain, lane) in lanes {
      var lane = lane
      var waiting = TimeQueue<String>()
      while let (_, id) = lane.waiting.removeFirst() {
        guard var entry = entriesByID[id], !underWay.contains(id) else { continue }
        entry.nextAttempt = min(entry.nextAttempt, now)
        entriesByID[id] = entry
        waiting.insert(id, at: entry.nextAttempt.nanoseconds)
      }
      lanes[domain]?.waiting = waiting
    }
  }
  /// Forgets a message that could not be kept, as if it had never come.
  package mutating func withdraw(message: String) {
    for entry in entriesByID.values where entry.messageID == message {
      if underWay.remove(entry.id) != nil { lanes[entry.domain]?.underWayCount -= 1 }
      remove(entry)
      tidy(entry.domain)
    }
  }

  /// Says what became of an attempt: a fate for each open recipient, in order; those for whom there is none count as
  /// deferred. `remoteHost` is who decided. Nil when there is no such entry.
  package mutating func settle(
    _ id: String, _ fates: [SMTPClientSession.Fate], from remoteHost: String? = nil, offersDSN: Bool = false,
    at now: Timestamp
  ) -> Settlement? {
    guard var entry = entriesByID[id] else { return nil }
    if underWay.remove(id) != nil { lanes[entry.domain]?.underWayCount -= 1 }
    entry.attemptCount += 1
    let end = Timestamp(nanoseconds: DeliverySchedule.sum(entry.arrival.nanoseconds, schedule.lifetime))
    let noticeTime = DeliverySchedule.sum(entry.arrival.nanoseconds, schedule.delayNoticeAge)
    let tellsDelay = !entry.hasToldDelay && now.nanoseconds >= noticeTime
    var reports: [DeliveryReport] = []
    var open: [Envelope.Recipient] = []
    var replies: [SMTPClientSession.Reply?] = []
    for (index, recipient) in entry.envelope.recipients.enumerated() {
      func report(
        _ action: DeliveryReport.Action, _ status: EnhancedStatus, _ reply: SMTPClientSession.Reply,
        until: Timestamp? = nil
      ) {
        reports.append(
          DeliveryReport(
            recipient, action, status, reply: reply, remoteHost: remoteHost, lastAttempt: now, willRetryUntil: until))
      }
      switch index < fates.count ? fates[index] : .deferred(Self.silence) {
      case .accepted(let reply):
        // A server that knows DSN tells the sender itself (RFC 3461 §5.2.2).
        if !offersDSN { report(.relayed, EnhancedStatus(reply, statusClass: 2), reply) }
      case .refused(let reply): report(.failed, EnhancedStatus(reply, statusClass: 5), reply)
      case .deferred(let reply) where now >= end: report(.failed, .expired, reply)
      case .deferred(let reply):
        open.append(recipient)
        replies.append(reply)
        if tellsDelay { report(.delayed, EnhancedStatus(reply, statusClass: 4), reply, until: end) }
      }
    }
    entry.envelope.recipients = open
    entry.lastReplies = replies
    if tellsDelay { entry.hasToldDelay = true }
    // The last attempt comes when the time is over, and not an hour later.
    let next = DeliverySchedule.sum(now.nanoseconds, schedule.retryDelay(behind: entry.attemptCount))
    entry.nextAttempt = min(Timestamp(nanoseconds: next), max(end, now))
    if open.isEmpty {
      remove(entry)
    } else {
      entriesByID[id] = entry
      wait(entry)
    }
    tidy(entry.domain)
    return Settlement(
      entry: open.isEmpty ? nil : entry, reports: reports,
      // Nobody is told of what happens to a notification (RFC 5321 §4.5.5).
      notices: entry.envelope.reversePath == nil ? [] : reports.filter(\.isWanted),
      isMessageDone: !holds(message: entry.messageID))
  }
  private static let silence = SMTPClientSession.Reply.ours(421, "4.4.2 The server did not answer")
}
