/// What is unusual about a packet or a segment, by the names that programs read.
///
/// Many are everyday life (a retransmission, a keep-alive), some betray an attempt to show a listener something else
/// than the receiver saw; none stops the analysis.
public enum Irregularity: UInt8, BitwiseCopyable, Sendable, CaseIterable {
  // Link layers and IP.
  /// A packet ends within a header, because it was cut when captured.
  case packetCut
  /// A header contradicts itself, or headers nest too deep.
  case headerMalformed
  /// An IPv4 length of 0, as segmentation offload leaves it (the frame's length counts).
  case lengthZero
  /// Fragments of one IPv4 datagram overlap; the first octets count.
  case fragmentOverlap
  /// Fragments of one IPv6 datagram overlap; the datagram is dropped (RFC 5722 §4).
  case fragmentOverlapDropped
  /// A fragment ends behind the longest datagram that there can be (65,535 octets).
  case fragmentTooLong
  /// Fragments given up to keep memory bounded, or because their datagram has too many.
  case fragmentLimit
  /// A datagram whose other fragments did not come in time, or not before the capture's end.
  case fragmentsMissing
  /// The TCP checksum is wrong (RFC 9293 §3.1).
  case checksumWrong
  /// The TCP checksum covers the pseudo-header alone: the sender's network card was to finish it.
  case checksumOffloaded

  // The beginning of a connection.
  /// A SYN sent again.
  case synRepeated
  /// Another SYN with another sequence number, before the connection was established.
  case synDifferent
  /// Octets in a SYN (RFC 7413).
  case synPayload
  /// Octets in a SYN that the peer did not acknowledge; they do not count.
  case synPayloadRefused
  /// Both sides sent a SYN without ACK (RFC 9293 §3.5).
  case simultaneousOpen
  /// No SYN of this connection was captured.
  case midstream
  /// The addresses and ports of an earlier connection are used again.
  case portReused

  // Within a connection.
  /// Octets that came before, with the same content as far as that can still be told.
  case retransmission
  /// Octets that came before, with different content.
  case overlapConflict
  /// Octets ahead of their turn.
  case outOfOrder
  /// Octets that were never captured.
  case segmentLost
  /// The peer acknowledges octets that were not captured, or not yet.
  case acknowledgedUnseen
  /// One octet that was acknowledged, or none, to see whether the peer is there (RFC 9293 §3.8.4).
  case keepAlive
  /// A side says that it has no room for more.
  case zeroWindow
  /// An octet sent into a closed window (RFC 9293 §3.8.6.1).
  case zeroWindowProbe
  /// An older timestamp than one before: a segment of the past, which is dropped (RFC 7323 §5).
  case oldTimestamp
  /// A sequence number that belongs to no open window.
  case outOfWindow
  /// Urgent octets (RFC 6093); they stay in the stream.
  case urgent
  /// Too many octets ahead of their turn; the first hole was given up.
  case holdLimit

  // The end of a connection.
  /// Octets behind a side's FIN; they do not count.
  case payloadAfterFinish
  /// Octets after the end of the connection; they do not count.
  case payloadAfterEnd
  /// A RST that belongs to no open window, or stands at another number than the next while its host goes on; it is
  /// ignored (RFC 5961 §3.2).
  case resetOutOfWindow
  /// The connection was given up to keep memory bounded.
  case evicted

