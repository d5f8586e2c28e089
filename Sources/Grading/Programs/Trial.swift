package import MailSystem

/// How a student's program is tried: what it is to be, whom it meets in each case, and what is demanded of it. It is the part
/// `trial:` of an exercise's file.
package struct Trial: Equatable, Sendable {
  /// What the program is in the dialogue.
  package enum Role: String, CaseIterable, Sendable, Codable {
    /// It connects to a server of ours.
    case client
    /// It listens, and a client of ours connects.
    case server
    /// The student's client meets the student's server.
    case both

    /// Names of the programs, without an ending: `client.py`, or an executable `client`.
    package var programs: [String] {
      switch self {
      case .client: ["client"]
      case .server: ["server"]
      case .both: ["server", "client"]
      }
    }
  }
  package var role: Role
  package var spoken: TrialProtocol
  package var cases: [TrialCase]
  package var checks: [ProgramCheck]
  /// What the student begins with, by the names of the files.
  package var skeletons: [String: String] = [:]
  /// Questions that go with the program; nil where there are none.
  package var sheet: TrialSheet?
}

/// What is spoken between the program and its peer.
package enum TrialProtocol: String, CaseIterable, Sendable, Codable { case smtp, pop3, imap }

/// One run of the program.
package struct TrialCase: Equatable, Sendable, Codable {
  /// A word: `slow`.
  package var id: String
  /// What is special about it, for the student: `The server answers slowly`.
  package var title: String
  /// What the program is called with; `{host}` and `{port}` stand for the server's.
  package var arguments: [String] = ["{host}", "{port}"]
  package var environment: [String: String] = [:]
  /// Text files that lie beside the program, by name.
  package var files: [String: String] = [:]
  /// What the program reads from its standard input.
  package var input = ""
  /// How long the whole run may take.
  package var seconds = 15.0
  /// How long nothing may happen, of that which is waited for.
  package var quietSeconds = 3.0
  package var peer = PeerPlan()
}

/// Whom the program meets.
package struct PeerPlan: Equatable, Sendable, Codable {
  /// Somebody with a mailbox at the server.
  package struct User: Equatable, Sendable, Codable {
    /// With or without the domain.
    package var name: String
    package var password: String
  }
  package var name = "mail.example.org"
  package var domain = "example.org"
  /// Whether SMTP's users log in before they send.
  package var wantsLogin = false
  package var greeting: [String] = []
  package var offersPipelining = false
  /// Whether STARTTLS is offered, and what certificate is shown then; nil: nobody speaks of TLS.
  package var tls: TLSOffer?
  package var mechanisms: [String] = []
  package var users: [User] = []
  package var faults: [Fault] = []
  /// Messages in the first user's mailbox, with line feeds for ends of lines.
  package var messages: [String] = []
  /// Where the student's server passes mail on to; nil: it keeps all.
  package var next: NextServer?
  /// What a client of ours does on each of its connections.
  package var connections: [PeerConnection] = []
  /// Whether the connections are open at the same time, step by step in turn.
  package var isTogether = false
}

/// The server to which a server of the student's passes mail on: it listens in the same network, at port `{next}`.
package struct NextServer: Equatable, Sendable, Codable {
  package var name = "next.example.org"
  package var domain = "example.org"
  package var users: [PeerPlan.User] = []
  package var faults: [Fault] = []
  /// So many attempts to connect are refused, because nobody listens yet.
  package var missedCount = 0
  /// Messages that are to come. Behind them, what comes too much is waited for a little.
  package var messageCount = 1

  /// As what it is served.
  package var plan: PeerPlan {
    var plan = PeerPlan()
    (plan.name, plan.domain, plan.users, plan.faults) = (name, domain, users, faults)
    return plan
  }
}

/// Which certificate a server of ours shows behind STARTTLS. The authority that the program is to believe lies beside it as
/// `ca.pem`.
package enum TLSOffer: String, CaseIterable, Sendable, Codable {
  /// One for the server's name, by that authority.
  case good
  case wrongName = "wrong-name"
  case unknownAuthority = "unknown-authority"
  /// None: STARTTLS is not offered.
  case missing
}

/// What a client of ours does on one connection.
package struct PeerConnection: Equatable, Sendable, Codable {
  package var steps: [PeerStep]
  /// Whether the server is ended and started again before the next connection.
  package var restartsServer: Bool { steps.last?.ending == .restart }
}

/// A step of a client of ours: it says something, and waits for answers.
package struct PeerStep: Equatable, Sendable, Codable {
  /// How the connection goes on behind what was said.
  package enum Ending: String, CaseIterable, Sendable, Codable {
    /// It waits until the server closes.
    case server
    /// It closes.
    case close
    /// It breaks off without a word (RST).
    case vanish
    /// It stays until the server is ended, which closes it from the server's side, and the server is started again.
    case restart
  }
  /// The octets, `\r\n` included.
  package var octets = ""
  /// How many replies are waited for.
  package var replies = 1
  /// What each reply has to begin with; one of several with `|` between: `250`, `5`, `501|500`, `+OK`.
  package var expected: [String] = []
  /// Whether the reply of POP3 has more lines, up to a dot.
  package var hasManyLines = false
  /// Octets that go out in one segment; nil for all.
  package var pieceByteCount: Int?
  /// Milliseconds before each piece.
  package var milliseconds = 0.0
  package var ending: Ending?
  /// What must stand in the reply, somewhere.
  package var contains: [String] = []
}

/// One thing that is demanded of a program.
package struct ProgramCheck: Equatable, Sendable {
  package var check: Check
  package var rule: WireRule
  /// The cases in which it is looked at; empty for all.
  package var cases: [String] = []
  /// Looked at is what the student's server said to the next server, and not what it answered to ours.
  package var isTowardNext = false
  package var parameters = RuleParameters()
}

/// What a rule needs to know besides the dialogue.
package struct RuleParameters: Equatable, Sendable {
  package var from: String?
  package var recipients: [String] = []
  package var subject: String?
  /// Text that the body of the message must be, line by line.
  package var body: String?
  /// A file of the case that the body must be, or that must be attached.
  package var file: String?
  package var user: String?
  package var password: String?
  /// Commands that must have been said, such as `RETR 1`.
  package var commands: [String] = []
  /// Whether each of them is to come behind the whole reply to the one before it.
  package var isAnswered = false
  /// How often a command may be said in all that is refused for now; nil where nobody counts.
  package var tryCount: Int?
  /// Seconds that have to pass before something is tried again.
  package var pauseSeconds: Double?
  /// Whether nothing else may have been printed.
  package var isAll = false
}

/// What may be large in a trial, and how large.
package enum TrialLimits {
  package static let caseCount = 24
  package static let checkCount = 40
  package static let connectionCount = 16
  package static let stepCount = 200
  /// Seconds of one case.
  package static let longestSeconds = 60.0
  /// Files of a submission that come along with the program, and their octets together.
  package static let programFileCount = 64
  package static let programByteCount = 4 << 20
  /// What is kept of a program's output, and of its diagnostics.
  package static let keptOutputByteCount = 32 << 10
  /// A program that writes more is stopped.
  package static let outputByteCount = 4 << 20
  /// A program that sends more is stopped; so much of a capture is kept.
  package static let trafficByteCount = 8 << 20
  /// Lines of one side of a connection that are told apart, and exchanges that are judged: more than any dialogue here has.
  package static let lineCount = 100_000
  package static let exchangeCount = 2_000
  /// Connections that one program may open.
  package static let openedConnectionCount = 64
}
