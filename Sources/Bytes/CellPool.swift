/// Cells of one size for octets that have to be kept a while, given out and taken back by number.
@safe public struct CellPool: ~Copyable {
  public let cellByteCount: Int
  @usableFromInline var storage: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity = 16
  @usableFromInline var used = 0
  var free = Slab<Int32>(minimumCapacity: 16)

  public init(cellByteCount: Int) {
    self.cellByteCount = cellByteCount
    unsafe storage = .allocate(capacity: cellByteCount * 16)
  }
  deinit { unsafe storage.deallocate() }

  /// Cells that are given out.
  public var liveCount: Int { used - free.count }

  /// Gives out a cell.
  public mutating func allocate() -> Int32 {
    if free.count > 0 {
      let cell = free[free.count - 1]
      free.removeLast()
      return cell
    }
    if used == capacity { grow() }
    used += 1
    return Int32(used - 1)
  }
  /// Takes back a cell that was given out.
  public mutating func release(_ cell: Int32) {
    precondition(cell >= 0 && cell < used)
    free.append(cell)
  }
  /// Appends what fits of `bytes` behind the first `length` octets; returns the new length.
  public mutating func append(_ bytes: Span<UInt8>, to cell: Int32, length: Int) -> Int {
    precondition(cell >= 0 && cell < used && length >= 0 && length <= cellByteCount)
    let byteCount = min(bytes.count, cellByteCount - length)
    unsafe bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress, byteCount > 0 {
        unsafe (storage + Int(cell) * cellByteCount + length).update(from: base, count: byteCount)
      }
    }
    return length + byteCount
  }
  /// Lends the first `length` octets of a cell to `body`.
  @inlinable public func withOctets<Result: ~Copyable>(
    of cell: Int32, length: Int, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    precondition(cell >= 0 && cell < used && length >= 0 && length <= cellByteCount)
    return unsafe body(UnsafeBufferPointer(start: storage + Int(cell) * cellByteCount, count: length).span)
  }
  private mutating func grow() {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: cellByteCount * capacity * 2)
    unsafe larger.initialize(from: storage, count: cellByteCount * capacity)
    unsafe storage.deallocate()
    unsafe storage = larger
    capacity *= 2
  }
}
