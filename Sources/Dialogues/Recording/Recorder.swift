package import Bytes
package import Ciphers
internal import Inflation

/// Keeps the facts of every live conversation as records in an arena of its own, until the conversation is written out.
package struct Recorder: ~Copyable {
  package var arenas = BufferPool(
    initialCapacity: 1024, idleLimit: 1 << 20, growthLimit: DialogueLimits.recordByteCount)
  package var digests = DigestPool()
  var inflations = InflatePool(limit: DialogueLimits.inflationCount)
  /// A place to decode a line into.
  var scratch = ByteWriter(minimumCapacity: 8192)
  /// Whether message digests are taken.
  package let hashes: Bool
  /// Who else takes the messages' octets; their numbers are those of their digests.
  let tap: (any MessageTap)?

  package init(hashes: Bool, tap: (any MessageTap)? = nil) {
    self.hashes = hashes || tap != nil
    self.tap = tap
  }

  /// Adds a fact to a conversation. What exceeds the limits is counted and left out; the answer then says so.
  ///
  /// It becomes part of every caller, so that what a record is made of goes straight to its place in the arena: put
  /// together elsewhere, it would have to be read in wider pieces than it was just written in, and a processor waits
  /// until everything written before has reached the cache.
  @inline(__always)
  mutating func record(_ record: Record, _ text: Span<UInt8>, limit: Int, in log: inout ConversationLog) {
    let kept = min(text.count, limit)
    let isDispensable = record.kind.isDispensable
    guard makeRoom(for: kept, isDispensable: isDispensable, ordinal: record.ordinal, in: &log) else { return }
    var record = record
    record.textByteCount = UInt32(truncatingIfNeeded: kept)
    if kept < text.count { record.flags.insert(.isCut) }
    arenas.append(record, with: text.extracting(0..<kept), to: log.arena)
  }
  /// Counts a fact with a text of `textByteCount` octets that is about to be added; false when there is no room for it.
  private mutating func makeRoom(
    for textByteCount: Int, isDispensable: Bool, ordinal: UInt32, in log: inout ConversationLog
  ) -> Bool {
    if log.arena < 0 { log.arena = arenas.allocate() }
    let used = arenas.count(log.arena)
    let needed = textByteCount + MemoryLayout<Record>.size
    // Where memory is short, what was said and sent goes before what a message's header and text say.
    let room = isDispensable ? arenas.spareRoom(log.arena) : arenas.room(log.arena)
    let limit = isDispensable ? DialogueLimits.dispensableByteCount : DialogueLimits.conversationByteCount
    guard used + needed <= limit, needed <= room, ordinal <= DialogueLimits.ordinalCount else {
      log.omittedCount &+= 1
      return false
    }
    log.lastRecord = Int32(truncatingIfNeeded: used)
    log.recordCount &+= 1
    return true
  }
  /// Adds to the text of the fact that stands at `place` in the arena; returns where it stands then, since other facts
  /// may have come behind it, or −1 when it can grow no more.
  mutating func extend(
    _ place: Int32, _ text: Span<UInt8>, limit: Int, in log: inout ConversationLog
  ) -> Int32 {
    var record = arenas.load(Record.self, at: Int(place), from: log.arena)
    let kept = min(text.count, limit - Int(record.textByteCount))
    if place != log.lastRecord {
      // Another fact came between: the field goes on behind it, and what stood before it stands for nothing.
      let from = Int(place) + MemoryLayout<Record>.size
      let octets = arenas.withOctets(of: log.arena) {
        $0.extracting(from..<from + Int(record.textByteCount)).copied()
      }
      var superseded = record
      superseded.kind = .superseded
      arenas.store(superseded, at: Int(place), in: log.arena)
      let before = log.recordCount
      self.record(record, octets.span, limit: limit, in: &log)
      return log.recordCount == before ? -1 : extend(log.lastRecord, text, limit: limit, in: &log)
    }
    guard arenas.count(log.arena) + kept <= DialogueLimits.dispensableByteCount, kept <= arenas.spareRoom(log.arena)
    else {
      log.omittedCount &+= 1
      return -1
    }
    arenas.append(text.extracting(0..<kept), to: log.arena)
    record.textByteCount &+= UInt32(truncatingIfNeeded: kept)
    if kept < text.count { record.flags.insert(.isCut) }
    arenas.store(record, at: Int(place), in: log.arena)
    return kept < text.count ? -1 : place
  }
  @inline(__always) mutating func record(_ record: Record, _ text: Span<UInt8>, in log: inout ConversationLog) {
    let limit =
      record.flags.contains(.isSecret) ? DialogueLimits.lineByteCount : DialogueLimits.recordedLineByteCount
    self.record(record, text, limit: limit, in: &log)
  }
  /// Takes octets of a message whose digest is taken.
  @inline(never) mutating func take(_ octets: Span<UInt8>, of message: Int32) {
    digests.add(octets, to: message)
    tap?.receive(octets, of: Int(message))
  }
  /// Adds a fact that has no text.
  @inline(__always) mutating func record(_ record: Record, in log: inout ConversationLog) {
    self.record(record, Span<UInt8>(), limit: 0, in: &log)
  }
  @inline(never) mutating func anomaly(
    _ anomaly: Anomaly, fromClient: Bool, at mark: LineMark, in log: inout ConversationLog
  ) {
    let bit = UInt32(1) << UInt32(anomaly.rawValue)
    if log.noted & bit != 0 { return }
    log.noted |= bit
    record(Record(.anomaly, flags: fromClient ? .fromClient : .none, word: anomaly.rawValue, mark: mark), in: &log)
  }
}

/// One conversation's place in the recorder.
package struct ConversationLog: BitwiseCopyable {
  package var arena: Int32 = -1
  package var recordCount: UInt32 = 0
  /// The connection, as `tcp.stream` counts; known where there are messages.
  var streamNumber: UInt32 = 0
  /// Messages that have begun.
  var messageCount: UInt32 = 0
  /// Where the last record stands in the arena.
  var lastRecord: Int32 = -1
  /// Facts left out because a limit was reached.
  package var omittedCount: UInt32 = 0
  /// Anomalies already noted, one bit each: the first of a kind is recorded.
  var noted: UInt32 = 0
  /// SMTP is spoken as LMTP (RFC 2033).
  var isLocal = false
  package init() {}

  /// Goes on where another log ended.
  mutating func follow(_ earlier: ConversationLog) {
    let own = self
    self = earlier
    streamNumber = own.streamNumber
  }
}
