/// Messages by number or UID (RFC 9051 §4.1.1, §9), or the result of the last saved search (§6.4.4.1).
///
///     C: a1 FETCH 2:4,7,10:* FLAGS
///     C: a2 UID STORE $ +FLAGS (\Seen)
///
///     sequence-set = (seq-number / seq-range) ["," sequence-set] / seq-last-command
package struct IMAPSequenceSet: Equatable, Sendable {
  /// Both ends, in either order; nil is `*`.
  struct Bounds: Equatable, Sendable {
    var first: UInt32?
    var last: UInt32?
  }
  var bounds: [Bounds] = []
  /// Whether it is `$`.
  package private(set) var isSavedResult = false

  package static func parse(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> IMAPSequenceSet {
    var set = IMAPSequenceSet()
    if arguments.skip(UInt8(ascii: "$")) {
      set.isSavedResult = true
      return set
    }
    repeat {
      let first = try bound(&arguments)
      let last = arguments.skip(UInt8(ascii: ":")) ? try bound(&arguments) : first
      set.bounds.append(Bounds(first: first, last: last))
    } while arguments.skip(UInt8(ascii: ","))
    return set
  }
  private static func bound(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> UInt32? {
    arguments.skip(UInt8(ascii: "*")) ? nil : try arguments.positiveNumber()
  }
  /// The numbers as ranges, ascending and apart; `*` is `largest`, and of a folder without messages 0, which is nobody.
  package func ranges(largest: UInt32) -> [ClosedRange<UInt32>] {
    let all = bounds.map { bounds in
      let first = bounds.first ?? largest
      let last = bounds.last ?? largest
      return min(first, last)...max(first, last)
    }.sorted { $0.lowerBound < $1.lowerBound }
    var merged: [ClosedRange<UInt32>] = []
    for range in all {
      if let last = merged.last, range.lowerBound <= last.upperBound || range.lowerBound - 1 == last.upperBound {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
  /// Writes numbers, which must ascend, as the shortest set: `2,4:7,9`.
  package static func encode(_ numbers: [UInt32]) -> String {
    var parts: [String] = []
    var index = 0
    while index < numbers.count {
      var end = index
      while end + 1 < numbers.count, numbers[end + 1] &- numbers[end] == 1 { end += 1 }
      parts.append(end == index ? "\(numbers[index])" : "\(numbers[index]):\(numbers[end])")
      index = end + 1
    }
    return parts.joined(separator: ",")
  }
}
