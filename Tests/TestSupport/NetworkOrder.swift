import Glibc

/// The octets of a number, in network order or the other.
package func octets(_ number: some FixedWidthInteger, isBigEndian: Bool = true) -> [UInt8] {
  let count = number.bitWidth / 8
  let ordered = (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * ($0))) }
  return isBigEndian ? ordered.reversed() : ordered
}

/// A variable of the environment.
package func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}
