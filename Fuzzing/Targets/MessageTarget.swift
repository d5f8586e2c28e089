import Bytes
import Dialogues

/// The input is an octet for the carrier and the cuts, then a message: carried by SMTP's DATA or BDAT, POP3's RETR and
/// IMAP's FETCH. What comes out must not depend on how the stream is cut.
enum MessageTarget {
  static func run(_ octets: [UInt8]) {
    guard let bits = octets.first else { return }
    let message = Array(octets.dropFirst())
    let input: [UInt8] =
      switch bits & 3 {
      case 0:
        [0] + server("220 a ESMTP\r\n") + client("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n")
          + server("250 a\r\n250 b\r\n354 c\r\n") + said(message, byServer: false) + client("\r\n.\r\nQUIT\r\n")
          + server("250 d\r\n221 e\r\n")
      case 1:
        [0] + server("220 a ESMTP\r\n") + client("EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n")
          + client("BDAT \(message.count / 2)\r\n") + said(Array(message.prefix(message.count / 2)), byServer: false)
          + client("BDAT \(message.count - message.count / 2) LAST\r\n")
          + said(Array(message.dropFirst(message.count / 2)), byServer: false) + client("QUIT\r\n")
          + server("250 a\r\n250 b\r\n250 c\r\n250 d\r\n250 e\r\n221 f\r\n")
      case 2:
        [1] + server("+OK a\r\n") + client("RETR 1\r\nQUIT\r\n") + server("+OK b\r\n")
          + said(message, byServer: true) + server("\r\n.\r\n+OK c\r\n")
      default:
        [2] + server("* OK a\r\n") + client("a FETCH 1 BODY[]\r\n")
          + server("* 1 FETCH (BODY[] {\(message.count)}\r\n") + said(message, byServer: true)
          + server(")\r\na OK b\r\n")
      }
    let whole = DialogueTarget.play(input, input[0] | bits & 8, pieceByteCount: Int.max)
    whole.check()
    let cut = DialogueTarget.play(input, input[0] | bits & 8, pieceByteCount: 1 + Int(bits >> 4))
    // Frames differ with the cuts; sizes, digests, fields, parts and text must not.
    let (expected, found) = (whole.messages, cut.messages)
    if expected != found {
      Transcripts.fail(
        "the cuts show in the message", Array((expected.joined() + "\n" + found.joined()).utf8))
    }
  }
  private static func server(_ text: String) -> [UInt8] { said(Array(text.utf8), byServer: true) }
  private static func client(_ text: String) -> [UInt8] { said(Array(text.utf8), byServer: false) }
  private static func said(_ octets: [UInt8], byServer: Bool) -> [UInt8] {
    var pieces: [UInt8] = []
    var rest = octets[...]
    while !rest.isEmpty {
      let piece = rest.prefix(65_535)
      pieces += [byServer ? 5 : 4, UInt8(piece.count >> 8), UInt8(piece.count & 255)] + piece
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }
}
