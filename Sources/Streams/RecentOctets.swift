public import Bytes

/// The octets that were delivered last, of all connections together, so that what is sent again can be compared with
/// what came first. Of a long segment the beginning is kept.
@usableFromInline struct RecentOctets: ~Copyable {
  /// One segment's octets; those of one direction of a connection form a chain, the latest first.
  @usableFromInline struct Run: BitwiseCopyable {
    @usableFromInline var place: UInt64
    @usableFromInline var sequenceNumber: UInt32
    @usableFromInline var frame: UInt32
    /// The number of the run before it in its chain; 0 when it is the first.
    @usableFromInline var previous: UInt32
    @usableFromInline var byteCount: UInt32

    @inlinable init(place: UInt64, sequenceNumber: UInt32, frame: UInt32, previous: UInt32, byteCount: UInt32) {
      self.place = place
      self.sequenceNumber = sequenceNumber
      self.frame = frame
      self.previous = previous
      self.byteCount = byteCount
    }
  }
  @usableFromInline var ring = OctetRing(byteCount: StreamLimits.recentByteCount)
  @usableFromInline var runs = Slab<Run>(
    repeating: Run(place: 0, sequenceNumber: 0, frame: 0, previous: 0, byteCount: 0),
    count: StreamLimits.recentRunCount)
  /// The number of the last run, from 1.
  @usableFromInline var lastNumber: UInt32 = 0
  @usableFromInline init() {}

  /// Keeps octets of a chain whose latest run is `previous`; returns the new run's number.
  @inlinable @inline(__always) mutating func append(
    _ octets: Span<UInt8>, sequenceNumber: UInt32, frame: UInt32, previous: UInt32
  ) -> UInt32 {
    let kept = min(octets.count, StreamLimits.recentSegmentByteCount)
    let place = ring.append(octets.extracting(0..<kept))
    lastNumber = lastNumber == UInt32.max ? 1 : lastNumber &+ 1
    runs[Int(lastNumber) & (StreamLimits.recentRunCount - 1)] = Run(
      place: place, sequenceNumber: sequenceNumber, frame: frame, previous: previous,
      byteCount: UInt32(truncatingIfNeeded: kept))
    return lastNumber
  }
  /// A place where octets that were delivered differ from those that came later.
  struct Conflict {
    var earlierFrame: UInt32
    /// How far behind the later segment's first octet the first difference lies.
    var offset: Int
    /// The run, and where in it the difference lies.
    var run: Run
    var runOffset: Int
  }
  /// The first difference between `octets`, which stand at `sequenceNumber`, and the runs of the chain at `latest`.
  func conflict(with octets: Span<UInt8>, sequenceNumber: UInt32, latest: UInt32) -> Conflict? {
    var number = latest
    var found: Conflict?
    for _ in 0..<StreamLimits.comparedRunCount {
      guard number != 0, lastNumber &- number < UInt32(StreamLimits.recentRunCount) else { break }
      let run = runs[Int(number) & (StreamLimits.recentRunCount - 1)]
      number = run.previous
      // Where the later segment begins, counted from the run's beginning.
      let shift = SequenceNumber.distance(from: run.sequenceNumber, to: sequenceNumber)
      let lower = max(0, shift)
      let upper = min(Int(run.byteCount), shift + octets.count)
      guard lower < upper else { continue }
      let difference = ring.withOctets(at: run.place, count: Int(run.byteCount)) { kept in
        (lower..<upper).first { kept[$0] != octets[$0 - shift] }
      }
      // Overwritten: so are all before it.
      guard let difference else { break }
      if let difference, found.map({ difference - shift < $0.offset }) ?? true {
        found = Conflict(earlierFrame: run.frame, offset: difference - shift, run: run, runOffset: difference)
      }
    }
    return found
  }
}
