/// The bounds within which captures are read, each with its reason.
public enum PacketLimits {
  /// The ring that a file is read through: large enough that a system call costs nothing a packet, small enough for
  /// the second-level cache.
  public static let ringByteCount = 1 << 18
  /// The largest packet: what libpcap calls MAXIMUM_SNAPLEN.
  public static let capturedByteCount = 262_144
  /// The longest packet whose end is told by the capture alone: Linux puts no more than 512 KiB together before segmentation
  /// offload. What a record claims beyond it is no octet that is missing.
  public static let originalByteCount = 1 << 19
  /// The largest pcapng block that is held; decryption secrets and name records can be larger than a packet.
  public static let blockByteCount = 1 << 24
  /// The largest that is passed over, which is what Wireshark takes; a length beyond it is damage.
  public static let passedBlockByteCount = 1 << 27
  /// Interfaces in one pcapng section.
  public static let interfaceCount = 65_536
  /// Headers of links, tags, tunnels and IP within one packet, and extension headers of one IPv6 header.
  public static let layerCount = 16
  /// Datagrams that wait for fragments.
  public static let fragmentedDatagramCount = 4_096
  /// Memory of fragments that wait, in all.
  public static let fragmentByteCount = 1 << 24
  /// What holding a fragment costs beyond its octets, so that many small ones are no way around the limit.
  public static let fragmentOverheadByteCount = 96
  /// Fragments of one datagram (64 KiB in pieces of 8 octets would be 8,192).
  public static let fragmentsPerDatagram = 1_024
  /// VLANs and tunnels that are told by name; those met later are parted all the same.
  public static let pathCount = 4_096
  /// How long a datagram waits for its other fragments, in capture time (RFC 8200 §4.5 asks for 60 seconds).
  public static let fragmentNanoseconds: Int64 = 60_000_000_000
  /// Segments whose checksum is verified without being asked for: short ones, the first of a capture, which is enough
  /// to tell what it is like.
  public static let sampledChecksumByteCount = 160
  public static let sampledChecksumCount = 4_096
  /// How long a live capture may be silent before what is known is shown, in milliseconds.
  public static let idleMilliseconds: Int32 = 200
}
