import Bytes
import Foundation
import MailProtocols
import Testing

@testable import MailSystem

@Suite struct MailQueueTests {
  static let start = SMTPServerPlay.now
  static let minute: Int64 = 60_000_000_000
  static let down = SMTPClientSession.Fate.deferred(.init(code: 421, lines: ["4.4.1 Nobody answers"]))
  static let taken = SMTPClientSession.Fate.accepted(.init(code: 250, lines: ["2.0.0 Ok"]))
  static let unknown = SMTPClientSession.Fate.refused(.init(code: 550, lines: ["5.1.1 no such user"]))

  static func path(_ text: String) throws -> SMTPPath {
    let path = SMTPPath.parse(Array(text.utf8).span, allowsUTF8: true)
    return try #require(path)
  }
  static func envelope(
    from sender: String? = "alice@a.example", to recipients: [String], _ notifications: Envelope.Notifications = .usual
  ) throws -> Envelope {
    var envelope = Envelope(from: try sender.map(path), to: try recipients.map(path))
    for index in envelope.recipients.indices { envelope.recipients[index].notifications = notifications }
    return envelope
  }
  static func time(_ minutes: Int64) -> Timestamp { Timestamp(nanoseconds: start.nanoseconds + minutes * minute) }

  @Test func eachDomainWaitsForItself() throws {
    var queue = MailQueue()
    let envelope = try Self.envelope(to: ["bob@b.example", "carol@c.example", "tim@B.Example"])
    #expect(queue.add("M1", envelope, at: Self.start)?.map(\.id) == ["M1-1", "M1-2"])
    #expect(queue.add("M1", envelope, at: Self.start) == nil)
    _ = queue.add("M0", try Self.envelope(to: ["x@c.example"]), at: Self.time(1))
    #expect(queue.due(at: Timestamp(nanoseconds: 0)).isEmpty)
    let due = queue.due(at: Self.time(1))
    #expect(due.map(\.domain) == ["b.example", "c.example"])
    #expect(due.map { $0.entries.map(\.id) } == [["M1-1"], ["M1-2", "M0-1"]])
    #expect(due[0].entries[0].envelope.recipients.map(\.path.text) == ["bob@b.example", "tim@B.Example"])
    // What is under way is not given out again.
    #expect(queue.due(at: Self.time(1)).isEmpty)
    #expect(queue.nextAttempt == nil)
    let first = queue.settle("M1-1", [Self.taken, Self.down], offersDSN: true, at: Self.time(1))
    #expect(first?.entry?.envelope.recipients.map(\.path.localPart) == ["tim"])
    #expect(first?.entry?.lastReplies.map { $0?.code } == [421])
    #expect(first?.reports.isEmpty == true)
    #expect(queue.nextAttempt == Self.time(2))
    #expect(queue.settle("M1-2", [Self.taken], at: Self.time(1))?.isMessageDone == false)
    #expect(queue.settle("M1-1", [Self.taken], at: Self.time(2))?.isMessageDone == true)
    #expect(queue.settle("M1-1", [Self.taken], at: Self.time(2)) == nil)
  }
  /// The times of the attempts at a server that is down for ever, in minutes, and what the sender hears.
  /// Whoever asks when to come again must not be told "now" while there is nothing to be had.
  @Test func whatWaitsForItsDomainIsNotDue() throws {
    var queue = MailQueue()
    _ = queue.add("M1", try Self.envelope(to: ["bob@b.example"]), at: Self.start)
    #expect(queue.due(at: Self.start).count == 1)
    _ = queue.add("M2", try Self.envelope(to: ["tim@b.example"]), at: Self.start)
    #expect(queue.due(at: Self.start).isEmpty)
    #expect(queue.nextAttempt == nil)
    _ = queue.settle("M1-1", [Self.taken], at: Self.start)
    #expect(queue.nextAttempt == Self.start)
    #expect(queue.due(at: Self.start).count == 1)
  }
  @Test(arguments: [1.0, 0.001]) func theWholeLifeOfAMessage(_ scale: Double) throws {
    var queue = MailQueue(DeliverySchedule(timeScale: scale))
    _ = queue.add("M", try Self.envelope(to: ["bob@b.example"]), at: Self.start)
    var minutes: [Int64] = []
    var told: [(Int64, DeliveryReport)] = []
    for _ in 0..<200 {
      guard let now = queue.nextAttempt else { break }
      #expect(queue.due(at: Timestamp(nanoseconds: now.nanoseconds - 1)).isEmpty)
      #expect(queue.due(at: now).count == 1)
      let age = Int64((Double(now.nanoseconds - Self.start.nanoseconds) / scale / Double(Self.minute)).rounded())
      minutes.append(age)
      for report in queue.settle("M-1", [Self.down], at: now)?.notices ?? [] { told.append((age, report)) }
    }
    #expect(minutes.prefix(9) == [0, 1, 3, 7, 15, 31, 63, 123, 183])
    #expect(minutes.last == 7200)
    #expect(minutes.count == 126)
    #expect(told.map(\.0) == [243, 7200])
    #expect(told.map(\.1.action) == [.delayed, .failed])
    #expect(told.map(\.1.status.text) == ["4.4.1", "4.4.7"])
    #expect(told[0].1.willRetryUntil == Timestamp(nanoseconds: Self.start.nanoseconds + queue.schedule.lifetime))
    #expect(queue.isEmpty)
  }
  /// Who asks for what is told what (RFC 3461 §4.1), and a notification's fate is told to nobody.
  private static let wishes: [(Envelope.Notifications, [Bool])] = [
    (.usual, [false, false, true, true]), (.never, [false, false, false, false]),
    (.success, [true, false, false, false]),
    (.failure, [false, false, true, false]), (.delay, [false, false, false, true]),
    ([.success, .failure, .delay], [true, false, true, true]),
  ]
  @Test(arguments: wishes)
  func whatIsTold(_ notifications: Envelope.Notifications, _ isTold: [Bool]) throws {
    for sender in ["alice@a.example", nil] {
      let expected = isTold.map { $0 && sender != nil }
      let attempts = [(Self.taken, false), (Self.taken, true), (Self.unknown, true), (Self.down, true)]
      for (index, (fate, offersDSN)) in attempts.enumerated() {
        var queue = MailQueue()
        _ = queue.add("M", try Self.envelope(from: sender, to: ["bob@b.example"], notifications), at: Self.start)
        let settled = queue.settle("M-1", [fate], offersDSN: offersDSN, at: Self.time(300))
        let settlement = try #require(settled)
        #expect(settlement.notices.count == (expected[index] ? 1 : 0), "\(fate)")
      }
    }
  }
  @Test func whatHasNoFateIsDeferred() throws {
    var queue = MailQueue()
    _ = queue.add("M", try Self.envelope(to: ["bob@b.example", "tim@b.example"]), at: Self.start)
    let settlement = queue.settle("M-1", [], at: Self.start)
    #expect(settlement?.entry?.envelope.recipients.count == 2)
    #expect(settlement?.entry?.lastReplies.first??.code == 421)
  }
  @Test func limits() throws {
    var queue = MailQueue()
    for number in 0..<50 {
      _ = queue.add("D\(number)", try Self.envelope(to: ["x@d\(number).example"]), at: Self.start)
      _ = queue.add("E\(number)", try Self.envelope(to: ["x@d0.example"]), at: Self.start)
    }
    let due = queue.due(at: Self.start)
    #expect(due.count == MailQueueLimits.destinationCount)
    #expect(due[0].entries.count == MailQueueLimits.entriesPerDestination)
    #expect(queue.due(at: Self.start).isEmpty)
    let paths = (0...MailQueueLimits.entryCount).map { SMTPPath(localPart: "x", domain: "d\($0).example") }
    #expect(!queue.hasRoom(for: "N", Envelope(from: nil, to: paths)))
    #expect(queue.add("N", Envelope(from: nil, to: paths), at: Self.start) == nil)
    // A moment that no number can tell is no trap.
    let late = Timestamp(nanoseconds: Int64.max)
    _ = queue.add("L", try Self.envelope(to: ["x@l.example"]), at: late)
    #expect(queue.settle("L-1", [Self.down], at: late)?.isMessageDone == true)
    let schedule = DeliverySchedule(timeScale: .infinity)
    #expect(schedule == DeliverySchedule(timeScale: .nan))
    #expect(DeliverySchedule(timeScale: 1e300).retryDelay(behind: Int.max) == 1_000_000_000_000_000_000)
  }
  @Test func aDiskKeepsIt() throws {
    var queue = MailQueue()
    var envelope = try Self.envelope(to: ["bob@b.example"], [.failure])
    envelope.recipients[0].originalRecipient = "rfc822;bob@b.example"
    _ = queue.add("M", envelope, at: Self.start)
    _ = queue.settle("M-1", [Self.down], at: Self.start)
    _ = queue.due(at: Self.time(1))
    let kept = try JSONDecoder().decode([MailQueue.Entry].self, from: JSONEncoder().encode(queue.entries))
    #expect(kept == queue.entries)
    // What was under way is tried again.
    var restarted = MailQueue(entries: kept)
    #expect(restarted.due(at: Self.time(1)).count == 1)
  }
  @Test(
    arguments: [
      (550, "5.1.1 no such user", 5, "5.1.1"), (550, "no such user", 5, "5.0.0"), (552, "full", 5, "5.2.2"),
      (421, "4.4.2 gone", 4, "4.4.2"), (421, "busy", 4, "4.3.2"), (451, "5.1.1 mixed up", 4, "4.3.0"),
      (250, "2.1.5 Ok", 2, "2.1.5"), (250, "Ok", 2, "2.0.0"), (550, "5.1234.1 long", 5, "5.0.0"),
      (550, "5.1.1.1 no", 5, "5.0.0"), (550, "3.1.1 no", 5, "5.0.0"), (550, "5.-1.1", 5, "5.0.0"),
      (550, "", 5, "5.0.0"),
      (354, "what", 4, "4.0.0"), (554, "5.7.1", 5, "5.7.1"),
    ] as [(UInt16, String, Int, String)])
  func statusOfAReply(_ code: UInt16, _ text: String, _ statusClass: Int, _ status: String) {
    #expect(EnhancedStatus(.init(code: code, lines: [text]), statusClass: statusClass).text == status)
  }
}
