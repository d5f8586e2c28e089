/// An agent submits a message to its user's server.
package struct SendAction: Equatable, Sendable {
  package enum Protection: String, CaseIterable, Sendable, Codable { case never, ifOffered, required }
  package var message: String
  package var protection = Protection.never
  /// Nil for PLAIN, which a lesson wants to see on the wire.
  package var mechanism: SASLMechanism?
  /// Another than the user's.
  package var password: String?
  /// The code of the reply that decides; nil: taken over.
  package var expectedCode: Int?
}

/// An agent fetches a mailbox by POP3.
package struct POP3Action: Equatable, Sendable {
  package enum Mode: String, CaseIterable, Sendable, Codable { case keep, delete }
  package enum Login: String, CaseIterable, Sendable, Codable { case password, apop, sasl }
  package enum End: String, CaseIterable, Sendable, Codable {
    case quit
    /// Hangs up politely, without QUIT.
    case close
    /// Breaks off, without QUIT.
    case lose
  }
  package var mode = Mode.keep
  package var login = Login.password
  package var protection = SendAction.Protection.never
  /// Only these numbers.
  package var messages: [Int]?
  package var end = End.quit
}

/// Somebody says lines to a server, and knows what it should answer.
package struct SayAction: Equatable, Sendable {
  package struct Line: Equatable, Sendable {
    /// Nil for the greeting, which comes unasked.
    package var text: String?
    /// The code of the reply.
    package var expectedCode: Int?
  }
  package var machine: String
  /// SMTP's two: `relay` or `submission`.
  package var service = MailService.submission
  package var lines: [Line]
}

/// What must have happened before the play goes on.
package struct WaitAction: Equatable, Sendable {
  package enum Condition: Equatable, Sendable {
    /// Nothing waits at a machine any more.
    case queueIsEmpty(machine: String)
    /// The machine has tried so often to bring what waits.
    case attempts(Int, machine: String)
    /// So many messages are in a user's INBOX.
    case messages(Int, user: String)
    /// Time, in nanoseconds.
    case time(Int64)
  }
  package var condition: Condition
}

extension SendAction: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case message, protection, mechanism, password, expect }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    message = try map.decode(String.self, forKey: .message)
    protection = try map.value(.protection, or: .never)
    password = try map.decodeIfPresent(String.self, forKey: .password)
    expectedCode = try map.decodeIfPresent(Int.self, forKey: .expect)
    guard let name = try map.decodeIfPresent(String.self, forKey: .mechanism) else { return }
    mechanism = SASLMechanism(rawValue: name.uppercased())
    if mechanism == nil {
      throw decoder.failure("mechanism is one of \(SASLMechanism.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }
}
extension POP3Action: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case mode, login, protection, messages, end }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    mode = try map.value(.mode, or: .keep)
    login = try map.value(.login, or: .password)
    protection = try map.value(.protection, or: .never)
    messages = try map.decodeIfPresent([Int].self, forKey: .messages)
    end = try map.value(.end, or: .quit)
  }
}
extension SayAction: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case to, service, lines }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    machine = try map.decode(String.self, forKey: .to)
    service = try map.value(.service, or: .submission)
    lines = try map.decode([Line].self, forKey: .lines)
    guard service == .relay || service == .submission else {
      throw decoder.failure("lines are said to SMTP: the service is relay or submission")
    }
  }
}
extension SayAction.Line: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case say, expect }
  package init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self.text = text
    } else {
      let map = try decoder.map(Key.self)
      text = try map.decodeIfPresent(String.self, forKey: .say)
      expectedCode = try map.decodeIfPresent(Int.self, forKey: .expect)
    }
    guard text?.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) != false else {
      throw decoder.failure("a line holds no controls")
    }
  }
}
extension WaitAction: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case queue, attempts, at, mailbox, messages, seconds }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    if let machine = try map.decodeIfPresent(String.self, forKey: .queue) {
      condition = .queueIsEmpty(machine: machine)
    } else if let count = try map.decodeIfPresent(Int.self, forKey: .attempts) {
      condition = .attempts(count, machine: try map.decode(String.self, forKey: .at))
    } else if let user = try map.decodeIfPresent(String.self, forKey: .mailbox) {
      condition = .messages(try map.value(.messages, or: 1), user: user)
    } else {
      let seconds = try map.decode(Double.self, forKey: .seconds)
      guard seconds >= 0, seconds <= 86_400 else { throw decoder.failure("a wait lasts 0 to 86400 seconds") }
      condition = .time(Int64(seconds * 1e9))
    }
  }
}
