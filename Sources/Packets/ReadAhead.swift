internal import Glibc

/// Reads a capture on a thread of its own, a few blocks ahead of who works on them.
///
///     next → block, which stays until the call after the next → … → stop
@safe final class ReadAhead {
  /// What was read at one time.
  @safe struct Block {
    /// Its first octet; before it there is room for `headroom` octets of who works on it.
    var octets: UnsafeMutablePointer<UInt8>
    var arrival: CaptureSource.Arrival
  }
  /// Octets before a block: for what is left of a record of usual size.
  static let headroom = 1 << 16
  /// Fills of a capture before the thread is worth its start.
  static let startFillCount = 8
  /// Octets of a block, and how many blocks go round: together no more than a second-level cache.
  private static let blockByteCount = PacketLimits.ringByteCount
  private static let blockCount = 4
  private static let stride = headroom + blockByteCount

  private var source: CaptureSource
  private let memory: UnsafeMutablePointer<UInt8>
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var thread = pthread_t()
  /// False where the system gives no thread: then who works reads himself, block by block.
  private var hasThread = false
  // What follows is changed with the mutex locked; only the reading thread changes `readCount`.
  private var arrivals = [CaptureSource.Arrival](repeating: .end, count: blockCount)
  /// Blocks that were read, and those that were taken by who works on them.
  private var readCount = 0
  private var takenCount = 0
  private var isStopped = false

  init(_ source: consuming CaptureSource) {
    self.source = source
    unsafe memory = .allocate(capacity: Self.blockCount * Self.stride)
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
    // Signals are for who works, not for who reads.
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, &before)
    let status = unsafe pthread_create(
      &thread, nil,
      { raw in
        guard let raw = unsafe raw else { return nil }
        unsafe Unmanaged<ReadAhead>.fromOpaque(raw).takeUnretainedValue().run()
        return nil
      }, Unmanaged.passUnretained(self).toOpaque())
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    hasThread = status == 0
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe pthread_cond_destroy(changed)
    unsafe mutex.deallocate()
    unsafe changed.deallocate()
    unsafe memory.deallocate()
  }
  /// Ends the thread; no block may be looked at any more.
  func stop() {
    unsafe pthread_mutex_lock(mutex)
    isStopped = true
    unsafe pthread_cond_signal(changed)
    unsafe pthread_mutex_unlock(mutex)
    if hasThread { pthread_join(thread, nil) }
  }
  /// The next block, as soon as it is there. The one before it is still there; those before that are not.
  func next() -> Block {
    if !hasThread { _ = readOne() }
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while readCount == takenCount { unsafe pthread_cond_wait(changed, mutex) }
    let number = takenCount
    takenCount += 1
    unsafe pthread_cond_signal(changed)
    return unsafe Block(octets: place(number), arrival: arrivals[number % Self.blockCount])
  }

  private func place(_ number: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe memory + (number % Self.blockCount) * Self.stride + Self.headroom
  }
  private func run() {
    while awaitRoom(), readOne() {}
  }
  /// Waits until a block is free; false when nobody wants any more.
  private func awaitRoom() -> Bool {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    // Who works has two: the last one, and what is left of the one before.
    while readCount - max(0, takenCount - 2) >= Self.blockCount, !isStopped { unsafe pthread_cond_wait(changed, mutex) }
    return !isStopped
  }
  /// Reads a block; false when there is no more.
  private func readOne() -> Bool {
    let room = unsafe UnsafeMutableRawBufferPointer(start: place(readCount), count: Self.blockByteCount)
    var arrival = unsafe source.read(into: room)
    while arrival == .interrupted { arrival = unsafe source.read(into: room) }
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    arrivals[readCount % Self.blockCount] = arrival
    readCount += 1
    unsafe pthread_cond_signal(changed)
    if case .octets = arrival { return true }
    return false
  }
}
