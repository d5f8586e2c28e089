import Bytes
import MailProtocols
import WebProtocols

/// The input goes to every grammar by itself: header values, dates, encodings, charsets, commands, replies, HTTP.
enum GrammarTarget {
  static func run(_ octets: [UInt8]) {
    guard let cut = octets.first.map({ Int($0) + 1 }) else { return }
    let rest = octets.dropFirst()
    let line = Array(rest)
    readFields(line.span)
    readLines(line.span)
    readHTTP(line.span, cut: cut)
    decode(line.span, cut: cut)
    let name = rest.prefix { $0 != 10 }
    let text = Array(rest.dropFirst(name.count))
    _ = Charset.decode(text.span, named: String(decoding: name, as: UTF8.self))
    _ = Charset.isKnown(String(decoding: name, as: UTF8.self))
  }

  private static func readFields(_ line: Span<UInt8>) {
    if let field = HeaderField.parse(line) {
      _ = EncodedWord.decode(line.extracting(line.bounds(field.value)))
    }
    _ = EncodedWord.decode(line)
    _ = ContentType.Summary.parse(line)
    _ = ContentType.parse(line)?.encode()
    _ = ContentDisposition.parse(line)?.encode()
    _ = TransferEncoding.parse(line)
    _ = AddressList.parse(line).encode()
    _ = MessageDate.parse(line)?.encode()
    _ = EncodedWord.encode(line.text())
    var writer = ByteWriter()
    HeaderField.encode(name: "Subject", text: line.text(), into: &writer)
  }
  private static func readLines(_ line: Span<UInt8>) {
    _ = SMTPCommand<OctetRange>.parse(line)
    _ = SMTPReply.parse(line)
    _ = POP3Command<OctetRange>.parse(line)
    _ = POP3Reply.parse(line)
    _ = IMAPCommand.parse(line)
    _ = IMAPResponse.parse(line)
    _ = IMAPLiteral.parse(endOf: line)
    var tokens = IMAPTokens()
    var count = 0
    while let token = tokens.next(line) {
      _ = IMAPTokens.value(token, of: line)
      count += 1
      precondition(count <= line.count, "tokens without end")
    }
    for mechanism in [SASLResponse.Mechanism.plain, .login, .scram, .ntlm, .other] {
      var user = ByteWriter()
      var password = ByteWriter()
      var scratch = ByteWriter()
      for step in 0..<3 {
        _ = SASLResponse.read(
          line, step: step, of: mechanism, userName: &user, password: &password, scratch: &scratch)
      }
    }
    var scratch = ByteWriter()
    _ = SASLResponse.guess(line, after: line, before: line, scratch: &scratch)
    _ = SASLResponse.text(ofChallenge: line)
    var user = ByteWriter()
    NTLMMessage.appendUserName(of: line, to: &user)
    precondition(user.count <= 2 * line.count, "a name longer than its message")
    _ = TLSClientHello.serverName(of: line)
  }
  private static func readHTTP(_ line: Span<UInt8>, cut: Int) {
    _ = HTTPRequestLine.parse(line)
    _ = HTTPStatusLine.parse(line)
    _ = HTTPField.parse(line)
    _ = BasicCredentials.parse(line)
    _ = FormDecoder.decode(line)
    _ = MultipartForm.decode(line)
    _ = JSONForm.decode(line)
    _ = HTTPAuthorization.parse(line)
    _ = HTTPAuthorization.digestUserName(in: line)
    var head = HTTPHead()
    var start = 0
    while start < line.count {
      let end = line.firstOffset(of: 10, from: start) ?? line.count
      _ = head.receive(line.extracting(start..<end))
      start = end + 1
    }
    _ = HTTPBodyFraming.ofRequest(head)
    _ = HTTPBodyFraming.ofResponse(head, status: 200, to: .get)
    precondition(chunked(line, cut: line.count) == chunked(line, cut: cut), "the cuts show in the chunks")
  }
  /// The content of a chunked body that is given in pieces of at most `cut` octets.
  private static func chunked(_ octets: Span<UInt8>, cut: Int) -> [UInt8] {
    var decoder = HTTPChunkDecoder()
    var content: [UInt8] = []
    var start = 0
    while start < octets.count {
      let piece = octets.extracting(start..<min(octets.count, start + max(1, cut)))
      switch decoder.receive(piece) {
      case .data(let range, let consumed):
        for offset in piece.bounds(range) { content.append(piece[offset]) }
        start += consumed
      case .needMore: start += piece.count
      case .finished, .malformed: return content
      }
    }
    return content
  }
  /// Decoders that keep state must not care where their input is cut, and must count what they would write.
  private static func decode(_ octets: Span<UInt8>, cut: Int) {
    _ = Base64.decode(octets)
    let whole = Base64.decodeLenient(octets)
    var (base64, counting) = (Base64Decoder(), Base64Decoder())
    var (quoted, countingQuoted) = (QuotedPrintableDecoder(), QuotedPrintableDecoder())
    var written = ByteWriter()
    var (uuencode, countingUuencode) = (UUDecoder(), UUDecoder())
    var writtenQuoted = ByteWriter()
    var writtenUuencode = ByteWriter()
    var (count, countQuoted, countUuencode) = (0, 0, 0)
    var start = 0
    while start < octets.count {
      let piece = octets.extracting(start..<min(octets.count, start + cut))
      base64.decode(piece, into: &written)
      count += counting.count(piece)
      quoted.decode(piece, into: &writtenQuoted)
      countQuoted += countingQuoted.count(piece)
      uuencode.decode(piece, into: &writtenUuencode)
      countUuencode += countingUuencode.count(piece)
      start += piece.count
    }
    quoted.finish(into: &writtenQuoted)
    countQuoted += countingQuoted.finishCount()
    precondition(
      written.count == whole.count && count == whole.count, "base64: \(written.count), \(count), \(whole.count)")
    precondition(writtenQuoted.count == countQuoted, "quoted-printable: \(writtenQuoted.count), \(countQuoted)")
    precondition(writtenUuencode.count == countUuencode, "uuencode: \(writtenUuencode.count), \(countUuencode)")
    var encoded = ByteWriter()
    QuotedPrintable.encode(octets, into: &encoded)
    _ = Base64.encode(octets)
  }
}
