internal import Bytes
internal import Packets

/// One end of a TCP connection (RFC 9293) in simulated time: what it is told and given, it turns into segments to send
/// and into news for whoever uses it.
///
///     SYN-SENT ┐                       ┌ FIN-WAIT ┐
///              ├→ ESTABLISHED ─close→ ─┤          ├→ CLOSED
///     SYN-RCVD ┘                       └ LAST-ACK ┘
///
/// It retransmits (RFC 6298, with a minimum of 200 ms as Linux has it; three duplicate acknowledgements: RFC 5681 §3.2),
/// acknowledges every second segment or after 40 ms, and has neither selective acknowledgements nor time stamps.
struct VirtualTCP: Sendable {
  enum News: Equatable, Sendable {
    case established
    case received([UInt8])
    /// The peer will send no more.
    case finished
    /// The peer has broken the connection off, or has not answered for too long.
    case reset
  }
  private enum State: Sendable { case closed, synSent, synReceived, established }

  private(set) var outgoing: [VirtualSegment] = []
  private(set) var news: [News] = []
  private var state = State.closed
  private let segmentSize: Int
  private var peerSegmentSize = 536
  private var peerWindow = 65_535
  /// The oldest octet that is not acknowledged, and the next to be sent.
  private var unacknowledged: UInt32
  private var next: UInt32
  /// What has been given to send from `unacknowledged` on.
  private var buffer: [UInt8] = []
  private var isClosing = false
  private var hasSentFinish = false
  private var isFinishAcknowledged = false
  /// The next octet expected.
  private var expected: UInt32 = 0
  private var hasHeardFinish = false
  /// Segments beyond a hole.
  private var held: [VirtualSegment] = []
  private var congestionWindow: Int
  private var duplicateAcknowledgements = 0
  private var retransmissionTimeout = initialTimeout
  private var attempts = 0
  private var retransmitAt: Int64?
  private var acknowledgeAt: Int64?
  private var unacknowledgedSegments = 0

  private static let initialTimeout: Int64 = 200_000_000
  private static let connectionTimeout: Int64 = 1_000_000_000
  private static let acknowledgementDelay: Int64 = 40_000_000
  private static let attemptLimit = 6

  init(initialSequenceNumber: UInt32, segmentSize: Int) {
    unacknowledged = initialSequenceNumber
    next = initialSequenceNumber
    self.segmentSize = segmentSize
    congestionWindow = 10 * segmentSize
  }
  var isClosed: Bool { if case .closed = state { true } else { false } }
  /// When `tick` wants to be called.
  var deadline: Int64? {
    switch (retransmitAt, acknowledgeAt) {
    case (let a?, let b?): min(a, b)
    case (let a, let b): a ?? b
    }
  }
  mutating func takeOutgoing() -> [VirtualSegment] {
    defer { outgoing = [] }
    return outgoing
  }
  mutating func takeNews() -> [News] {
    defer { news = [] }
    return news
  }

  // MARK: What its user wants

  /// Begins a connection.
  mutating func open(at now: Int64) {
    state = .synSent
    sendSynchronize(.syn, at: now)
  }
  mutating func send(_ octets: [UInt8], at now: Int64) {
    guard !isClosing, !isClosed else { return }
    buffer += octets
    pump(at: now)
  }
  /// Sends no more, behind what was given to send.
  mutating func close(at now: Int64) {
    guard !isClosing, !isClosed else { return }
    isClosing = true
    pump(at: now)
  }
  /// Breaks the connection off.
  mutating func abort() {
    guard !isClosed else { return }
    outgoing.append(VirtualSegment(flags: [.rst, .ack], sequenceNumber: next, acknowledgementNumber: expected))
    end()
  }

  // MARK: Time

  mutating func tick(at now: Int64) {
    if let time = acknowledgeAt, time <= now { acknowledge() }
    guard let time = retransmitAt, time <= now else { return }
    attempts += 1
    guard attempts <= Self.attemptLimit else {
      news.append(.reset)
      return end()
    }
    retransmissionTimeout *= 2
    congestionWindow = segmentSize
    retransmit(at: now)
  }

  // MARK: What the peer sends

