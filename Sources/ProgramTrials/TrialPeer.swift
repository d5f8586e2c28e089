internal import Bytes
internal import Glibc
internal import Grading

/// Our side of a case: a server for the student's client, a client for the student's server; where the student has written
/// both, nobody, or who stands between them because the packets are not seen.
enum TrialPeer {
  case server(ListeningPeer)
  case client(SpeakingPeer)
  case between(ForwardingPeer)
  case none

  var port: UInt16 { if case .server(let peer) = self { peer.port } else { 0 } }
  /// Whether nothing is left to do for the server: no connection, nothing to be sent.
  var isAtRest: Bool { if case .server(let peer) = self { peer.isAtRest } else { true } }
  /// Whether the client has played all its connections.
  var isDone: Bool { if case .client(let peer) = self { peer.isDone } else { true } }
  /// Whether the peer has a clock of its own for how long it waits.
  var waitsByItself: Bool { if case .client = self { true } else { false } }
  var wasCutShort: Bool { if case .client(let peer) = self { peer.wasCutShort } else { false } }
  /// Whether the client waits for the server to be started again.
  var wantsRestart: Bool { if case .client(let peer) = self { peer.wantsRestart } else { false } }
  var isFlooded: Bool {
    switch self {
    case .server(let peer): peer.isFlooded
    case .client(let peer): peer.isFlooded
    case .between(let peer): peer.isFlooded
    case .none: false
    }
  }
  var isCrowded: Bool {
    switch self {
    case .server(let peer): peer.isCrowded
    case .between(let peer): peer.isCrowded
    case .client, .none: false
    }
  }
  /// Where the student's client connects to, other than where the server listens; nil where that is the same.
  var portBefore: UInt16? { if case .between(let peer) = self { peer.port } else { nil } }

  var watched: [(file: Int32, events: Int16)] {
    switch self {
    case .server(let peer): peer.watched
    case .client(let peer): peer.watched
    case .between(let peer): peer.watched
    case .none: []
    }
  }
  /// Whether the programs wait for what we are about to say.
  var isOurTurn: Bool {
    switch self {
    case .server(let peer): peer.isOurTurn
    case .client(let peer): peer.isOurTurn
    case .between, .none: false
    }
  }
  var nextDue: Int64? {
    switch self {
    case .server(let peer): peer.nextDue
    case .client(let peer): peer.nextDue
    case .between, .none: nil
    }
  }
  var log: [SocketLog.Event] {
    switch self {
    case .server(let peer): peer.log.events
    case .client(let peer): peer.log.events
    case .between(let peer): peer.log.events
    case .none: []
    }
  }
  /// From where our client has connected.
  var clientPorts: [UInt16]? { if case .client(let peer) = self { peer.ports } else { nil } }
  /// What our server heard and said inside TLS.
  var protectedSpeeches: [ProtectedSpeech]? {
    if case .server(let peer) = self { peer.protectedSpeeches } else { nil }
  }
  mutating func begin(_ moment: TrialMoment) {
    guard case .client(var peer) = self else { return }
    peer.begin(moment)
    self = .client(peer)
  }
  /// Behind the end of a server that is to be started again, and behind its new start.
  mutating func hearOut(_ moment: TrialMoment) {
    guard case .client(var peer) = self else { return }
    peer.hearOut(moment)
    self = .client(peer)
  }
  mutating func goOn(_ moment: TrialMoment) {
    guard case .client(var peer) = self else { return }
    peer.goOn(moment)
    self = .client(peer)
  }
  /// Does what is to be done now; returns whether anything happened.
  mutating func work(_ moment: TrialMoment) -> Bool {
    switch self {
    case .server(var peer):
      let happened = peer.work(moment)
      self = .server(peer)
      return happened
    case .client(var peer):
      let happened = peer.work(moment)
      self = .client(peer)
      return happened
    case .between(var peer):
      let happened = peer.work()
      self = .between(peer)
      return happened
    case .none: return false
    }
  }
  mutating func end() {
    switch self {
    case .server(var peer):
      peer.end()
      self = .server(peer)
    case .client(var peer):
      peer.end()
      self = .client(peer)
    case .between(var peer):
      peer.end()
      self = .between(peer)
    case .none: break
    }
  }
}
