internal import Bytes
internal import Glibc
internal import Grading
internal import MailProtocols

/// Our client for a student's server: it plays the connections of the case, step by step, and waits for each reply as long as
/// the case allows.
struct SpeakingPeer {
  private struct Line {
    var plan: PeerConnection
    var socket: PeerSocket?
    var stepIndex = 0
    /// Replies of the step that are still to come.
    var missing = 0
    var hasSpoken = false
    var heard: [UInt8] = []
    var isInReply = false
    var lastActivity: Int64 = 0
    var isOver = false
    /// Breaks off as soon as the server waits.
    var isVanishing = false
    /// Has closed its side because the server was silent for too long; what the server says to that is still heard.
    var isLeaving = false
    /// Stays until the server, as soon as it waits, has been ended.
    var awaitsRestart = false
    var hold = RestHold()
  }
  private let spoken: TrialProtocol
  private let host: String
  private let port: UInt16
  private let quiet: Int64
  private let isTogether: Bool
  /// Reads from one connection before the others have their turn.
  private static let readCount = 8
  /// What a server says beyond this is not read any more.
  private static let heardByteCount = 1 << 20
  private var lines: [Line]
  /// The connection that is opened as soon as the server waits.
  private var nextIndex: Int?
  private var nextHold = RestHold()
  /// When something is to be done that waits for the server.
  private var nextLook: Int64?
  /// Whether the server is to be ended and started again, before anything else is done.
  private(set) var wantsRestart = false
  private(set) var log: SocketLog
  /// Our ends of the connections. A program that connects to itself has others.
  private(set) var ports: [UInt16] = []
  /// How long the end of a server that is gone may take to come, in milliseconds.
  private static let longestEndMilliseconds = 1_000

  init(_ spoken: TrialProtocol, _ testCase: TrialCase, host: String, port: UInt16) {
    self.spoken = spoken
    self.host = host
    self.port = port
    quiet = Int64(testCase.quietSeconds * 1e9)
    isTogether = testCase.peer.isTogether
    lines = testCase.peer.connections.map { Line(plan: $0) }
    log = SocketLog(serverPort: port)
  }
  var isFlooded: Bool { lines.contains { $0.heard.count + ($0.socket?.heardByteCount ?? 0) > Self.heardByteCount } }
  /// Whether a connection ended before its last step: the server may have crashed.
  var wasCutShort: Bool { lines.contains { $0.isOver && $0.stepIndex < $0.plan.steps.count - 1 } }
  var isDone: Bool { lines.allSatisfy(\.isOver) }
  var watched: [(file: Int32, events: Int16)] {
    lines.compactMap { line in
      guard let socket = line.socket, !socket.isOver, !socket.hasFinished else { return nil }
      return (socket.file, Int16(POLLIN))
    }
  }
  var isOurTurn: Bool { lines.contains { $0.socket?.isOurTurn == true } }
  var nextDue: Int64? { (lines.compactMap { $0.socket?.nextDue } + [nextLook].compactMap(\.self)).min() }

