package import Bytes

/// Streaming decoder of a chunked body (RFC 9112 §7.1), fed with pieces cut anywhere.
///
///     chunked-body = *chunk last-chunk trailer-section CRLF
///     chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
///
///     size → extension → data → dataEnd → size … → trailer → finished
///
/// Order of calls: after `.data`, call again with what is behind `consumed`; after `.needMore`, with the next bytes.
package struct HTTPChunkDecoder: BitwiseCopyable, Sendable {
  /// What the bytes given came to.
  package enum Step: BitwiseCopyable, Equatable, Sendable {
    /// Content, as a range of the bytes given, of which `consumed` are done with.
    case data(OctetRange, consumed: Int)
    /// All bytes are done with and the body goes on.
    case needMore
    /// The body has ended; what is behind `consumed` belongs to the next message.
    case finished(consumed: Int)
    /// No chunked body, or one beyond `HTTPLimits`; seen at this offset. It stays so.
    case malformed(at: Int)
  }
  private enum State: BitwiseCopyable {
    case size(Int, hasDigit: Bool)
    case `extension`(Int)
    case data(Int)
    case dataEnd
    case trailerStart
    case trailer
    case finished
    case malformed
  }
  private var state = State.size(0, hasDigit: false)
  /// Octets of the size line or the trailers so far.
  private var lineOctets = 0

  package init() {}

  /// Takes in `bytes` up to the first piece of content, or all.
  package mutating func receive(_ bytes: Span<UInt8>) -> Step {
    var position = 0
    while position < bytes.count {
      if case .data(let left) = state {
        let end = position &+ min(left, bytes.count &- position)
        state = left > end &- position ? .data(left &- (end &- position)) : .dataEnd
        return .data(OctetRange(position, end), consumed: end)
      }
      if case .finished = state { break }
      advance(bytes[position])
      if case .malformed = state { return .malformed(at: position) }
      position &+= 1
    }
    if case .finished = state { return .finished(consumed: position) }
    if case .malformed = state { return .malformed(at: 0) }
    return .needMore
  }

  private mutating func advance(_ octet: UInt8) {
    lineOctets &+= 1
    switch state {
    case .size(let size, let hasDigit):
      if let digit = ASCII.hexadecimalValue(octet) {
        let isTooLong = size > Int.max >> 4 || lineOctets > HTTPLimits.chunkLineOctets
        state = isTooLong ? .malformed : .size(size << 4 | Int(digit), hasDigit: true)
      } else if octet == ASCII.lineFeed {
        state = hasDigit ? afterSize(size) : .malformed
      } else if !hasDigit {
        state = ASCII.isBlank(octet) && lineOctets <= HTTPLimits.chunkLineOctets ? state : .malformed
      } else if octet == UInt8(ascii: ";") || octet == ASCII.carriageReturn || ASCII.isBlank(octet) {
        state = .extension(size)
      } else {
        state = .malformed
      }
    case .extension(let size):
      if octet == ASCII.lineFeed {
        state = afterSize(size)
      } else if lineOctets > HTTPLimits.chunkLineOctets {
        state = .malformed
      }
    case .dataEnd:
      if octet == ASCII.lineFeed {
        (state, lineOctets) = (.size(0, hasDigit: false), 0)
      } else if octet != ASCII.carriageReturn || lineOctets > 1 {
        state = .malformed
      }
    case .trailerStart:
      if octet == ASCII.lineFeed {
        state = .finished
      } else if octet != ASCII.carriageReturn {
        state = .trailer
      }
      if lineOctets > HTTPLimits.trailerOctets { state = .malformed }
    case .trailer:
      if octet == ASCII.lineFeed { state = .trailerStart }
      if lineOctets > HTTPLimits.trailerOctets { state = .malformed }
    case .data, .finished, .malformed: break
    }
  }
  private mutating func afterSize(_ size: Int) -> State {
    lineOctets = 0
    return size > 0 ? .data(size) : .trailerStart
  }
}

extension HTTPChunkDecoder {
  /// Writes one chunk; an empty one would end the body and is left out.
  package static func encode(_ octets: Span<UInt8>, into writer: inout ByteWriter) {
    if octets.isEmpty { return }
    var shift = (Int.bitWidth - octets.count.leadingZeroBitCount - 1) / 4 * 4
    while shift >= 0 {
      writer.append(ASCII.hexadecimalDigit(UInt8(truncatingIfNeeded: octets.count >> shift)))
      shift -= 4
    }
    writer.append("\r\n")
    writer.append(octets)
    writer.append("\r\n")
  }
  /// Writes the last chunk and an empty trailer section.
  package static func encodeEnd(into writer: inout ByteWriter) { writer.append("0\r\n\r\n") }
}
