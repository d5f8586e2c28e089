/// Owner of a growing run of plain values, addressed by number and always bounds-checked.
@safe public struct Slab<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var storage: UnsafeMutablePointer<Element>
  @usableFromInline var capacity: Int
  @usableFromInline var initializedCount: Int

  @inlinable public init(minimumCapacity: Int = 64) {
    capacity = Swift.max(1, minimumCapacity)
    initializedCount = 0
    unsafe storage = .allocate(capacity: capacity)
  }
  @inlinable public init(repeating element: Element, count: Int) {
    capacity = Swift.max(1, count)
    initializedCount = count
    unsafe storage = .allocate(capacity: capacity)
    unsafe storage.initialize(repeating: element, count: count)
  }
  @inlinable deinit { unsafe storage.deallocate() }

  @inlinable @inline(__always) public var count: Int { initializedCount }

  @inlinable public subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: initializedCount))
      return unsafe UnsafePointer(storage + index)
    }
    @inline(__always) unsafeMutableAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: initializedCount))
      return unsafe storage + index
    }
  }
  @inlinable public mutating func append(_ element: Element) {
    if initializedCount == capacity { grow() }
    unsafe (storage + initializedCount).initialize(to: element)
    initializedCount += 1
  }
  /// Forgets all elements and keeps the memory.
  @inlinable public mutating func removeAll() { initializedCount = 0 }
  @inlinable public mutating func removeLast() {
    precondition(initializedCount > 0)
    initializedCount -= 1
  }
  @inlinable @inline(never) mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    unsafe larger.moveInitialize(from: storage, count: initializedCount)
    unsafe storage.deallocate()
    unsafe storage = larger
    capacity *= 2
  }
}
