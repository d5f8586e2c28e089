package import Bytes

/// What the fields of a message say about its body and its connection, gathered one field at a time.
///
/// Order of calls: `receive` for each field line, then `HTTPBodyFraming`. Ranges are offsets in the line given, moved
/// by the `offset` given with it.
package struct HTTPHead: BitwiseCopyable, Sendable {
  /// How the content is packed (RFC 9110 §8.4).
  package enum ContentEncoding: UInt8, BitwiseCopyable, Sendable { case identity, gzip, deflate, other }
  /// The media types that are treated differently (RFC 9110 §8.3).
  package enum ContentKind: UInt8, BitwiseCopyable, Sendable {
    case none, form, multipartForm, html, json, plain, other
  }
  /// What is unusual in the fields; parsing goes on.
  package struct Anomalies: OptionSet, BitwiseCopyable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Two lengths that differ (RFC 9112 §6.3 item 5); the first one counts.
    package static let conflictingContentLength = Anomalies(rawValue: 1)
    /// A length that is no number.
    package static let invalidContentLength = Anomalies(rawValue: 2)
    /// Length and Transfer-Encoding together (RFC 9112 §6.3 item 3), as request smuggling has them.
    package static let lengthAndTransferEncoding = Anomalies(rawValue: 4)
    /// A final transfer coding other than chunked.
    package static let unknownTransferCoding = Anomalies(rawValue: 8)
    /// A line that is no field.
    package static let malformedField = Anomalies(rawValue: 16)
  }

  package private(set) var contentLength: Int?
  package private(set) var hasTransferEncoding = false
  /// Whether the last transfer coding is `chunked` (RFC 9112 §6.1).
  package private(set) var isChunked = false
  /// `Connection: close` (RFC 9112 §9.6) and `keep-alive`.
  package private(set) var closesConnection = false
  package private(set) var keepsConnection = false
  /// Whether another protocol is offered or taken up (RFC 9110 §7.8).
  package private(set) var upgrades = false
  package private(set) var contentEncoding = ContentEncoding.identity
  package private(set) var contentKind = ContentKind.none
  package private(set) var anomalies: Anomalies = []
  /// The base64 behind `Authorization: Basic` (RFC 7617 §2); empty when absent. So the other ranges.
  package private(set) var authorizationBasic = OctetRange(0, 0)
  package private(set) var contentType = OctetRange(0, 0)
  package private(set) var host = OctetRange(0, 0)
  package private(set) var location = OctetRange(0, 0)
  package private(set) var cookie = OctetRange(0, 0)

  package init() {}

  /// Takes in a field line and returns its parts; nil where it is no field, as an obsolete folded line.
  @discardableResult
  package mutating func receive(_ line: Span<UInt8>, at offset: Int = 0) -> HTTPField? {
    guard let field = HTTPField.parse(line) else {
      anomalies.insert(.malformedField)
      return nil
    }
    let name = line.extracting(line.bounds(field.name))
    let value = line.extracting(line.bounds(field.value))
    let place = field.value.shifted(by: offset)
    switch name.count {
    case 4 where name.equalsIgnoringCase("host"): host = place
    case 6 where name.equalsIgnoringCase("cookie"): cookie = place
    case 7 where name.equalsIgnoringCase("upgrade"): upgrades = true
    case 8 where name.equalsIgnoringCase("location"): location = place
    case 10 where name.equalsIgnoringCase("connection"): receiveConnection(value)
    case 12 where name.equalsIgnoringCase("content-type"):
      contentType = place
      contentKind = Self.kind(value)
    case 13 where name.equalsIgnoringCase("authorization"):
      if let token = BasicCredentials.token(in: value) { authorizationBasic = token.shifted(by: place.lower) }
    case 14 where name.equalsIgnoringCase("content-length"): receiveLength(value)
    case 16 where name.equalsIgnoringCase("content-encoding"): contentEncoding = Self.encoding(value)
    case 17 where name.equalsIgnoringCase("transfer-encoding"): receiveTransferEncoding(value)
    default: break
    }
    if hasTransferEncoding, contentLength != nil { anomalies.insert(.lengthAndTransferEncoding) }
    return field
  }

  /// Content-Length = 1*DIGIT; a list of equal numbers counts as one (RFC 9110 §8.6).
  private mutating func receiveLength(_ value: Span<UInt8>) {
    var start = 0
    while start <= value.count {
      let end = value.firstOffset(of: UInt8(ascii: ","), from: start) ?? value.count
      if let number = Self.decimal(value, value.trimmed(OctetRange(start, end))) {
        if let contentLength, contentLength != number { anomalies.insert(.conflictingContentLength) }
        contentLength = contentLength ?? number
      } else {
        anomalies.insert(.invalidContentLength)
      }
      start = end &+ 1
    }
  }
  private static func decimal(_ value: Span<UInt8>, _ range: OctetRange) -> Int? {
    if range.isEmpty { return nil }
    var number = 0
    for offset in range.lower..<range.upper {
      guard ASCII.isDigit(value[offset]) else { return nil }
      let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, isTooLargeToo) = tenfold.addingReportingOverflow(Int(value[offset] - 48))
      if isTooLarge || isTooLargeToo { return nil }
      number = sum
    }
    return number
  }

  private mutating func receiveTransferEncoding(_ value: Span<UInt8>) {
    hasTransferEncoding = true
    var last = value.count
    while last > 0, value[last &- 1] != UInt8(ascii: ",") { last &-= 1 }
    let coding = value.trimmed(OctetRange(last, value.count))
    isChunked = value.extracting(value.bounds(coding)).equalsIgnoringCase("chunked")
    if isChunked { anomalies.remove(.unknownTransferCoding) } else { anomalies.insert(.unknownTransferCoding) }
  }
  private mutating func receiveConnection(_ value: Span<UInt8>) {
    if value.firstOffsetIgnoringCase(of: "close") != nil { closesConnection = true }
    if value.firstOffsetIgnoringCase(of: "keep-alive") != nil { keepsConnection = true }
  }
  private static func encoding(_ value: Span<UInt8>) -> ContentEncoding {
    if value.equalsIgnoringCase("gzip") || value.equalsIgnoringCase("x-gzip") { return .gzip }
    if value.equalsIgnoringCase("deflate") { return .deflate }
    return value.isEmpty || value.equalsIgnoringCase("identity") ? .identity : .other
  }
  private static func kind(_ value: Span<UInt8>) -> ContentKind {
    let end = value.firstOffset(of: UInt8(ascii: ";")) ?? value.count
    let type = value.extracting(value.bounds(value.trimmed(OctetRange(0, end))))
    if type.equalsIgnoringCase("text/html") || type.equalsIgnoringCase("application/xhtml+xml") { return .html }
    if type.equalsIgnoringCase("application/x-www-form-urlencoded") { return .form }
    if type.equalsIgnoringCase("multipart/form-data") { return .multipartForm }
    if type.equalsIgnoringCase("application/json")
      || type.count > 5 && type.startsIgnoringCase(with: "+json", at: type.count &- 5)
    {
      return .json
    }
    return type.equalsIgnoringCase("text/plain") ? .plain : .other
  }
}
