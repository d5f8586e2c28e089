internal import Bytes
internal import Inflation
internal import Glibc

/// The moving window through which a capture is read: a buffer, what of it is unread, and where it lies in the file.
///
/// gzip is undone on the way, so offsets count uncompressed octets.
@safe public struct ReadWindow: ~Copyable {
  /// What `refill` found.
  public enum Refill: Equatable, Sendable {
    case filled
    /// Nothing came within the time that a live capture may be silent.
    case idle
    case end
  }

  @usableFromInline var storage: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  /// Where the unread octets begin and end in the buffer.
  @usableFromInline var start = 0
  @usableFromInline var end = 0
  /// The offset in the capture of the first unread octet.
  @usableFromInline var consumedByteCount: UInt64 = 0
  let file: Int32
  let isRegular: Bool
  var compressed: CompressedSource?
  var isAtEnd = false
  /// Why reading stopped early, if it did.
  public private(set) var failure: CaptureError?

  /// Reads from `fileDescriptor`, which stays the caller's to close.
  public init(fileDescriptor: Int32) {
    file = fileDescriptor
    var status = stat()
    isRegular = unsafe fstat(fileDescriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    capacity = PacketLimits.ringByteCount
    unsafe storage = .allocate(capacity: capacity)
    if isRegular { posix_fadvise(fileDescriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
  }
  deinit { unsafe storage.deallocate() }

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
    if start > 0 {
      unsafe memmove(storage, storage + start, end - start)
      end -= start
      start = 0
    }
    if needed > capacity { grow(to: needed) }
    while true {
      if !isRegular, !isReady() { return .idle }
      let arrived = readMore()
      if arrived < 0 {
        if errno == EINTR { return .idle }
        failure = .unreadable(code: errno)
      }
      if arrived <= 0 {
        isAtEnd = true
        return .end
      }
      return .filled
    }
  }
  /// Undoes gzip from here on; what is unread is its beginning.
  public mutating func decompress() {
    var source = CompressedSource()
    unsafe source.begin(with: UnsafeBufferPointer(start: storage + start, count: end - start).span)
    compressed = consume source
    start = 0
    end = 0
  }

  private mutating func readMore() -> Int {
    let room = unsafe UnsafeMutableRawBufferPointer(start: storage + end, count: capacity - end)
    guard compressed != nil else {
      let arrived = unsafe Glibc.read(file, room.baseAddress, room.count)
      if arrived > 0 { end += arrived }
      return arrived
    }
    let arrived = unsafe compressed!.read(from: file, into: room)
    switch arrived {
    case .octets(let count):
      end += count
      return count
    case .end: return 0
    case .unreadable: return -1
    case .damaged(let reason):
      failure = .damaged(offset: consumedByteCount + UInt64(end - start), reason: reason)
      return 0
    }
  }
  private mutating func grow(to needed: Int) {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: needed)
    unsafe larger.initialize(from: storage, count: end)
    unsafe storage.deallocate()
    unsafe storage = larger
    capacity = needed
  }
  private func isReady() -> Bool {
    var watched = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    // An interrupting signal ends the wait, too: the caller then looks whether to go on.
    return unsafe poll(&watched, 1, PacketLimits.idleMilliseconds) > 0
  }
}

/// A gzip file read piece by piece; several members follow one another as one.
struct CompressedSource: ~Copyable {
  enum Arrival: Equatable {
    case octets(Int)
    case end
    case unreadable
    case damaged(String)
  }
  private var stream = InflateStream(.wrapped)
  private var input: [UInt8] = []
  private var used = 0
  private var isBetweenMembers = false
  private var isBroken = false

  mutating func begin(with octets: Span<UInt8>) { input = octets.copied() }

  mutating func read(from file: Int32, into room: UnsafeMutableRawBufferPointer) -> Arrival {
    while true {
      if isBroken { return .damaged("the gzip stream is broken") }
      if used == input.count {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let arrived = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        if arrived < 0 { return .unreadable }
        if arrived == 0 { return isBetweenMembers ? .end : .damaged("the gzip stream ends too early") }
        chunk.removeLast(chunk.count - arrived)
        input = chunk
        used = 0
      }
      let chunk = input
      let progress = unsafe stream.inflate(chunk.span.extracting(used...), into: room)
      used += progress.consumed
      switch progress.state {
      case .damaged:
        // Octets that begin no further member are none; what came out before the damage is handed on first.
        if isBetweenMembers, progress.produced == 0 { return .end }
        isBroken = true
      case .finished:
        stream.reset()
        isBetweenMembers = true
      case .running: isBetweenMembers = false
      }
      if progress.produced > 0 { return .octets(progress.produced) }
    }
  }
}
