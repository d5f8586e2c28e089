/// A moment of capture: nanoseconds since 1970-01-01 00:00 UTC.
public struct Timestamp: BitwiseCopyable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable @inline(__always) public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  @inlinable @inline(__always) public static func < (a: Timestamp, b: Timestamp) -> Bool {
    a.nanoseconds < b.nanoseconds
  }
  @inlinable @inline(__always) public static func == (a: Timestamp, b: Timestamp) -> Bool {
    a.nanoseconds == b.nanoseconds
  }
}
