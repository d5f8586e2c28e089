internal import Bytes
internal import Capture
internal import Glibc
internal import Grading
internal import MailSystem
internal import Packets

/// Plays one case: the student's program and our peer, in one loop that waits for both.
///
///     perform → record
struct TrialStage {
  private let order: TrialOrder
  private var testCase: TrialCase
  private let tap: PacketTap?
  /// In the unsafe mode, where the program's files are put.
  private let folder: String?
  private let host = "127.0.0.1"
  private var port: UInt16
  private var record: TrialRecord
  private var programs: [RunningProgram] = []
  private var peer: TrialPeer
  /// The server to which the student's passes mail on, and since when nobody brings anything new to the student's.
  private var next: ListeningPeer?
  private var nextSince: Int64?
  private var packets = RecordedPackets()
  private let start: Int64
  private var clock: FairClock
  /// When something last happened, by the fair clock.
  private var lastActivity: Int64 = 0
  private var nextMemoryLook: Int64 = 0
  private let droppedBefore: Int
  /// How long the loop sleeps at most, in milliseconds: the time in which packets are taken from the kernel.
  private static let tick: Int64 = 20
  /// How often the programs are looked at, in nanoseconds, and when next.
  private static let lookNanoseconds: Int64 = 2_000_000
  private var nextLook: Int64 = 0
  /// A program that could have run so many times as long, and was let run for less than it may, met a machine that is too busy.
  static let patience = 4.0
  /// The same for a dialogue that goes on and on: whoever is always answered has hardly any time that is its own.
  private static let dialoguePatience = 3.0
  /// How long a program that crashes may take to say so.
  private static let lastWordsNanoseconds: Int64 = 400_000_000
  /// What a server may take to begin, besides.
  private static let startNanoseconds: Int64 = 1_500_000_000

  init(_ order: TrialOrder, _ testCase: TrialCase, tap: PacketTap?, number: Int, folder: String?) throws(TrialFault) {
    self.order = order
    self.testCase = testCase
    self.tap = tap
    self.folder = folder
    start = Clock.nanoseconds
    clock = FairClock(start)
    droppedBefore = tap?.droppedCount ?? 0
    record = TrialRecord(id: testCase.id)
    record.isUnsafe = order.isUnsafe
    switch order.role {
    case .client:
      let security: PeerSecurity? =
        if let offer = testCase.peer.tls { try PeerSecurity(offer, hostName: testCase.peer.name) } else { nil }
      if let security { self.testCase.files[PeerSecurity.fileName] = security.pem }
      peer = .server(try ListeningPeer(order.spoken, testCase.peer, host: host, security: security))
      port = peer.port
    case .server:
      port = try FreePort.take(host)
      peer = .client(SpeakingPeer(order.spoken, testCase, host: host, port: port))
    case .both:
      port = try FreePort.take(host)
      peer = tap == nil ? .between(try ForwardingPeer(host: host, serverPort: port)) : .none
    }
    if let plan = testCase.peer.next {
      next = try ListeningPeer(order.spoken, plan.plan, host: host, isDown: plan.missedCount > 0)
      record.nextPort = next?.port
    }
    record.host = host
    record.port = port
    packets.linkType = tap?.linkType ?? .raw
  }

