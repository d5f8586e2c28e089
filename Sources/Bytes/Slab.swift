/// Owner of a growing run of plain values, addressed by number and always bounds-checked.
@safe public struct Slab<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var storage: UnsafeMutablePointer<Element>
  @usableFromInline var capacity: Int
  @usableFromInline var initializedCount: Int

  @inlinable public init(minimumCapacity: Int = 64) {
    capacity = Swift.max(1, minimumCapacity)
    initializedCount = 0
    unsafe storage = Self.allocate(capacity)
  }
  @inlinable public init(repeating element: Element, count: Int) {
    capacity = Swift.max(1, count)
    initializedCount = count
    unsafe storage = Self.allocate(capacity)
    unsafe storage.initialize(repeating: element, count: count)
  }
  /// Memory that begins with a line of the processor's cache.
  @inlinable static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    unsafe UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
      .bindMemory(to: Element.self, capacity: count)
  }
  @inlinable deinit { unsafe UnsafeMutableRawPointer(storage).deallocate() }

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
    let larger = unsafe Self.allocate(capacity * 2)
    unsafe larger.moveInitialize(from: storage, count: initializedCount)
    unsafe UnsafeMutableRawPointer(storage).deallocate()
    unsafe storage = larger
    capacity *= 2
  }
}
