/// A slab whose places are given out and taken back: one a live thing, addressed by number.
public struct PlaceSlab<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var elements: Slab<Element>
  @usableFromInline var free: Slab<UInt32>

  @inlinable public init(minimumCapacity: Int = 64) {
    elements = Slab(minimumCapacity: minimumCapacity)
    free = Slab(minimumCapacity: minimumCapacity)
  }
  @inlinable public var liveCount: Int { elements.count &- free.count }

  @inlinable public subscript(place: UInt32) -> Element {
    @inline(__always) unsafeAddress { unsafe elements.address(of: Int(place)) }
    @inline(__always) unsafeMutableAddress { unsafe elements.mutableAddress(of: Int(place)) }
  }
  /// Gives `element` a place.
  @inlinable public mutating func insert(_ element: Element) -> UInt32 {
    if free.count > 0 {
      let place = free[free.count &- 1]
      free.removeLast()
      elements[Int(place)] = element
      return place
    }
    elements.append(element)
    return UInt32(truncatingIfNeeded: elements.count &- 1)
  }
  /// Takes a place back; it must have been given by `insert` and not yet taken back.
  @inlinable public mutating func remove(_ place: UInt32) { free.append(place) }
}

extension Slab {
  @inlinable @inline(__always) func address(of index: Int) -> UnsafePointer<Element> {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: initializedCount))
    return unsafe UnsafePointer(storage + index)
  }
  @inlinable @inline(__always) mutating func mutableAddress(of index: Int) -> UnsafeMutablePointer<Element> {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: initializedCount))
    return unsafe storage + index
  }
}
