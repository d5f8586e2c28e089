/// What a virtual wire is like. Times are nanoseconds, one way; shares are per mille of the packets.
package struct WireConditions: Equatable, Sendable, Codable {
  /// How long a packet takes.
  package var delay: Int64 = 2_000_000
  /// By how much it may take longer, drawn for each.
  package var jitter: Int64 = 200_000
  /// How many packets never arrive; half of them are lost before the tap, half behind it.
  package var lostPerMille = 0
  /// How many packets are overtaken by the next.
  package var reorderedPerMille = 0
  /// How many packets arrive twice.
  package var duplicatedPerMille = 0
  /// The largest segment, in octets of payload.
  package var maximumSegmentSize = 1_460

  package init() {}
}
