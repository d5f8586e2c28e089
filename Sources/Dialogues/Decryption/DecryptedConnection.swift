internal import Bytes
internal import Streams
internal import WebProtocols

/// One connection that speaks TLS, while its secrets are known or awaited: octets as captured go in, what was said
/// inside comes out, with the places of its encrypted octets.
final class DecryptedConnection {
  enum Disclosure {
    /// From here on it is read.
    case opened(StreamPosition)
    /// What an application said, as far as one frame brought it.
    case content([UInt8], StreamPosition)
    /// What it said then was not captured: so many octets as encrypted.
    case gap(byteCount: Int, StreamPosition)
    /// A fatal alert, said inside.
    case alert(UInt8, StreamPosition)
    /// The client said something before the server's hello, which is passed over.
    case early(StreamPosition)
    /// From here on it cannot be read.
    case closed(TLSSession.Obstacle, StreamPosition)
  }
  private enum Waiting {
    case record(TLSRecordCollector.Record, fromClient: Bool)
    case lost(byteCount: Int, StreamPosition, fromClient: Bool)

    /// What it takes to hold it.
    var heldByteCount: Int {
      guard case .record(let record, _) = self else { return MemoryLayout<Self>.stride }
      return MemoryLayout<Self>.stride + record.heldByteCount
    }
  }
  let session = TLSSession()
  /// The direction of the client's hello.
  let clientDirection: Int
  /// TLS was spoken from the first octet on.
  let isImplicit: Bool
  /// What was recorded before it was known what is spoken inside.
  var outerLog: ConversationLog?
  /// Where an application said something first.
  var firstContent: StreamPosition?
  /// It was told why not all is read.
  var hasToldObstacle = false
  private var clientRecords = TLSRecordCollector()
  private var serverRecords = TLSRecordCollector()
  /// What came before the secrets did, in the order of capture.
  private var waiting: [Waiting] = []
  private var waitingByteCount = 0
  private var hasOpened = false
  /// Why it can be read no more.
  private(set) var obstacle: TLSSession.Obstacle?

  init(clientDirection: Int, isImplicit: Bool) {
    self.clientDirection = clientDirection
    self.isImplicit = isImplicit
  }

  /// What is said from here on is disclosed, and nobody need look at the octets as captured.
  var isReading: Bool { session.isReading }
  /// Something came that can be read once there are secrets for it.
  var awaitsSecrets: Bool { obstacle == nil && !waiting.isEmpty }
  /// What it takes to hold what is under way.
  var heldByteCount: Int { clientRecords.heldByteCount + serverRecords.heldByteCount + waitingByteCount }

  func receive(_ bytes: Span<UInt8>, at position: StreamPosition, _ keys: borrowing TLSKeyLog) -> [Disclosure] {
    guard obstacle == nil else { return [] }
    let fromClient = position.direction == clientDirection
    let collected = fromClient ? clientRecords.append(bytes, at: position) : serverRecords.append(bytes, at: position)
    return take(collected, fromClient: fromClient, keys)
  }
  func gap(_ byteCount: Int, at position: StreamPosition, _ keys: borrowing TLSKeyLog) -> [Disclosure] {
    guard obstacle == nil else { return [] }
    let fromClient = position.direction == clientDirection
    let collected = fromClient ? clientRecords.gap(byteCount, at: position) : serverRecords.gap(byteCount, at: position)
    return take(collected, fromClient: fromClient, keys)
  }
  /// Nothing more will come: what is not read by now, and why.
  func finish(at position: StreamPosition) -> [Disclosure] {
    if awaitsSecrets { return giveUp(at: position) }
    return session.searchesInVain && obstacle == nil ? [close(.wrongSecrets, at: position)] : []
  }
  /// Holds nothing any more: secrets have not come, or all connections hold too much together.
  func giveUp(at position: StreamPosition) -> [Disclosure] {
    guard obstacle == nil else { return [] }
    return [close(awaitsSecrets ? .noSecrets : .tooMuch, at: position)]
  }

  private func take(
    _ collected: [TLSRecordCollector.Collected], fromClient: Bool, _ keys: borrowing TLSKeyLog
  ) -> [Disclosure] {
    for one in collected {
      let one: Waiting =
        switch one {
        case .record(let record): .record(record, fromClient: fromClient)
        case .lost(let byteCount, let position): .lost(byteCount: byteCount, position, fromClient: fromClient)
        }
      waiting.append(one)
      waitingByteCount += one.heldByteCount
    }
    return waiting.isEmpty ? [] : disclose(keys)
  }
  /// What can be told now of what came, in its order.
  func disclose(_ keys: borrowing TLSKeyLog) -> [Disclosure] {
    var disclosed: [Disclosure] = []
    var done = 0
    loop: while done < waiting.count, obstacle == nil {
      switch waiting[done] {
      case .lost(let byteCount, let position, let fromClient):
        let mayBeSpeech = session.noteLoss(byteCount: byteCount, fromClient: fromClient)
        if mayBeSpeech { disclosed.append(.gap(byteCount: byteCount, position)) }
      case .record(let record, let fromClient):
        let event = session.receive(record.octets, fromClient: fromClient, keys)
        if case .awaitsSecrets = event { break loop }
        if !hasOpened, session.isReading {
          hasOpened = true
          disclosed.append(.opened(record.place(of: 0, 1).position))
        }
        add(event, record, to: &disclosed)
      }
      done += 1
    }
    if done == waiting.count || obstacle != nil {
      forgetWaiting()
    } else {
      for one in waiting[..<done] { waitingByteCount -= one.heldByteCount }
      waiting.removeFirst(done)
    }
    return disclosed
  }
  private func add(
    _ event: TLSSession.Event, _ record: TLSRecordCollector.Record, to disclosed: inout [Disclosure]
  ) {
    switch event {
    case .nothing, .awaitsSecrets: break
    case .content(let octets, let start):
      var offset = 0
      while offset < octets.count {
        let (position, byteCount) = record.place(of: start + offset, octets.count - offset)
        disclosed.append(.content(Array(octets[offset..<offset + byteCount]), position))
        offset += byteCount
      }
    case .lost:
      if hasOpened { disclosed.append(.gap(byteCount: record.octets.count, record.place(of: 0, 1).position)) }
    case .early: disclosed.append(.early(record.place(of: 0, 1).position))
    // Before TLS is read, everybody hears an alert in clear.
    case .alert where !hasOpened: break
    case .alert(let description): disclosed.append(.alert(description, record.place(of: 0, 1).position))
    case .unreadable(let why): disclosed.append(close(why, at: record.place(of: 0, 1).position))
    }
  }
  private func close(_ why: TLSSession.Obstacle, at position: StreamPosition) -> Disclosure {
    obstacle = why
    forgetWaiting()
    clientRecords = TLSRecordCollector()
    serverRecords = TLSRecordCollector()
    return .closed(why, position)
  }
  private func forgetWaiting() {
    waiting.removeAll(keepingCapacity: obstacle == nil)
    waitingByteCount = 0
  }
}