  mutating func begin(_ moment: TrialMoment) {
    for index in lines.indices where isTogether || index == 0 { open(index, moment) }
  }
  private mutating func open(_ index: Int, _ moment: TrialMoment) {
    let file = FreePort.connect(host, port)
    lines[index].lastActivity = moment.fair
    guard file >= 0 else {
      log.ended(index + 1, byClient: false, failure: ECONNREFUSED)
      return finish(index, moment)
    }
    lines[index].socket = PeerSocket(number: index + 1, file: file, farPort: port)
    ports.append(FreePort.near(file))
    log.opened(index + 1)
    speak(index, moment)
  }
  /// Says what the present step says; steps that wait for nothing are passed at once.
  private mutating func speak(_ index: Int, _ moment: TrialMoment) {
    while lines[index].plan.steps.indices.contains(lines[index].stepIndex) {
      let step = lines[index].plan.steps[lines[index].stepIndex]
      lines[index].missing = step.replies
      lines[index].hasSpoken = true
      let octets = Array(step.octets.utf8)
      let size = max(1, step.pieceByteCount ?? max(1, octets.count))
      for start in stride(from: 0, to: octets.count, by: size) {
        lines[index].socket?.say(
          Array(octets[start..<min(start + size, octets.count)]), delay: Int64(step.milliseconds * 1e6), now: moment.now
        )
      }
      switch step.ending {
      case .vanish: lines[index].isVanishing = true
      case .restart: lines[index].awaitsRestart = true
      case .close: lines[index].socket?.closeBehind()
      case .server, nil: break
      }
      if step.replies > 0 || step.ending != nil { return }
      lines[index].stepIndex += 1
    }
    lines[index].socket?.closeBehind()
  }
  mutating func work(_ moment: TrialMoment) -> Bool {
    var happened = false
    nextLook = nil
    if let index = nextIndex {
      switch nextHold.look(moment, isAtRest: moment.isAtRest) {
      case .waits: nextLook = moment.now + RestHold.lookNanoseconds
      case .rests, .gaveUp:
        nextIndex = nil
        open(index, moment)
        happened = true
      }
    }
    for index in lines.indices where lines[index].socket != nil && !lines[index].isOver {
      for octets in lines[index].socket?.flush(moment) ?? [] {
        happened = true
        lines[index].lastActivity = moment.fair
        log.said(index + 1, octets, byClient: true)
      }
      if lines[index].socket?.hasSaidAll == true { log.closed(index + 1, byClient: true) }
      if lines[index].socket?.isOver == true {
        finish(index, moment)
        continue
      }
      if lines[index].isVanishing, let socket = lines[index].socket, !socket.wantsToSend {
        if lines[index].hold.look(moment, isAtRest: socket.isAtRest(moment)) == .waits {
          nextLook = moment.now + RestHold.lookNanoseconds
          continue
        }
        lines[index].socket?.abort()
        log.broken(index + 1, byClient: true)
        finish(index, moment)
        happened = true
        continue
      }
      if lines[index].awaitsRestart, let socket = lines[index].socket, !socket.wantsToSend {
        if lines[index].hold.look(moment, isAtRest: socket.isAtRest(moment)) == .waits {
          nextLook = moment.now + RestHold.lookNanoseconds
        } else {
          wantsRestart = true
        }
        continue
      }
      for _ in 0..<Self.readCount {
        guard let octets = lines[index].socket?.hear(), !octets.isEmpty else { break }
        happened = true
        lines[index].lastActivity = moment.fair
        log.said(index + 1, octets, byClient: false)
        lines[index].heard += octets
        hear(index, moment)
      }
      if lines[index].socket?.hasFinished == true {
        log.ended(index + 1, byClient: false, failure: lines[index].socket?.failure)
        lines[index].socket?.closeBehind()
        for octets in lines[index].socket?.flush(nil) ?? [] { log.said(index + 1, octets, byClient: true) }
        finish(index, moment)
        happened = true
      } else if lines[index].isLeaving, let socket = lines[index].socket {
        // A server that serves one after the other comes to this one when the others have gone.
        guard lines.allSatisfy({ $0.isOver || $0.isLeaving || $0.socket == nil }) else { continue }
        nextLook = moment.now + RestHold.lookNanoseconds
        // What is on its way has woken nobody yet.
        let isAtRest = socket.isConfirmed && socket.isAtRest(moment)
        if lines[index].hold.look(moment, isAtRest: isAtRest) == .waits { continue }
        finish(index, moment)
        happened = true
      } else if lines[index].socket?.nextDue == nil, moment.fair - lines[index].lastActivity > quiet {
        // It was waited for long enough.
        lines[index].isLeaving = true
        lines[index].socket?.closeBehind()
        _ = lines[index].socket?.flush(moment)
        log.closed(index + 1, byClient: true)
        moment.wake()
        nextLook = moment.now + RestHold.lookNanoseconds
        happened = true
      }
    }
    return happened
  }
  /// Counts the replies that are whole.
  private mutating func hear(_ index: Int, _ moment: TrialMoment) {
    while let end = lines[index].heard.firstIndex(of: ASCII.lineFeed) {
      let whole = Array(lines[index].heard[...end])
      lines[index].heard.removeFirst(end + 1)
      var text = Array(whole.dropLast())
      if text.last == ASCII.carriageReturn { text.removeLast() }
      guard lines[index].plan.steps.indices.contains(lines[index].stepIndex) else { continue }
      let step = lines[index].plan.steps[lines[index].stepIndex]
      guard isEndOfReply(text, step, &lines[index].isInReply) else { continue }
      lines[index].missing -= 1
      if lines[index].missing == 0, step.ending == nil, !lines[index].isLeaving {
        lines[index].stepIndex += 1
        speak(index, moment)
      }
    }
  }
  private func isEndOfReply(_ text: [UInt8], _ step: PeerStep, _ isInReply: inout Bool) -> Bool {
    switch spoken {
    case .smtp: return SMTPReply.parse(text.span)?.isLast ?? true
    case .pop3:
      if isInReply {
        isInReply = text != [ASCII.dot]
        return !isInReply
      }
      isInReply = step.hasManyLines && text.starts(with: "+OK".utf8)
      return !isInReply
    case .imap: return step.octets.isEmpty || text.first != UInt8(ascii: "*")
    }
  }
  private mutating func finish(_ index: Int, _ moment: TrialMoment) {
    lines[index].isOver = true
    lines[index].socket?.end()
    log.closed(index + 1, byClient: true)
    if lines[index].plan.restartsServer { wantsRestart = true } else { openNext(moment) }
  }
  /// Has the next connection opened, where one is left that comes behind the others.
  private mutating func openNext(_ moment: TrialMoment) {
    guard !isTogether, let index = lines.firstIndex(where: { $0.socket == nil && !$0.isOver }) else { return }
    nextIndex = index
    nextLook = moment.now
  }
  /// The server has ended: hears what it still said, and only then closes, so that its side is the one that closed first and
  /// keeps the connection (RFC 9293 §3.6.1).
  mutating func hearOut(_ moment: TrialMoment) {
    for index in lines.indices where lines[index].awaitsRestart && !lines[index].isOver {
      for _ in 0..<Self.longestEndMilliseconds where lines[index].socket?.hasFinished == false {
        while let octets = lines[index].socket?.hear(), !octets.isEmpty {
          log.said(index + 1, octets, byClient: false)
        }
        if lines[index].socket?.hasFinished == false { usleep(1_000) }
      }
      log.ended(index + 1, byClient: false, failure: lines[index].socket?.failure)
      finish(index, moment)
    }
  }
  /// The server has been started again: the next connection comes.
  mutating func goOn(_ moment: TrialMoment) {
    wantsRestart = false
    openNext(moment)
  }
  mutating func end() {
    for index in lines.indices { lines[index].socket?.end() }
  }
}