  /// The name that programs read.
  public var name: StaticString {
    switch self {
    case .packetCut: "packet-cut"
    case .headerMalformed: "header-malformed"
    case .lengthZero: "ip-length-zero"
    case .fragmentOverlap: "fragment-overlap"
    case .fragmentOverlapDropped: "fragment-overlap-dropped"
    case .fragmentTooLong: "fragment-too-long"
    case .fragmentLimit: "fragment-limit"
    case .fragmentsMissing: "fragments-missing"
    case .checksumWrong: "checksum-wrong"
    case .checksumOffloaded: "checksum-offloaded"
    case .synRepeated: "syn-repeated"
    case .synDifferent: "syn-different"
    case .synPayload: "syn-payload"
    case .synPayloadRefused: "syn-payload-refused"
    case .simultaneousOpen: "simultaneous-open"
    case .midstream: "midstream"
    case .portReused: "port-reused"
    case .retransmission: "retransmission"
    case .overlapConflict: "overlap-conflict"
    case .outOfOrder: "out-of-order"
    case .segmentLost: "segment-lost"
    case .acknowledgedUnseen: "acknowledged-unseen"
    case .keepAlive: "keep-alive"
    case .zeroWindow: "zero-window"
    case .zeroWindowProbe: "zero-window-probe"
    case .oldTimestamp: "old-timestamp"
    case .outOfWindow: "out-of-window"
    case .urgent: "urgent"
    case .holdLimit: "hold-limit"
    case .payloadAfterFinish: "payload-after-fin"
    case .payloadAfterEnd: "payload-after-end"
    case .resetOutOfWindow: "reset-out-of-window"
    case .evicted: "evicted"
    }
  }
  /// A few words for a person.
  public var text: StaticString {
    switch self {
    case .packetCut: "a packet was cut within a header when it was captured"
    case .headerMalformed: "a header contradicts itself, or headers nest too deep"
    case .lengthZero: "an IP length of 0, as segmentation offload leaves it"
    case .fragmentOverlap: "IPv4 fragments overlap; the first octets count"
    case .fragmentOverlapDropped: "IPv6 fragments overlap; the datagram is dropped"
    case .fragmentTooLong: "a fragment reaches beyond the longest datagram that there can be"
    case .fragmentLimit: "fragments were given up to keep memory bounded"
    case .fragmentsMissing: "a datagram's other fragments did not come"
    case .checksumWrong: "the TCP checksum is wrong"
    case .checksumOffloaded: "the TCP checksum was left to the sender's network card"
    case .synRepeated: "a SYN was sent again"
    case .synDifferent: "another SYN with another sequence number"
    case .synPayload: "octets came with a SYN"
    case .synPayloadRefused: "octets that came with a SYN were refused and do not count"
    case .simultaneousOpen: "both sides opened the connection at once"
    case .midstream: "the beginning of the connection was not captured"
    case .portReused: "the addresses and ports of an earlier connection were used again"
    case .retransmission: "octets were sent again"
    case .overlapConflict: "octets were sent again with different content"
    case .outOfOrder: "octets came ahead of their turn"
    case .segmentLost: "octets were never captured"
    case .acknowledgedUnseen: "octets were acknowledged that were not captured, or not yet"
    case .keepAlive: "a keep-alive asked whether the peer is there"
    case .zeroWindow: "a side said that it has no room for more"
    case .zeroWindowProbe: "an octet was sent into a closed window"
    case .oldTimestamp: "a segment of the past, by its timestamp, was dropped"
    case .outOfWindow: "a sequence number belongs to no open window"
    case .urgent: "octets were marked urgent; they stay in the stream"
    case .holdLimit: "too many octets came ahead of their turn; a hole was given up"
    case .payloadAfterFinish: "octets behind a FIN do not count"
    case .payloadAfterEnd: "octets after the connection's end do not count"
    case .resetOutOfWindow: "a RST that does not stand at the next number was ignored"
    case .evicted: "the connection was given up to keep memory bounded"
    }
  }
  /// Whether it happens on any network, and a person need not be told unless they ask.
  public var isCommon: Bool {
    switch self {
    case .lengthZero, .checksumOffloaded, .synRepeated, .retransmission, .outOfOrder, .acknowledgedUnseen, .keepAlive,
      .zeroWindow, .zeroWindowProbe, .midstream, .portReused, .segmentLost, .packetCut, .evicted,
      .fragmentsMissing:
      true
    case .headerMalformed, .fragmentOverlap, .fragmentOverlapDropped, .fragmentTooLong, .fragmentLimit,
      .checksumWrong, .synDifferent, .synPayload, .synPayloadRefused, .simultaneousOpen, .overlapConflict,
      .oldTimestamp, .outOfWindow, .urgent, .holdLimit, .payloadAfterFinish, .payloadAfterEnd, .resetOutOfWindow:
      false
    }
  }
}
