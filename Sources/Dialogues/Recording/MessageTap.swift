package import Bytes
internal import MailProtocols

/// Takes messages as they pass, octet by octet, to keep them elsewhere: dot-stuffing, chunks and literals are undone.
///
///     begin ─ receive … ─ beginPart ─ receive(part:) … ─ endPart ─ … ─ end
///
/// Many messages may be under way at a time, so each has a number, which is another's once it has ended. Octets are
/// lent for the call. What a part consists of has been taken before as octets of the message, too.
package protocol MessageTap: AnyObject {
  func begin(_ message: Int, _ head: MessageHead)
  /// The next octets of a message, as they are written in it (RFC 5322).
  func receive(_ octets: Span<UInt8>, of message: Int)
  /// A leaf of the message's structure begins (RFC 2046); false when its octets are not wanted.
  func beginPart(_ part: PartHead, of message: Int) -> Bool
  /// The next octets of the part, as they are written in the message.
  func receive(part octets: Span<UInt8>, of message: Int)
  /// The part is over; its last `boundaryByteCount` octets are the line end that belongs to the boundary behind it
  /// (RFC 2046 §5.1.1), where its encoding lets line ends stand for themselves.
  func endPart(boundaryByteCount: Int, of message: Int)
  func end(_ message: Int, _ tail: MessageTail)
}

/// What is known of a message when it begins.
package struct MessageHead: BitwiseCopyable, Sendable {
  /// The connection, as `tcp.stream` counts.
  package var streamNumber: UInt32
  /// The message's number in its conversation, from 1, as the transcript lists them.
  package var ordinal: UInt32
  package var via: MessageVia
  /// Only a piece of the message was asked for: TOP (RFC 1939 §7), a section of FETCH (RFC 9051 §6.4.5), or an octet range
  /// that is not its beginning; with that one others may follow.
  package var isSection: Bool
  package var frame: UInt32
  package var timestamp: Timestamp

  init(_ via: MessageVia, _ label: Span<UInt8>, _ mark: LineMark, _ log: ConversationLog) {
    streamNumber = log.streamNumber
    ordinal = log.messageCount
    self.via = via
    isSection = via == .top || via == .fetch && !Self.isWhole(label)
    frame = mark.frame
    timestamp = mark.timestamp
  }
  private static func isWhole(_ label: Span<UInt8>) -> Bool {
    label.equalsIgnoringCase("body[]") || label.equalsIgnoringCase("rfc822") || label.equalsIgnoringCase("body[]<0>")
  }
}

/// What is known of a message when it has ended.
package struct MessageTail: Sendable {
  /// It was captured from its beginning to its end.
  package var isComplete: Bool
  package var byteCount: UInt64
  package var gapByteCount: UInt64
  package var lastFrame: UInt32
  /// SHA-256 of its octets.
  package var digest: InlineArray<32, UInt8>
}

/// What the header of a part says of it (RFC 2045, RFC 2183).
package struct PartHead: Sendable {
  /// `type/subtype`, in small letters.
  package var contentType: String
  /// The file name that it asks for, as it stands there: nothing a file may be called without further ado.
  package var name: String?
  /// It is no text of the message itself, but something to be kept.
  package var isAttachment: Bool
  /// Undoes its encoding.
  package var decoder: PartDecoder

  /// `description` is the Content-Type and, behind a NUL, the Content-Disposition.
  init(_ description: Span<UInt8>, isDisposed: Bool, _ encoding: TransferEncoding) {
    let end = description.firstOffset(of: 0) ?? description.count
    let type = end > 0 ? ContentType.parse(description.extracting(0..<end)) : nil
    let place = description.extracting(min(end + 1, description.count)...)
    let disposition = place.count > 0 ? ContentDisposition.parse(place) : nil
    contentType = type.map { $0.subtype.isEmpty ? $0.type : "\($0.type)/\($0.subtype)" } ?? "text/plain"
    name = disposition?.filename ?? type?.name
    let isText = type.map { $0.type == "text" } ?? true
    isAttachment = Self.isAttachment(isDisposed: isDisposed, hasName: name != nil, isText: isText)
    decoder = PartDecoder(encoding)
  }
  /// Whether a leaf of the structure is to be kept rather than read: it says so, has a name, or is no text.
  @inline(__always) static func isAttachment(isDisposed: Bool, hasName: Bool, isText: Bool) -> Bool {
    isDisposed || hasName || !isText
  }
}
