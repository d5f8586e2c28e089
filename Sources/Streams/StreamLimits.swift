/// The bounds within which connections are followed, each with its reason.
public enum StreamLimits {
  /// Connections followed at a time; beyond it the longest silent ones give way (a scan opens millions).
  public static let flowCount = 131_072
  /// Connections that have carried octets and are followed at a time: of each the dialogue is kept, some 4 KiB.
  public static let speakingFlowCount = 20_480
  /// Out-of-order pieces held for one direction, so that a search among them stays short.
  public static let heldPieceCount = 512
  /// Octets in one held piece; larger segments are held as several.
  public static let heldPieceByteCount = 2_048
  /// Octets held out of order for all connections together.
  public static let heldByteCount = 16 << 20
  /// How much may have been exchanged with an acknowledgement of it, and for how many packets of its connection that waits.
  public static let exchangedByteCount = 1 << 16
  static let exchangedPacketCount: UInt8 = 8
  /// The largest hole that is believed: beyond it a sequence number belongs to no open window.
  public static let holeByteCount = 1 << 26
  /// How long after its end a connection waits for late packets (a RST after both FINs) before it is reported.
  public static let lingerNanoseconds: Int64 = 2_000_000_000
  /// Ended connections that wait at a time.
  public static let lingerCount = 128
  /// Delivered octets that are kept to be compared with what is sent again: what is under way at a time, and no more
  /// than the processor's cache holds.
  public static let recentByteCount = 1 << 16
  /// Segments of which octets are kept; a power of two.
  public static let recentRunCount = 1 << 11
  /// What of one segment is kept; the beginning of a long one.
  public static let recentSegmentByteCount = 256
  /// Earlier segments of its direction that a repeated one is compared with.
  public static let comparedRunCount = 64
  /// Kinds of irregularities that are kept, of all connections together.
  public static let remarkCount = 1 << 18
  /// What is shown of each version of octets in conflict.
  public static let versionByteCount = 48
  /// How far behind a timestamp is still one of the past: three days of a clock in milliseconds.
  public static let timestampDifference: Int32 = 1 << 28
  /// The age at which a timestamp of RFC 7323 says nothing any more (§5.5: 24 days).
  public static let timestampNanoseconds: Int64 = 24 * 86_400 * 1_000_000_000
  /// Reported connections that are remembered, so that stray packets do not look like new ones.
  public static let rememberedCount = 2_048
}
