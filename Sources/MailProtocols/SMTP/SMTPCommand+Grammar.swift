package import Bytes

/// Reading and writing commands, side by side.
///
///     ehlo = "EHLO" SP ( Domain / address-literal ) CRLF
///     mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
///     rcpt = "RCPT TO:" ( … / Forward-path ) [SP Rcpt-parameters] CRLF
///     auth = "AUTH" SP sasl-mech [SP initial-response] CRLF          (RFC 4954 §8)
///     lhlo = "LHLO" SP Domain CRLF                                   (RFC 2033 §4.1)
///     bdat = "BDAT" SP chunk-size [SP "LAST"] CRLF                   (RFC 3030 §2)
extension SMTPCommand where Text == OctetRange {
  /// Reads a line without its end of line. Never fails: what is not known is `unknown`. Verbs in any case, spaces
  /// after the colon and missing brackets are read as they are meant.
  package static func parse(_ line: Span<UInt8>) -> SMTPCommand {
    guard line.count >= 4 else { return .unknown(verb: OctetRange(0, line.count)) }
    let verb = line.nativeUInt32(at: 0).bigEndian & 0xDFDF_DFDF
    let isWord = line.count == 4 || ASCII.isBlank(line[4])
    let rest = line.trimmed(OctetRange(min(5, line.count), line.count))
    switch verb {
    case 0x4548_4C4F where isWord: return .extendedHello(domain: rest)
    case 0x4845_4C4F where isWord: return .hello(domain: rest)
    case 0x4C48_4C4F where isWord: return .localHello(domain: rest)
    case 0x4D41_494C where isWord && line.startsIgnoringCase(with: "from", at: rest.lower):
      let (path, parameters) = parsePath(line, from: rest.lower + 4)
      return .mail(reversePath: path, parameters: parameters)
    case 0x5243_5054 where isWord && line.startsIgnoringCase(with: "to", at: rest.lower):
      let (path, parameters) = parsePath(line, from: rest.lower + 2)
      return .recipient(forwardPath: path, parameters: parameters)
    case 0x4441_5441 where isWord && rest.isEmpty: return .data
    case 0x4244_4154 where isWord: return parseBinaryData(line, rest)
    case 0x5253_4554 where isWord: return .reset
    case 0x4E4F_4F50 where isWord: return .noOperation
    case 0x5155_4954 where isWord: return .quit
    case 0x5652_4659 where isWord: return .verify(rest)
    case 0x4558_504E where isWord: return .expand(rest)
    case 0x4845_4C50 where isWord: return .help(rest)
    case 0x5354_4152
    where line.trimmed(OctetRange(0, line.count)).count == 8 && line.startsIgnoringCase(with: "starttls"):
      return .startTLS
    case 0x4155_5448 where isWord && !rest.isEmpty: return parseAuthentication(line, rest)
    default:
      var end = 0
      while end < line.count, !ASCII.isBlank(line[end]) { end += 1 }
      return .unknown(verb: OctetRange(0, end))
    }
  }
  /// `:<path> parameters`, with the odd spacing and the missing brackets that are met.
  private static func parsePath(_ line: Span<UInt8>, from start: Int) -> (OctetRange, OctetRange) {
    var lower = start
    while lower < line.count, ASCII.isBlank(line[lower]) || line[lower] == UInt8(ascii: ":") { lower += 1 }
    if lower < line.count, line[lower] == UInt8(ascii: "<") {
      let upper = endOfPath(line, from: lower + 1)
      return (OctetRange(lower + 1, upper), line.trimmed(OctetRange(min(upper + 1, line.count), line.count)))
    }
    var upper = lower
    while upper < line.count, !ASCII.isBlank(line[upper]) { upper += 1 }
    return (OctetRange(lower, upper), line.trimmed(OctetRange(upper, line.count)))
  }
  /// Where the bracket stands that closes a path: none within a quoted local part, nor behind a reverse solidus.
  private static func endOfPath(_ line: Span<UInt8>, from start: Int) -> Int {
    let end = line.firstOffset(of: UInt8(ascii: ">"), from: start) ?? line.count
    if line.extracting(start..<end).firstOffset(of: UInt8(ascii: "\"")) == nil,
      line.extracting(start..<end).firstOffset(of: UInt8(ascii: "\\")) == nil
    {
      return end
    }
    var upper = start
    var isQuoted = false
    while upper < line.count, isQuoted || line[upper] != UInt8(ascii: ">") {
      if line[upper] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if line[upper] == UInt8(ascii: "\\") { upper += 1 }
      upper += 1
    }
    return min(upper, line.count)
  }
  private static func parseBinaryData(_ line: Span<UInt8>, _ rest: OctetRange) -> SMTPCommand {
    var byteCount: UInt64 = 0
    var offset = rest.lower
    while offset < rest.upper, ASCII.isDigit(line[offset]) {
      let (product, overflows) = byteCount.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(UInt64(line[offset] &- 48))
      if overflows || carries { return .unknown(verb: OctetRange(0, 4)) }
      byteCount = sum
      offset += 1
    }
    let tail = line.trimmed(OctetRange(offset, rest.upper))
    guard offset > rest.lower, tail.isEmpty || line.extracting(line.bounds(tail)).equalsIgnoringCase("last") else {
      return .unknown(verb: OctetRange(0, 4))
    }
    return .binaryData(byteCount: byteCount, isLast: !tail.isEmpty)
  }
  private static func parseAuthentication(_ line: Span<UInt8>, _ rest: OctetRange) -> SMTPCommand {
    var end = rest.lower
    while end < rest.upper, !ASCII.isBlank(line[end]) { end += 1 }
    let response = line.trimmed(OctetRange(end, rest.upper))
    return .authenticate(
      mechanism: OctetRange(rest.lower, end), initialResponse: response.isEmpty ? nil : response)
  }
}

extension SMTPCommand where Text == String {
  /// Writes the command as RFC 5321 spells it, with its CRLF.
  package func encode(into writer: inout ByteWriter) {
    switch self {
    case .hello(let domain): write("HELO ", domain, into: &writer)
    case .extendedHello(let domain): write("EHLO ", domain, into: &writer)
    case .localHello(let domain): write("LHLO ", domain, into: &writer)
    case .mail(let path, let parameters):
      write("MAIL FROM:<", path, parameters.isEmpty ? ">" : "> ", parameters, into: &writer)
    case .recipient(let path, let parameters):
      write("RCPT TO:<", path, parameters.isEmpty ? ">" : "> ", parameters, into: &writer)
    case .data: write("DATA", into: &writer)
    case .binaryData(let byteCount, let isLast): write("BDAT ", String(byteCount), isLast ? " LAST" : "", into: &writer)
    case .reset: write("RSET", into: &writer)
    case .noOperation: write("NOOP", into: &writer)
    case .quit: write("QUIT", into: &writer)
    case .verify(let text): write("VRFY ", text, into: &writer)
    case .expand(let text): write("EXPN ", text, into: &writer)
    case .help(let text): write(text.isEmpty ? "HELP" : "HELP ", text, into: &writer)
    case .startTLS: write("STARTTLS", into: &writer)
    case .authenticate(let mechanism, nil): write("AUTH ", mechanism, into: &writer)
    case .authenticate(let mechanism, let response?): write("AUTH ", mechanism, " ", response, into: &writer)
    case .unknown(let verb): write(verb, into: &writer)
    }
  }
  private func write(_ pieces: String..., into writer: inout ByteWriter) {
    for piece in pieces { writer.append(withinLine: piece) }
    writer.append("\r\n")
  }
}
