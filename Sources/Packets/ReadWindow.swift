internal import Bytes
internal import Glibc

/// The moving window through which a capture is read: a buffer, what of it is unread, and where it lies in the file.
///
/// What is compressed is decompressed on the way: offsets count decompressed octets.
@safe public struct ReadWindow: ~Copyable {
  /// What `refill` found.
  public enum Refill: Equatable, Sendable {
    case filled
    /// Nothing came within the time that a live capture may be silent.
    case idle
    case end
  }

  /// The buffer: our own, or a block that was read ahead, with what was left of the one before in front of it.
  @usableFromInline var storage: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  /// Where the unread octets begin and end in the buffer.
  @usableFromInline var start = 0
  @usableFromInline var end = 0
  /// The offset in the capture of the first unread octet.
  @usableFromInline var consumedByteCount: UInt64 = 0
  private var own: UnsafeMutablePointer<UInt8>
  /// Nil while another thread has it.
  private var source: CaptureSource?
  private var ahead: ReadAhead?
  private let file: Int32
  private let isRegular: Bool
  /// Whether a thread may read ahead, and how many fills there are until it does: short captures are read without.
  private let readsAhead: Bool
  private var fillsToThread = ReadAhead.startFillCount
  private var isAtEnd = false
  /// Why reading stopped early, if it did.
  public private(set) var failure: CaptureError?

  /// Reads from `fileDescriptor`, which stays the caller's to close. With `readsAhead` a file that is not short is read,
  /// and decompressed, on a thread of its own.
  public init(fileDescriptor: Int32, readsAhead: Bool = false) {
    file = fileDescriptor
    source = CaptureSource(file: fileDescriptor)
    var status = stat()
    isRegular = unsafe fstat(fileDescriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    self.readsAhead = readsAhead && isRegular
    capacity = PacketLimits.ringByteCount
    unsafe own = .allocate(capacity: capacity)
    unsafe storage = own
    if isRegular { posix_fadvise(fileDescriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
  }
  deinit {
    ahead?.stop()
    unsafe own.deallocate()
  }

  /// Unread octets at hand.
  @inlinable public var count: Int { end &- start }
  /// The offset in the capture of the first unread octet.
  @inlinable public var offset: UInt64 { consumedByteCount }

  /// Lends the unread octets to `body`, which says how many it has used.
  @inlinable @inline(__always) public mutating func consume<Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Int
  ) throws(Failure) {
    let used = try unsafe body(UnsafeBufferPointer(start: storage + start, count: end &- start).span)
    precondition(used >= 0 && used <= end &- start)
    start &+= used
    consumedByteCount &+= UInt64(used)
  }
  /// Reads more; the window grows when `needed` octets do not fit.
  public mutating func refill(needed: Int = 1) -> Refill {
    if isAtEnd { return .end }
    if readsAhead, ahead == nil {
      fillsToThread -= 1
      if fillsToThread < 0, let source = source.take() { ahead = ReadAhead(source) }
    }
    if let ahead { return take(ahead.next()) }
    makeRoom(needed)
    if !isRegular, !isReady() { return .idle }
    let room = unsafe UnsafeMutableRawBufferPointer(start: storage + end, count: capacity - end)
    let arrival = unsafe source?.read(into: room) ?? .end
    if case .octets(let count) = arrival { end += count }
    return refill(arrival)
  }
  private mutating func refill(_ arrival: CaptureSource.Arrival) -> Refill {
    switch arrival {
    case .octets: return .filled
    case .interrupted: return .idle
    case .end: break
    case .unreadable(let code): failure = .unreadable(code: code)
    case .damaged(let reason): failure = .damaged(offset: consumedByteCount + UInt64(end - start), reason: reason)
    }
    isAtEnd = true
    return .end
  }
  /// Takes a block that was read ahead: what is unread is put in front of it, or both into a buffer of ours.
  private mutating func take(_ block: ReadAhead.Block) -> Refill {
    guard case .octets(let count) = block.arrival else { return refill(block.arrival) }
    let rest = self.count
    if rest <= ReadAhead.headroom {
      unsafe memcpy(block.octets - rest, storage + start, rest)
      unsafe storage = block.octets - rest
      capacity = rest + count
    } else {
      if unsafe storage != own || rest + count > capacity {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * (rest + count))
        unsafe memcpy(larger, storage + start, rest)
        unsafe own.deallocate()
        unsafe own = larger
        capacity = 2 * (rest + count)
      } else {
        unsafe memmove(own, storage + start, rest)
      }
      unsafe storage = own
      unsafe memcpy(storage + rest, block.octets, count)
    }
    start = 0
    end = rest + count
    return .filled
  }
  /// Decompresses from here on; what is unread is the stream's beginning.
  mutating func decompress(_ compression: Compression) {
    unsafe source?.decompress(
      compression, from: UnsafeBufferPointer(start: storage + start, count: end - start).span)
    start = 0
    end = 0
  }

  private mutating func makeRoom(_ needed: Int) {
    if start > 0 {
      unsafe memmove(storage, storage + start, end - start)
      end -= start
      start = 0
    }
    guard needed > capacity else { return }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: needed)
    unsafe memcpy(larger, storage, end)
    unsafe own.deallocate()
    unsafe own = larger
    unsafe storage = larger
    capacity = needed
  }
  private func isReady() -> Bool {
    var watched = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    // An interrupting signal ends the wait, too: the caller then looks whether to go on.
    return unsafe poll(&watched, 1, PacketLimits.idleMilliseconds) > 0
  }
}
