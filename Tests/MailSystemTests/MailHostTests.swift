import Bytes
import MailProtocols
import Testing

@testable import MailSystem

@Suite struct MailHostTests {
  static let message = Array("From: alice@a.example\r\nSubject: Lunch?\r\n\r\nAt noon.\r\n".utf8)
  static let now = SMTPServerPlay.now
  var alices = MailHostPlay("a.example", users: ["alice", "anna"])
  var bobs = MailHostPlay("b.example", users: ["bob", "tim", "pickle"])

  /// Alice submits a message at her server.
  private mutating func submit(
    to recipients: String..., notifications: Envelope.Notifications = .usual
  ) throws -> [SMTPClientSession.Fate] {
    let envelope = try MailQueueTests.envelope(to: recipients, notifications)
    return alices.receive(envelope, Self.message, as: "alice", at: Self.now).fates
  }
  private func isAccepted(_ fate: SMTPClientSession.Fate) -> Bool { if case .accepted = fate { true } else { false } }

  @Test mutating func fromAliceToBobAndToAnna() throws {
    let fates = try submit(to: "bob@b.example", "anna@a.example")
    #expect(fates.allSatisfy(isAccepted))
    #expect(alices.inbox("anna@a.example").count == 1)
    #expect(alices.bring(to: &bobs, at: Self.now) == 1)
    let text = try #require(bobs.inbox("bob@b.example").first)
    #expect(
      text.hasPrefix(
        "Return-Path: <alice@a.example>\r\nReceived: from client.example ([192.0.2.1])\r\n\tby mx.b.example"))
    #expect(text.contains("\r\nReceived: from client.example ([192.0.2.1])\r\n\tby mx.a.example with ESMTPA"))
    #expect(text.hasSuffix("\r\n\r\nAt noon.\r\n"))
    #expect(alices.host.queue.isEmpty && alices.host.messages.isEmpty)
    #expect(alices.inbox("alice@a.example").isEmpty)
    #expect(alices.bring(to: &bobs, at: Self.now) == 0)
  }
  /// Postmaster is somebody who may be named as well; the reverse-path that a sender wrote is not believed.
  @Test mutating func eachMailboxGetsItOnce() throws {
    var envelope = try MailQueueTests.envelope(to: ["bob@b.example", "BOB@b.example", "postmaster@b.example"])
    envelope.reversePath = nil
    let forged = Array("Return-Path: <eve@e.example>\r\n\tfolded\r\nSubject: x\r\n\r\nReturn-Path: body\r\n".utf8)
    #expect(bobs.receive(envelope, forged, at: Self.now).fates.allSatisfy(isAccepted))
    let text = try #require(bobs.inbox("bob@b.example").first)
    #expect(bobs.store.inboxes.values.map(\.count) == [1])
    #expect(text.hasPrefix("Return-Path: <>\r\nReceived:"))
    #expect(text.hasSuffix("\r\nSubject: x\r\n\r\nReturn-Path: body\r\n"))
    #expect(!text.contains("eve@e.example") && !text.contains("folded"))
  }
  @Test mutating func aServerThatIsDownGetsItOnceItIsUp() throws {
    _ = try submit(to: "bob@b.example")
    bobs.isUp = false
    var now = Self.now
    for _ in 0..<3 {
      #expect(alices.bring(to: &bobs, at: now) == 1)
      #expect(alices.bring(to: &bobs, at: now) == 0)
      now = try #require(alices.host.nextAttempt)
    }
    #expect(now == MailQueueTests.time(7))
    bobs.isUp = true
    // The store behind it is not: the message stays with Alice's server (4yz).
    bobs.store.fault = .broken
    #expect(alices.bring(to: &bobs, at: now) == 1)
    #expect(bobs.inbox("bob@b.example").isEmpty)
    bobs.store.fault = nil
    now = try #require(alices.host.nextAttempt)
    #expect(alices.bring(to: &bobs, at: now) == 1)
    #expect(alices.host.nextAttempt == nil)
    #expect(bobs.inbox("bob@b.example").count == 1)
    #expect(alices.inbox("alice@a.example").isEmpty)
  }
  @Test mutating func whoIsUnknownThereComesBack() throws {
    _ = try submit(to: "carol@b.example", "bob@b.example")
    _ = alices.bring(to: &bobs, at: Self.now)
    #expect(bobs.inbox("bob@b.example").count == 1)
    let bounce = try #require(alices.inbox("alice@a.example").first)
    #expect(bounce.hasPrefix("Return-Path: <>\r\nDate: "))
    #expect(bounce.contains("\r\nFrom: Mail Delivery System <postmaster@a.example>\r\n"))
    #expect(bounce.contains("\r\nReporting-MTA: dns; mx.a.example\r\n"))
    #expect(bounce.contains("\r\nFinal-Recipient: rfc822; carol@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"))
    #expect(bounce.contains("\r\nRemote-MTA: dns; mx.b.example\r\n"))
    #expect(bounce.contains("\r\nDiagnostic-Code: smtp; 550 5.1.1 <carol@b.example>: no such user here\r\n"))
    #expect(bounce.contains("\r\nAt noon.\r\n"))
    #expect(!bounce.contains("<bob@b.example>\r\n    The server"))
    #expect(alices.host.queue.isEmpty)
  }
  /// The bounce goes to a server of its own, which does not know its recipient either.
  @Test mutating func aBounceOfABounceVanishes() throws {
    var eves = MailHostPlay("e.example", users: ["eve"])
    let envelope = try MailQueueTests.envelope(from: "nobody@e.example", to: ["bob@b.example"])
    bobs.store.fault = .noMailbox
    #expect(bobs.receive(envelope, Self.message, at: Self.now).fates.allSatisfy(isAccepted))
    #expect(bobs.host.queue.entries.map(\.domain) == ["e.example"])
    #expect(bobs.bring(to: &eves, at: Self.now) == 1)
    #expect(bobs.host.queue.isEmpty && bobs.host.messages.isEmpty)
    #expect(eves.store.inboxes.isEmpty && bobs.store.inboxes.isEmpty)
    #expect(eves.host.queue.isEmpty)
  }
  @Test mutating func afterFourHoursAWordAndAfterFiveDaysABounce() throws {
    _ = try submit(to: "bob@b.example")
    bobs.isUp = false
    var attempts = 0
    while let now = alices.host.nextAttempt, attempts < 1000 { attempts += alices.bring(to: &bobs, at: now) }
    let told = alices.inbox("alice@a.example")
    #expect(told.count == 2)
    #expect(told[0].contains("Subject: Your message is delayed") && told[0].contains("\r\nAction: delayed\r\n"))
    #expect(told[0].contains("\r\nWill-Retry-Until: Sun, 19 Nov 2023 22:13:20 +0000\r\n"))
    #expect(told[1].contains("\r\nAction: failed\r\nStatus: 4.4.7\r\n"))
    // Nobody is made to have said what was said here.
    #expect(told[1].contains("    The reason:\r\n      421 4.4.2 Connection lost\r\n"))
    #expect(told[1].contains("\r\nDiagnostic-Code: x-mailwire; 421 4.4.2 Connection lost\r\n"))
    #expect(alices.host.messages.isEmpty)
  }
  /// NOTIFY=SUCCESS goes with the message to a server that offers DSN, and that one tells (RFC 3461 §5.2.1).
  @Test mutating func successIsToldByTheLastServerThatCan() throws {
    _ = try submit(to: "bob@b.example", "anna@a.example", notifications: .success)
    let here = try #require(alices.inbox("alice@a.example").first)
    #expect(here.contains("Final-Recipient: rfc822; anna@a.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n"))
    _ = alices.bring(to: &bobs, at: Self.now)
    #expect(alices.inbox("alice@a.example").count == 1)
    // Bob's server brings its own notification to Alice's.
    #expect(bobs.bring(to: &alices, at: Self.now) == 1)
    let there = try #require(alices.inbox("alice@a.example").last)
    #expect(there.contains("Reporting-MTA: dns; mx.b.example\r\n"))
    #expect(there.contains("Final-Recipient: rfc822; bob@b.example\r\nAction: delivered\r\n"))

    _ = try submit(to: "bob@b.example", notifications: .success)
    for delivery in alices.host.due(at: Self.now, into: &alices.store).flatMap(\.deliveries) {
      alices.host.settle(
        delivery.id, [MailQueueTests.taken], from: "old.b.example", offersDSN: false, at: Self.now, into: &alices.store)
    }
    #expect(alices.inbox("alice@a.example").last?.contains("Action: relayed") == true)
  }
  /// One of two mailboxes is full: the other gets the message once, and the full one when there is room.
  @Test mutating func aFullMailboxWaits() throws {
    let envelope = try MailQueueTests.envelope(to: ["bob@b.example", "tim@b.example"], [.success])
    bobs.store.full = ["tim@b.example"]
    #expect(bobs.receive(envelope, Self.message, at: Self.now).fates.allSatisfy(isAccepted))
    #expect(bobs.inbox("bob@b.example").count == 1)
    let own = bobs.host.queue.entries.filter { $0.domain == "b.example" }
    #expect(own.map { $0.lastReplies.map { $0?.code } } == [[452]])
    #expect(bobs.host.due(at: Self.now, into: &bobs.store).map(\.domain) == ["a.example"])
    bobs.store.full = []
    _ = bobs.host.due(at: MailQueueTests.time(1), into: &bobs.store)
    #expect(bobs.inbox("bob@b.example").count == 1)
    #expect(bobs.inbox("tim@b.example").count == 1)
    let notices = bobs.host.messages.values.map { String(decoding: $0, as: UTF8.self) }
    #expect(notices.count == 2)
    #expect(notices.allSatisfy { $0.contains("Action: delivered") })
    // Where nobody's mailbox takes it, the client keeps it.
    bobs.store.fault = .noRoom
    guard case .deferred(let reply)? = bobs.receive(envelope, Self.message, at: Self.now).fates.first else {
      Issue.record("taken over, and nowhere to put it")
      return
    }
    #expect(reply.code == 452)
  }
  @Test mutating func whatGoesInCirclesEnds() throws {
    let hops = String(repeating: "Received: from b by a\r\n", count: 51)
    let envelope = try MailQueueTests.envelope(to: ["bob@b.example"])
    let custody = alices.host.take(
      envelope, Array((hops + "\r\nx\r\n").utf8), id: "LOOP", at: Self.now, into: &alices.store)
    #expect(custody == .taken)
    #expect(alices.host.queue.isEmpty)
    let bounce = try #require(alices.inbox("alice@a.example").first)
    #expect(bounce.contains("Status: 5.4.6") && bounce.contains("goes in circles"))
  }
  @Test mutating func nothingIsTakenTwiceOrWithoutRoom() throws {
    let envelope = try MailQueueTests.envelope(to: ["bob@b.example", "anna@a.example"])
    #expect(alices.host.take(envelope, Self.message, id: "M", at: Self.now, into: &alices.store) == .taken)
    #expect(alices.host.take(envelope, Self.message, id: "M", at: Self.now, into: &alices.store) == .failed)
    #expect(alices.inbox("anna@a.example").count == 1)
  }
  @Test mutating func aFullSpoolTakesNothing() throws {
    // A sixteenth of what may wait, sixteen times, in memory once.
    let octets = [UInt8](repeating: 120, count: MailHostLimits.waitingByteCount / 16)
    let messages = Dictionary(uniqueKeysWithValues: (0..<16).map { ("M\($0)", octets) })
    var host = MailHost(name: "mx.a.example", directory: alices.host.directory, messages: messages)
    let there = try MailQueueTests.envelope(to: ["bob@b.example", "anna@a.example"])
    #expect(host.take(there, Self.message, id: "N", at: Self.now, into: &alices.store) == .failed)
    #expect(alices.store.inboxes.isEmpty)
    let here = try MailQueueTests.envelope(to: ["anna@a.example"])
    #expect(host.take(here, Self.message, id: "N", at: Self.now, into: &alices.store) == .taken)
  }
  /// Alice's server stops at every turn: nothing is lost, and nothing comes twice that was settled.
  @Test mutating func aCrashLosesNothing() throws {
    _ = try submit(
      to: "bob@b.example", "carol@b.example", "anna@a.example", notifications: [.success, .failure, .delay])
    bobs.isUp = false
    var now = Self.now
    for _ in 0..<12 {
      alices.crash()
      #expect(alices.host.messages.count == 1)
      #expect(alices.bring(to: &bobs, at: now) == 1)
      #expect(alices.disk.entries.values.sorted { $0.id < $1.id } == alices.host.queue.entries)
      #expect(alices.disk.messages == alices.host.messages)
      now = try #require(alices.host.nextAttempt)
    }
    bobs.isUp = true
    // The attempt was under way when the power failed: it is made again.
    _ = alices.host.due(at: now, into: &alices.store)
    alices.crash()
    #expect(alices.bring(to: &bobs, at: now) == 1)
    alices.crash()
    #expect(alices.host.queue.isEmpty && alices.host.messages.isEmpty)
    #expect(bobs.inbox("bob@b.example").count == 1)
    bobs.crash()
    #expect(bobs.bring(to: &alices, at: now) == 1)
    let subjects = alices.inbox("alice@a.example").compactMap {
      $0.split(separator: "\r\n").first { $0.hasPrefix("Subject:") }
    }
    #expect(
      subjects == [
        "Subject: Your message was delivered", "Subject: Your message is delayed",
        "Subject: Your message was not delivered",
        "Subject: Your message was delivered",
      ])
  }
}