  mutating func receive(_ segment: VirtualSegment, at now: Int64) {
    if segment.flags.contains(.rst) {
      guard !isClosed else { return }
      news.append(.reset)
      return end()
    }
    switch state {
    case .closed:
      if segment.flags.contains(.syn), !segment.flags.contains(.ack), !hasHeardFinish, !hasSentFinish {
        accept(segment, at: now)
      } else if hasHeardFinish, segment.flags.contains(.fin) {
        // The peer has not heard our last word.
        acknowledge()
      }
    case .synSent:
      guard segment.flags.contains(.syn), segment.flags.contains(.ack), segment.acknowledgementNumber == next else {
        return
      }
      expected = segment.sequenceNumber &+ 1
      peerSegmentSize = Int(segment.maximumSegmentSize ?? 536)
      unacknowledged = next
      settleTimer(at: now)
      state = .established
      acknowledge()
      news.append(.established)
      pump(at: now)
    case .synReceived:
      guard segment.flags.contains(.ack) else { return }
      guard segment.acknowledgementNumber == next else { return }
      unacknowledged = next
      settleTimer(at: now)
      state = .established
      news.append(.established)
      take(segment, at: now)
      pump(at: now)
    case .established:
      if segment.flags.contains(.syn) { return acknowledge() }
      hear(segment, at: now)
      take(segment, at: now)
      if isFinishAcknowledged, hasHeardFinish { return end() }
      pump(at: now)
    }
  }
  private mutating func accept(_ segment: VirtualSegment, at now: Int64) {
    expected = segment.sequenceNumber &+ 1
    peerSegmentSize = Int(segment.maximumSegmentSize ?? 536)
    state = .synReceived
    sendSynchronize([.syn, .ack], at: now)
  }
  /// Takes the acknowledgement.
  private mutating func hear(_ segment: VirtualSegment, at now: Int64) {
    guard segment.flags.contains(.ack) else { return }
    peerWindow = Int(segment.window)
    let acknowledged = Int32(bitPattern: segment.acknowledgementNumber &- unacknowledged)
    let outstanding = Int32(bitPattern: next &- unacknowledged)
    if acknowledged > 0, acknowledged <= outstanding {
      var octets = Int(acknowledged)
      if hasSentFinish, segment.acknowledgementNumber == next {
        isFinishAcknowledged = true
        octets -= 1
      }
      buffer.removeFirst(min(octets, buffer.count))
      unacknowledged = segment.acknowledgementNumber
      congestionWindow += octets
      duplicateAcknowledgements = 0
      attempts = 0
      retransmissionTimeout = Self.initialTimeout
      settleTimer(at: now)
    } else if acknowledged == 0, outstanding > 0, segment.payload.isEmpty, !segment.flags.contains(.fin) {
      duplicateAcknowledgements += 1
      if duplicateAcknowledgements == 3 { retransmit(at: now) }
    }
  }
  /// Takes the octets.
  private mutating func take(_ segment: VirtualSegment, at now: Int64) {
    guard segment.sequenceLength > 0 else { return }
    let ahead = Int32(bitPattern: segment.sequenceNumber &- expected)
    if ahead > 0 {
      held.append(segment)
      return acknowledge()
    }
    if Int32(bitPattern: segment.sequenceNumber &+ segment.sequenceLength &- expected) <= 0 { return acknowledge() }
    let hadHeld = !held.isEmpty
    absorb(segment)
    while let index = held.firstIndex(where: { Int32(bitPattern: $0.sequenceNumber &- expected) <= 0 }) {
      absorb(held.remove(at: index))
    }
    unacknowledgedSegments += 1
    if hadHeld || hasHeardFinish || unacknowledgedSegments >= 2 && segment.payload.count >= segmentSize {
      acknowledge()
    } else if acknowledgeAt == nil {
      acknowledgeAt = now + Self.acknowledgementDelay
    }
  }
  private mutating func absorb(_ segment: VirtualSegment) {
    let known = Int(Int32(bitPattern: expected &- segment.sequenceNumber))
    guard known >= 0, known <= Int(segment.sequenceLength), !hasHeardFinish else { return }
    let octets = Array(segment.payload.dropFirst(known))
    if !octets.isEmpty { news.append(.received(octets)) }
    expected = expected &+ UInt32(truncatingIfNeeded: octets.count)
    if segment.flags.contains(.fin) {
      expected = expected &+ 1
      hasHeardFinish = true
      news.append(.finished)
    }
  }

  // MARK: Sending

  private mutating func sendSynchronize(_ flags: TCPFlags, at now: Int64) {
    outgoing.append(
      VirtualSegment(
        flags: flags, sequenceNumber: unacknowledged, acknowledgementNumber: flags.contains(.ack) ? expected : 0,
        maximumSegmentSize: UInt16(truncatingIfNeeded: segmentSize)))
    next = unacknowledged &+ 1
    retransmitAt = now + Self.connectionTimeout << Int64(attempts)
  }
  /// Sends what may be sent.
  private mutating func pump(at now: Int64) {
    guard case .established = state else { return }
    let size = min(segmentSize, peerSegmentSize)
    while true {
      let sent = Int(next &- unacknowledged)
      let isAllSent = sent >= buffer.count
      if isAllSent {
        guard isClosing, !hasSentFinish else { break }
        hasSentFinish = true
        send(VirtualSegment(flags: [.fin, .ack], sequenceNumber: next))
        next = next &+ 1
        break
      }
      let room = min(congestionWindow, peerWindow) - sent
      guard room >= min(size, buffer.count - sent) else { break }
      let payload = Array(buffer[sent..<min(buffer.count, sent + size)])
      let isLast = sent + payload.count == buffer.count
      send(VirtualSegment(flags: isLast ? [.psh, .ack] : .ack, sequenceNumber: next, payload: payload))
      next = next &+ UInt32(truncatingIfNeeded: payload.count)
    }
    if retransmitAt == nil, next != unacknowledged { retransmitAt = now + retransmissionTimeout }
  }
  private mutating func send(_ segment: VirtualSegment) {
    var segment = segment
    segment.acknowledgementNumber = expected
    outgoing.append(segment)
    acknowledgeAt = nil
    unacknowledgedSegments = 0
  }
  private mutating func acknowledge() { send(VirtualSegment(flags: .ack, sequenceNumber: next)) }
  /// Sends the oldest segment again.
  private mutating func retransmit(at now: Int64) {
    switch state {
    case .closed: retransmitAt = nil
    case .synSent: sendSynchronize(.syn, at: now)
    case .synReceived: sendSynchronize([.syn, .ack], at: now)
    case .established:
      let sent = Int(next &- unacknowledged) - (hasSentFinish ? 1 : 0)
      let payload = Array(buffer.prefix(min(sent, min(segmentSize, peerSegmentSize))))
      let flags: TCPFlags = payload.isEmpty ? [.fin, .ack] : payload.count == buffer.count ? [.psh, .ack] : .ack
      send(VirtualSegment(flags: flags, sequenceNumber: unacknowledged, payload: payload))
      retransmitAt = now + retransmissionTimeout
    }
  }
  private mutating func settleTimer(at now: Int64) {
    retransmitAt = next == unacknowledged ? nil : now + retransmissionTimeout
  }
  private mutating func end() {
    state = .closed
    retransmitAt = nil
    acknowledgeAt = nil
    buffer = []
  }
}
