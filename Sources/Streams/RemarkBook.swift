internal import Bytes
public import Packets

/// What is unusual about every connection that is followed: a list for each, one entry a kind and direction.
public struct RemarkBook: ~Copyable {
  /// How often something happened to one side of a connection, and where first.
  public struct Entry: BitwiseCopyable, Sendable {
    public var irregularity: Irregularity
    /// 0 when the flow key's lower endpoint sends, else 1.
    public var direction: UInt8
    /// How many of `frames` are used.
    public var frameCount: UInt8 = 0
    /// How often it happened.
    public var count: UInt32 = 0
    /// The first frames that show it.
    public var frames = InlineArray<4, UInt32>(repeating: 0)
    /// Of a conflict the frame that brought the first octets.
    public var earlierFrame: UInt32 = 0
    /// The offset in the stream of the first conflict.
    public var offset: UInt64 = 0
    /// A cell with what came first and then, behind it, with what came later; −1 when there is none.
    var cell: Int32 = -1
    var versionByteCounts: InlineArray<2, UInt8> = [0, 0]
    var next: Int32 = -1
  }
  private var entries = PlaceSlab<Entry>()
  private var cells = CellPool(cellByteCount: StreamLimits.versionByteCount * 2)

  /// Remarks that no list could take any more; they are counted and told all the same.
  public private(set) var omittedCount = 0

  public init() {}

  /// Adds what `remark` tells to the list that begins at `first`; returns its beginning.
  mutating func add(_ remark: StreamRemark, to first: Int32) -> Int32 {
    var place = first
    var last: Int32 = -1
    var entryCount = 0
    while place >= 0 {
      let entry = entries[UInt32(place)]
      let isSameSide = Int(entry.direction) == remark.direction
      if isSameSide, entry.irregularity == remark.irregularity { break }
      last = place
      entryCount += 1
      place = entry.next
    }
    if place < 0 {
      if entries.liveCount >= StreamLimits.remarkCount {
        omittedCount += 1
        return first
      }
      place = Int32(
        truncatingIfNeeded: entries.insert(
          Entry(irregularity: remark.irregularity, direction: UInt8(truncatingIfNeeded: remark.direction))))
      entries[UInt32(place)].earlierFrame = remark.earlierFrame
      entries[UInt32(place)].offset = remark.offset
      if last >= 0 { entries[UInt32(last)].next = place }
    }
    entries[UInt32(place)].count &+= 1
    let frameCount = Int(entries[UInt32(place)].frameCount)
    let isRepeated = frameCount > 0 && entries[UInt32(place)].frames[frameCount - 1] == remark.frame
    if frameCount < 4, !isRepeated {
      entries[UInt32(place)].frames[frameCount] = remark.frame
      entries[UInt32(place)].frameCount += 1
    }
    return first >= 0 ? first : place
  }
  /// Keeps both versions of the octets in conflict with the entry of its kind, unless it has some.
  mutating func keep(_ earlier: Span<UInt8>, _ later: Span<UInt8>, direction: Int, in first: Int32) {
    var place = first
    while place >= 0 {
      let entry = entries[UInt32(place)]
      if entry.irregularity == .overlapConflict, Int(entry.direction) == direction { break }
      place = entry.next
    }
    guard place >= 0, entries[UInt32(place)].cell < 0 else { return }
    let cell = cells.allocate()
    let limit = StreamLimits.versionByteCount
    let first = cells.append(earlier.extracting(first: limit), to: cell, length: 0)
    let both = cells.append(later.extracting(first: limit), to: cell, length: first)
    entries[UInt32(place)].cell = cell
    entries[UInt32(place)].versionByteCounts = [UInt8(first), UInt8(both - first)]
  }
  /// Lends a connection's entries to `body`, in the order in which they were first met, of a conflict with both versions
  /// of the octets.
  public func forEach(of summary: borrowing FlowSummary, _ body: (Entry, Span<UInt8>, Span<UInt8>) -> Void) {
    var place = summary.firstRemark
    while place >= 0 {
      let entry = entries[UInt32(place)]
      if entry.cell >= 0 {
        let earlier = Int(entry.versionByteCounts[0])
        cells.withOctets(of: entry.cell, length: earlier + Int(entry.versionByteCounts[1])) { octets in
          body(entry, octets.extracting(0..<earlier), octets.extracting(earlier...))
        }
      } else {
        body(entry, Span(), Span())
      }
      place = entry.next
    }
  }
  /// Forgets a list.
  mutating func release(_ first: Int32) {
    var place = first
    while place >= 0 {
      let entry = entries[UInt32(place)]
      if entry.cell >= 0 { cells.release(entry.cell) }
      entries.remove(UInt32(place))
      place = entry.next
    }
  }
}
