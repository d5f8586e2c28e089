internal import Glibc

/// Our end of a connection with a student's program: what is to be sent, and when.
struct PeerSocket {
  let number: Int
  private(set) var file: Int32
  /// The port at the other end.
  let farPort: UInt16
  private let nearPort: UInt16
  /// Octets, and how long behind those before them they go out.
  private var waiting: [(delay: Int64, octets: [UInt8])] = []
  /// When the first of them may go out.
  private var due: Int64 = 0
  private var hold = RestHold()
  /// The program does not take what comes: it is not waited for any more.
  private var isNotTaken = false
  /// What is to be done behind all that waits.
  private(set) var isClosing = false
  /// Whether the other side has said that nothing more comes.
  private(set) var hasFinished = false
  /// Why it says nothing more, where it has not closed: the system's number of the error.
  private(set) var failure: Int32?
  private(set) var hasSaidAll = false
  private(set) var heardByteCount = 0
  private(set) var saidByteCount = 0
  var isOver: Bool { file < 0 }
  /// What was said and what waits.
  private(set) var queuedByteCount = 0

  /// `farPort` where the connection may not stand yet.
  init(number: Int, file: Int32, farPort: UInt16? = nil) {
    self.number = number
    self.file = file
    nearPort = FreePort.near(file)
    self.farPort = farPort ?? FreePort.far(file)
    _ = fcntl(file, F_SETFL, O_NONBLOCK)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    var on: Int32 = 1
    _ = unsafe setsockopt(file, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    acknowledgeAtOnce()
  }
  /// Has the kernel acknowledge what comes without a delay, until it changes its mind. Else the other side's kernel holds back
  /// what a program says too early (RFC 9293 §3.7.4, Nagle), and the packets tell that it had waited.
  private func acknowledgeAtOnce() {
    var on: Int32 = 1
    if file >= 0 {
      _ = unsafe setsockopt(file, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
    }
  }
  /// Whether the program waits for us: something is to be sent, and it takes what comes.
  var isOurTurn: Bool { !waiting.isEmpty && !isNotTaken }
  var wantsToSend: Bool { !waiting.isEmpty }
  /// When the next octets go out; nil when none wait.
  var nextDue: Int64? { waiting.isEmpty ? nil : due }

  /// Sends octets, `delay` nanoseconds behind what was sent before.
  mutating func say(_ octets: [UInt8], delay: Int64, now: Int64) {
    if waiting.isEmpty { due = now + delay }
    waiting.append((delay, octets))
    queuedByteCount += octets.count
  }
  /// Ends our side behind what waits.
  mutating func closeBehind() { isClosing = true }
  /// Sends what is due and returns it, each piece only when the program waits for it: what depends on who is faster is the same
  /// on every machine. `moment` is nil where nothing is waited for any more.
  mutating func flush(_ moment: TrialMoment?) -> [[UInt8]] {
    var sent: [[UInt8]] = []
    while !isOver, let first = waiting.first, due <= moment?.now ?? Int64.max {
      if let moment, isHeld(moment) { break }
      let count = unsafe first.octets.withUnsafeBytes {
        unsafe send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EAGAIN || errno == EINTR { break }
        waiting = []
        break
      }
      saidByteCount += count
      moment?.wake()
      sent.append(Array(first.octets.prefix(count)))
      if count < first.octets.count {
        waiting[0].octets.removeFirst(count)
      } else {
        waiting.removeFirst()
        if let next = waiting.first, let moment { due = moment.now + next.delay }
      }
    }
    if !sent.isEmpty { acknowledgeAtOnce() }
    if isClosing, waiting.isEmpty, !hasSaidAll, !isOver {
      hasSaidAll = true
      shutdown(file, Int32(SHUT_WR))
      if hasFinished { end() }
    }
    return sent
  }
  /// Whether the next piece has to wait for the program.
  private mutating func isHeld(_ moment: TrialMoment) -> Bool {
    switch hold.look(moment, isAtRest: isAtRest(moment)) {
    case .rests: isNotTaken = false
    case .gaveUp: isNotTaken = true
    case .waits:
      if isNotTaken { return false }
      due = moment.now + RestHold.lookNanoseconds
      return true
    }
    return false
  }
  func isAtRest(_ moment: TrialMoment) -> Bool { moment.isAtRest(file, mine: nearPort, theirs: farPort) }
  /// What has come; nil when the other side has closed or broken off.
  mutating func hear() -> [UInt8]? {
    guard !isOver, !hasFinished else { return nil }
    var octets = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe recv(file, &octets, octets.count, 0)
    let error = errno
    if count < 0, error == EAGAIN || error == EINTR { return [] }
    if count <= 0 {
      hasFinished = true
      if count < 0 { failure = error }
      if count < 0 || hasSaidAll { end() }
      return nil
    }
    heardByteCount += count
    acknowledgeAtOnce()
    return Array(octets.prefix(count))
  }
  mutating func end() {
    if file >= 0 { close(file) }
    file = -1
    waiting = []
  }
  /// Breaks off without a word.
  mutating func abort() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    if file >= 0 { _ = unsafe setsockopt(file, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size)) }
    end()
  }
}
