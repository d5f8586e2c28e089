/// How often each irregularity was met.
public struct IrregularityCounts: Sendable {
  private var counts = [UInt64](repeating: 0, count: Irregularity.allCases.count)

  public init() {}

  public subscript(irregularity: Irregularity) -> UInt64 { counts[Int(irregularity.rawValue)] }

  public mutating func count(_ irregularity: Irregularity) { counts[Int(irregularity.rawValue)] &+= 1 }

  /// Those that were met, in the order of their declaration.
  public var met: [(irregularity: Irregularity, count: UInt64)] {
    Irregularity.allCases.compactMap { self[$0] > 0 ? ($0, self[$0]) : nil }
  }
}