  /// Runs the case to its end. What is ours to answer for stands in the record's `fault`.
  mutating func perform() -> TrialRecord {
    do throws(TrialFault) {
      try play()
    } catch {
      record.fault = error.description
    }
    for index in programs.indices {
      do throws(TrialFault) { try programs[index].stop() } catch { record.fault = record.fault ?? error.description }
    }
    peer.end()
    next?.end()
    record.programs = programs.map(\.record)
    record.milliseconds = Double(Clock.nanoseconds - start) / 1e6
    collectToTheEnd()
    record.protectedSpeeches = peer.protectedSpeeches
    record.source = tap == nil ? .socket : .packets
    // What our sockets tell is of our connections alone.
    record.clientPorts = tap == nil ? nil : peer.clientPorts
    if tap == nil { packets.take(peer.log + (next?.log.events ?? [])) }
    if let tap, tap.droppedCount > droppedBefore {
      // Who sends so much that packets are lost sends more than it may.
      if packets.isLarge || record.limits.contains(.connections) {
        exceed(.traffic)
      } else {
        record.fault = record.fault ?? "packets were lost"
      }
    }
    record.capture = Octets(packets.file)
    return record
  }
  private mutating func play() throws(TrialFault) {
    for program in order.programs {
      try startProgram(program)
      if program.name == "server", try !awaitListener() {
        if !programs[programs.count - 1].hasEnded, record.limits.isEmpty { exceed(.quiet) }
        return
      }
    }
    peer.begin(moment)
    while !isOver {
      try step()
      if peer.wantsRestart, record.limits.isEmpty { try restart() }
    }
    // A server that crashed has closed its connections first, and says why in the end.
    let end = clock.nanoseconds + Self.lastWordsNanoseconds
    while peer.wasCutShort, record.limits.isEmpty, programs.last?.hasEnded == false, clock.nanoseconds < end {
      try step()
    }
    // The last packets of a connection that was just closed.
    for _ in 0..<3 where record.limits.isEmpty { try step() }
  }
  private mutating func startProgram(_ program: SubmittedProgram) throws(TrialFault) {
    var program = program
    // A certificate that the student has handed in is of another run.
    if testCase.peer.tls != nil { program.files.removeAll { $0.name == PeerSecurity.fileName } }
    lastActivity = clock.nanoseconds
    programs.append(
      try RunningProgram(
        program, testCase, place: (host, program.name == "client" ? peer.portBefore ?? port : port),
        nextPort: record.nextPort, isUnsafe: order.isUnsafe, folder: folder))
  }
  /// Ends the student's server, and starts it again while the system keeps the connections of its first run. Where it does not
  /// come back, the client that is refused shows it.
  private mutating func restart() throws(TrialFault) {
    guard let server = order.programs.first, var program = programs.popLast() else { return }
    do throws(TrialFault) { try program.stop() } catch {
      programs.append(program)
      throw error
    }
    peer.hearOut(moment)
    record.restarts =
      (record.restarts ?? []) + [
        TrialRecord.Restart(program: program.record, keptConnectionCount: keptConnectionCount())
      ]
    try startProgram(server)
    _ = try awaitListener(isAgain: true)
    peer.goOn(moment)
  }
  /// Connections in TIME-WAIT at the server's port, as soon as no other holds it.
  private func keptConnectionCount() -> Int {
    var count = PrivateNetwork.closingCount(port)
    for _ in 0..<Self.longestCloseMilliseconds where count.others > 0 {
      usleep(1_000)
      count = PrivateNetwork.closingCount(port)
    }
    return count.kept
  }
  /// How long connections of a server that is gone may take to close.
  private static let longestCloseMilliseconds = 200
  /// Waits until the student's server listens; false when it has ended, or does not in the time that it has. A server that has
  /// listened before (`isAgain`) gets no more time for what it writes.
  private mutating func awaitListener(isAgain: Bool = false) throws(TrialFault) -> Bool {
    let start = clock.nanoseconds
    while true {
      if PrivateNetwork.listeners().contains(where: isInPlace) { return true }
      try watch(3)
      noteListeners()
      let isLate =
        clock.nanoseconds - (isAgain ? start : lastActivity) > Int64(testCase.quietSeconds * 1e9)
        + Self.startNanoseconds
      if programs[programs.count - 1].hasEnded || isLate || !record.limits.isEmpty { return false }
    }
  }
  /// Whether somebody listens where the student's server should: at its address, or at any. Without a network of its own others
  /// of this machine may have the same port at another address.
  private func isInPlace(_ listener: (address: String, port: UInt16)) -> Bool {
    listener.port == port && [host, "0.0.0.0", "[::]"].contains(listener.address)
  }
  private mutating func noteListeners() {
    guard !order.isUnsafe, order.role != .both else { return }
    let others = PrivateNetwork.listeners().filter { !isInPlace($0) && $0.port != record.nextPort }.map {
      "\($0.address):\($0.port)"
    }
    if !others.isEmpty, !programs.isEmpty { programs[programs.count - 1].listeners = others }
  }
  private var moment: TrialMoment {
    TrialMoment(
      now: Clock.nanoseconds, fair: clock.nanoseconds, programs: programs.filter { !$0.hasEnded }.map(\.id))
  }
  private var isOver: Bool {
    if !record.limits.isEmpty { return true }
    let isClientGone = programs.last?.hasEnded ?? true
    switch order.role {
    case .client: return isClientGone && peer.isAtRest
    case .both: return isClientGone
    case .server: return peer.isDone && isNextDone
    }
  }
  /// Whether nothing more is expected at the next server: all has come, and then nothing for a while; or nothing at all any more.
  private var isNextDone: Bool {
    guard let next, let plan = testCase.peer.next else { return true }
    guard let nextSince, next.isAtRest else { return false }
    let still = clock.nanoseconds - lastActivity
    if programs.allSatisfy(\.hasEnded) { return true }
    return still > Int64(testCase.quietSeconds * 1e9)
      || (next.takenCount >= plan.messageCount && still > Self.surplusNanoseconds)
      || clock.nanoseconds - nextSince > Self.longestNextNanoseconds
  }
  /// How long is waited for what comes too much, and for all that comes behind the clients.
  private static let surplusNanoseconds: Int64 = 800_000_000
  private static let longestNextNanoseconds: Int64 = 5_000_000_000
  /// Where packets are not seen, how long the next server is down.
  private static let downNanoseconds: Int64 = 1_000_000_000
  /// Lets the next server do its part; returns whether anything happened.
  private mutating func workNext() throws(TrialFault) -> Bool {
    guard next != nil, let plan = testCase.peer.next else { return false }
    if peer.isDone, nextSince == nil { nextSince = clock.nanoseconds }
    if next?.isDown == true {
      let isOver =
        tap == nil
        ? clock.nanoseconds - (nextSince ?? clock.nanoseconds) > Self.downNanoseconds
        : packets.attemptCount(to: record.nextPort ?? 0) >= plan.missedCount
      if isOver { try next?.goUp() }
    }
    let moment = moment
    return next?.work(moment) ?? false
  }
  private mutating func step() throws(TrialFault) {
    let now = Clock.nanoseconds
    let due =
      [peer.nextDue, next?.nextDue].compactMap(\.self).min().map { max(0, ($0 - now + 999_999) / 1_000_000) }
      ?? Self.tick
    try watch(min(due, Self.tick))
    if peer.work(moment) { lastActivity = clock.nanoseconds }
    if try workNext() { lastActivity = clock.nanoseconds }
    if peer.isFlooded { exceed(.traffic) }
    if next?.isFlooded == true { exceed(.traffic) }
    if peer.isCrowded || next?.isCrowded == true { exceed(.connections) }
  }
  /// Waits for anything to happen, for so many milliseconds at most, and looks at the limits.
  private mutating func watch(_ milliseconds: Int64) throws(TrialFault) {
    var watched = programs.flatMap(\.watched).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    watched += (peer.watched + (next?.watched ?? [])).map { pollfd(fd: $0.file, events: $0.events, revents: 0) }
    // The end of a program shows in its pipes; where it has closed them, within a tick.
    _ = unsafe poll(&watched, nfds_t(watched.count), Int32(clamping: milliseconds))
    for index in programs.indices {
      let (isActive, isOverLimit) = programs[index].drain()
      if isOverLimit { exceed(.output) }
      let hasJustEnded = programs[index].check()
      if isActive || hasJustEnded { lastActivity = clock.nanoseconds }
      if case .signalled(24)? = programs[index].ending { exceed(.processor) }
    }
    collect()
    if packets.isFull { exceed(.traffic) }
    let now = Clock.nanoseconds
    if now >= nextLook {
      nextLook = now + Self.lookNanoseconds
      clock.advance(
        ProcessLook(moment.programs), now, isOurTurn: peer.isOurTurn, ownProcessor: Clock.ownProcessorNanoseconds)
    }
    let seconds = testCase.seconds * 1e9
    if Double(clock.ownNanoseconds) > seconds || Double(clock.nanoseconds) > Self.dialoguePatience * seconds {
      exceed(.time)
    } else if Double(now - start) > Self.patience * (testCase.seconds + 2) * 1e9 {
      throw TrialFault("this machine is too busy: the program was not let run for as long as it may")
    }
    if peer.nextDue == nil, clock.nanoseconds - lastActivity > Int64(testCase.quietSeconds * 1e9), !peer.waitsByItself {
      exceed(.quiet)
    }
    if now >= nextMemoryLook {
      nextMemoryLook = now + 50_000_000
      if programs.contains(where: { !$0.hasEnded && $0.isOverMemory() }) { exceed(.memory) }
      if order.role == .client { noteListeners() }
    }
  }
  private mutating func exceed(_ limit: TrialRecord.Limit) {
    if !record.limits.contains(limit) { record.limits.append(limit) }
  }
  /// Takes packets until a mark of our own comes, behind which nothing of the case can be.
  private mutating func collectToTheEnd() {
    guard tap != nil else { return }
    let mark = EndMark()
    for millisecond in 0..<Self.longestEndMilliseconds {
      // Where so much is said that packets are lost, the mark may be, too.
      if millisecond % 50 == 0 { mark.send() }
      collect()
      if let index = packets.place(of: mark.octets) { return packets.cut(at: index) }
      usleep(1_000)
    }
    record.fault = record.fault ?? "the end of the capture is missing"
  }
  /// Longer than the kernel holds packets back.
  private static let longestEndMilliseconds = 2_000
  private mutating func collect() {
    guard let tap else { return }
    var taken: [RecordedPackets.Packet] = []
    do throws(LiveCaptureError) {
      try tap.take(octetLimit: TrialLimits.trafficByteCount) { octets, header in
        taken.append(RecordedPackets.Packet(octets: octets.copied(), timestamp: header.timestamp))
      }
    } catch {
      record.fault = record.fault ?? "the capture stopped: \(error)"
    }
    for packet in taken { packets.append(packet) }
  }
}
