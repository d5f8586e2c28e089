/// Growing buffers of octets, given out and taken back by number.
///
/// Buffers that are taken back keep a little memory together for the next; the pool's whole size is known, so that its
/// users can stop in time.
@safe public struct BufferPool: ~Copyable {
  @safe @usableFromInline struct Buffer: BitwiseCopyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var count: Int
    @usableFromInline var capacity: Int

    @inlinable init(capacity: Int) {
      unsafe base = .allocate(capacity: capacity)
      count = 0
      self.capacity = capacity
    }
  }
  /// What a buffer begins with.
  @usableFromInline let initialCapacity: Int
  /// What buffers that are taken back may keep beyond their beginnings, all together.
  @usableFromInline let idleLimit: Int
  /// What buffers may grow beyond their beginnings, all together.
  @usableFromInline let growthLimit: Int
  @usableFromInline var buffers: PlaceSlab<Buffer>
  /// Memory of all buffers together.
  @usableFromInline var reservedByteCount = 0
  /// What of it lies beyond the buffers' beginnings.
  @usableFromInline var grownByteCount = 0
  /// What of it buffers have that were taken back.
  @usableFromInline var idleByteCount = 0
  /// Buffers taken back, with their memory.
  @usableFromInline var idle = Slab<Int32>(minimumCapacity: 64)

  /// `growthLimit` binds nobody: it is what `room` tells.
  public init(initialCapacity: Int, idleLimit: Int, growthLimit: Int = Int.max) {
    self.initialCapacity = initialCapacity
    self.idleLimit = idleLimit
    self.growthLimit = growthLimit
    buffers = PlaceSlab<Buffer>()
  }
  deinit {
    for place in 0..<buffers.elements.count {
      unsafe buffers.elements[place].base.deallocate()
    }
  }
  /// Memory of all buffers together, in octets.
  @inlinable public var byteCount: Int { reservedByteCount }

  /// How many octets a buffer can take: any number, until the pool has grown to its limit; then what fits.
  @inlinable @inline(__always) public func room(_ handle: Int32) -> Int {
    if grownByteCount < growthLimit { return Int.max }
    let place = UInt32(bitPattern: handle)
    return buffers[place].capacity &- buffers[place].count
  }

  /// The same for what is dispensable: the last quarter of the pool's growth is kept for what is not.
  @inlinable @inline(__always) public func spareRoom(_ handle: Int32) -> Int {
    if grownByteCount < growthLimit / 4 &* 3 { return Int.max }
    let place = UInt32(bitPattern: handle)
    return buffers[place].capacity &- buffers[place].count
  }

  /// The same of a buffer that is still to be given out.
  @inlinable public var initialRoom: Int { grownByteCount < growthLimit ? Int.max : initialCapacity }

  /// Gives out an empty buffer.
  @inlinable public mutating func allocate() -> Int32 {
    if idle.count > 0 {
      let handle = idle[idle.count &- 1]
      idle.removeLast()
      idleByteCount &-= buffers[UInt32(bitPattern: handle)].capacity &- initialCapacity
      return handle
    }
    reservedByteCount &+= initialCapacity
    return Int32(truncatingIfNeeded: buffers.insert(Buffer(capacity: initialCapacity)))
  }
  /// Takes back a buffer that was given out.
  @inlinable public mutating func release(_ handle: Int32) {
    let place = UInt32(bitPattern: handle)
    buffers[place].count = 0
    // What is kept for the next must not take the room of those that live.
    let kept = idleByteCount &+ buffers[place].capacity &- initialCapacity
    if kept <= idleLimit, grownByteCount <= growthLimit / 2 {
      idleByteCount = kept
    } else if buffers[place].capacity > initialCapacity {
      resize(place, to: initialCapacity)
    }
    idle.append(handle)
  }
  @inlinable @inline(__always) public func count(_ handle: Int32) -> Int {
    buffers[UInt32(bitPattern: handle)].count
  }
  @inlinable public mutating func removeAll(_ handle: Int32) { buffers[UInt32(bitPattern: handle)].count = 0 }

  @inlinable public mutating func append(_ bytes: Span<UInt8>, to handle: Int32) {
    let place = UInt32(bitPattern: handle)
    reserve(bytes.count, place)
    unsafe bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress {
        unsafe (buffers[place].base + buffers[place].count).update(from: base, count: source.count)
      }
    }
    buffers[place].count &+= bytes.count
  }
  /// Appends the octets of `range` of one buffer to another.
  public mutating func copy(_ range: OctetRange, of source: Int32, to handle: Int32) {
    let place = UInt32(bitPattern: handle)
    let upper = min(range.upper, buffers[UInt32(bitPattern: source)].count)
    let lower = min(range.lower, upper)
    reserve(upper - lower, place)
    let from = unsafe buffers[UInt32(bitPattern: source)].base + lower
    unsafe (buffers[place].base + buffers[place].count).update(from: from, count: upper - lower)
    buffers[place].count += upper - lower
  }
  /// Forgets all but the first `count` octets.
  @inlinable public mutating func truncate(_ handle: Int32, to count: Int) {
    let place = UInt32(bitPattern: handle)
    buffers[place].count = min(buffers[place].count, max(0, count))
  }
  /// Appends a plain value in this machine's layout; `load` reads it back.
  @inlinable public mutating func append<Value: BitwiseCopyable>(value: Value, to handle: Int32) {
    let place = UInt32(bitPattern: handle)
    let size = MemoryLayout<Value>.size
    reserve(size, place)
    unsafe UnsafeMutableRawPointer(buffers[place].base + buffers[place].count)
      .storeBytes(of: value, as: Value.self)
    buffers[place].count &+= size
  }
  /// Appends a plain value and the octets that belong to it.
  @inlinable @inline(__always) public mutating func append<Value: BitwiseCopyable>(
    _ value: Value, with bytes: Span<UInt8>, to handle: Int32
  ) {
    let place = UInt32(bitPattern: handle)
    let size = MemoryLayout<Value>.size
    reserve(size &+ bytes.count, place)
    let count = buffers[place].count
    let end = unsafe buffers[place].base + count
    unsafe UnsafeMutableRawPointer(end).storeBytes(of: value, as: Value.self)
    unsafe bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress, source.count > 0 { unsafe (end + size).update(from: base, count: source.count) }
    }
    buffers[place].count = count &+ size &+ bytes.count
  }
  /// Overwrites a plain value at `offset`.
  @inlinable public mutating func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int, in handle: Int32) {
    let place = UInt32(bitPattern: handle)
    precondition(offset >= 0 && offset &+ MemoryLayout<Value>.size <= buffers[place].count)
    unsafe UnsafeMutableRawPointer(buffers[place].base + offset).storeBytes(of: value, as: Value.self)
  }
  /// Reads a plain value at `offset`.
  @inlinable public func load<Value: BitwiseCopyable>(_ type: Value.Type, at offset: Int, from handle: Int32) -> Value {
    let place = UInt32(bitPattern: handle)
    precondition(offset >= 0 && offset &+ MemoryLayout<Value>.size <= buffers[place].count)
    return unsafe UnsafeRawPointer(buffers[place].base + offset).loadUnaligned(as: type)
  }
  /// Lends a buffer's octets to `body`.
  @inlinable @inline(__always) public func withOctets<Result: ~Copyable>(
    of handle: Int32, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    let buffer = buffers[UInt32(bitPattern: handle)]
    return unsafe body(UnsafeBufferPointer(start: buffer.base, count: buffer.count).span)
  }
  @inlinable @inline(__always) mutating func reserve(_ extra: Int, _ place: UInt32) {
    let needed = buffers[place].count &+ extra
    if needed > buffers[place].capacity {
      resize(place, to: max(needed, buffers[place].capacity &+ buffers[place].capacity / 4))
    }
  }
  @inlinable @inline(never) mutating func resize(_ place: UInt32, to capacity: Int) {
    let buffer = buffers[place]
    let resized = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    unsafe resized.initialize(from: buffer.base, count: min(buffer.count, capacity))
    unsafe buffer.base.deallocate()
    unsafe buffers[place].base = resized
    buffers[place].capacity = capacity
    reservedByteCount += capacity - (buffer.capacity)
    grownByteCount += capacity - (buffer.capacity)
  }
}
