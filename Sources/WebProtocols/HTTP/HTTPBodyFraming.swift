/// How long the body of a message is (RFC 9112 §6.3).
package enum HTTPBodyFraming: BitwiseCopyable, Equatable, Sendable {
  case none
  /// So many octets, at least one.
  case length(Int)
  case chunked
  /// All until the connection ends.
  case untilClose
  /// No body, and what follows is no HTTP: after a 2xx answer to CONNECT (item 2), or 101.
  case tunnel

  /// The body of a request (items 3, 4, 6 and 7).
  package static func ofRequest(_ head: HTTPHead) -> HTTPBodyFraming {
    if head.isChunked { return .chunked }
    // Item 4: with another final coding the length cannot be told; a server would answer 400.
    if head.hasTransferEncoding { return .untilClose }
    return ofLength(head.contentLength ?? 0)
  }

  /// The body of a response with `status` to a request with `method` (items 1 to 8).
  package static func ofResponse(_ head: HTTPHead, status: Int, to method: HTTPMethod) -> HTTPBodyFraming {
    if status == 101 { return .tunnel }
    if method == .head || status / 100 == 1 || status == 204 || status == 304 { return .none }
    if method == .connect, status / 100 == 2 { return .tunnel }
    if head.isChunked { return .chunked }
    if head.hasTransferEncoding { return .untilClose }
    return head.contentLength.map(ofLength) ?? .untilClose
  }
  private static func ofLength(_ octets: Int) -> HTTPBodyFraming { octets == 0 ? .none : .length(octets) }
}
