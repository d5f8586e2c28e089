internal import Bytes

/// What was recorded while a program ran: everything that is needed to judge it, without running it again.
package struct TrialRecord: Equatable, Sendable, Codable {
  /// Where the packets come from.
  package enum Source: String, Sendable, Codable {
    /// From the private network, by libpcap.
    case packets
    /// From our own side's sockets, as packets would have been: libpcap was not permitted.
    case socket
  }
  /// How a program ended.
  package enum Ending: Equatable, Sendable, Codable {
    case exited(Int)
    case signalled(Int)
    /// By us.
    case stopped
    /// It could not even be started.
    case notStarted
  }
  /// What a program ran into.
  package enum Limit: String, CaseIterable, Sendable, Codable {
    /// The time of the whole case.
    case time
    /// Nothing happened for too long.
    case quiet
    case memory, output, traffic, connections
    /// Processor time.
    case processor

    /// In the middle of a sentence.
    package var words: String {
      switch self {
      case .time: "it ran longer than it may"
      case .quiet: "nothing happened any more, while something was waited for"
      case .memory: "it took more memory than it may"
      case .output: "it wrote more output than it may"
      case .traffic: "it sent more than it may"
      case .connections: "it opened more connections than it may"
      case .processor: "it took more processor time than it may"
      }
    }
  }
  /// One of the student's programs.
  package struct Program: Equatable, Sendable, Codable {
    /// `client`, `server`.
    package var name: String
    package var ending: Ending
    package var output: Octets
    package var diagnostics: Octets
    /// Where it listens, other than where it should: `0.0.0.0:2525`.
    package var listeners: [String] = []

    package init(name: String, ending: Ending, output: [UInt8], diagnostics: [UInt8], listeners: [String] = []) {
      self.name = name
      self.ending = ending
      self.output = Octets(output)
      self.diagnostics = Octets(diagnostics)
      self.listeners = listeners
    }
    /// The last line of a traceback, or of whatever it complained of.
    package var lastComplaint: String? {
      let text = String(decoding: diagnostics.octets, as: UTF8.self)
      return text.split(whereSeparator: \.isNewline).map { $0.trimmingBlanks }.last { !$0.isEmpty }
    }
  }
  /// A run of the student's server that was ended, so that the server could be started again.
  package struct Restart: Equatable, Sendable, Codable {
    package var program: Program
    /// Connections of that run that the system kept in TIME-WAIT when the server was started again (RFC 9293 §3.3.2).
    package var keptConnectionCount: Int

    package init(program: Program, keptConnectionCount: Int) {
      self.program = program
      self.keptConnectionCount = keptConnectionCount
    }
  }
  package var id: String
  package var source = Source.packets
  /// A capture file.
  package var capture = Octets([])
  /// Where the server of the case listens.
  package var host = ""
  package var port: UInt16 = 0
  /// Where the next server listens, to which a server of the student's passes mail on; nil where there is none.
  package var nextPort: UInt16?
  /// Each as it was last run.
  package var programs: [Program] = []
  /// The runs before; nil where there were none.
  package var restarts: [Restart]?
  package var limits: [Limit] = []
  /// Milliseconds from the start of the program to its end.
  package var milliseconds = 0.0
  /// Why we could not try the program, which is not the student's fault.
  package var fault: String?
  /// From where our client connected to the student's server; nil where every connection to it counts. Some servers try
  /// themselves first.
  package var clientPorts: [UInt16]?
  /// What was said inside TLS; nil where TLS was not begun.
  package var protectedSpeeches: [ProtectedSpeech]?
  /// The program ran outside the sandbox.
  package var isUnsafe = false

  package init(id: String) { self.id = id }
  /// Whether a connection to the student's server is one of our client's, or nobody knows better.
  func counts(_ connection: WireConnection) -> Bool { clientPorts?.contains(connection.client.port) ?? true }
}

/// Octets that are base64 in JSON.
package struct Octets: Equatable, Sendable, Codable {
  package var octets: [UInt8]
  package init(_ octets: [UInt8]) { self.octets = octets }
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let octets = Base64.decode(Array(text.utf8).span) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no base64"))
    }
    self.octets = octets
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Base64.encode(octets.span).span.text())
  }
}
