internal import Bytes
internal import MailProtocols

/// ENVELOPE: a header as a client's list shows it (RFC 9051 §7.5.2).
///
///     S: ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary" (("Terry Gray" NIL "gray" "cac.example"))
///        (…) (…) ((NIL NIL "imap" "cac.example")) NIL NIL NIL "<B27397-0100000@cac.example>")
///
///     envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP env-cc SP env-bcc SP
///                env-in-reply-to SP env-message-id ")"
enum EnvelopeWriter {
  static func write(_ octets: Span<UInt8>, _ header: Range<Int>, into writer: inout ByteWriter) {
    let fields = HeaderFields(octets, header)
    writer.append("(")
    text(octets, fields, "date", &writer)
    writer.append(" ")
    text(octets, fields, "subject", &writer)
    let from = addresses(octets, fields, "from")
    for (name, substitute) in [("from", []), ("sender", from), ("reply-to", from), ("to", []), ("cc", []), ("bcc", [])]
    {
      let list = addresses(octets, fields, name)
      // Who sent, and who is answered, is who wrote, if nobody else is named.
      writer.append(" ")
      write(list.isEmpty ? substitute : list, &writer)
    }
    writer.append(" ")
    text(octets, fields, "in-reply-to", &writer)
    writer.append(" ")
    text(octets, fields, "message-id", &writer)
    writer.append(")")
  }
  /// A field's value as it stands, unfolded.
  private static func text(_ octets: Span<UInt8>, _ fields: HeaderFields, _ name: String, _ writer: inout ByteWriter) {
    guard let range = fields.first(name) else { return writer.append("NIL") }
    IMAPString.encode(unfolded(octets, range)[...], into: &writer)
  }
  static func unfolded(_ octets: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var value: [UInt8] = []
    for offset in range where octets[offset] != 10 && octets[offset] != 13 && octets[offset] != 0 {
      value.append(octets[offset] == ASCII.tab ? ASCII.space : octets[offset])
    }
    return value
  }
  private static func addresses(_ octets: Span<UInt8>, _ fields: HeaderFields, _ name: String) -> [Address] {
    fields.all(name).flatMap { AddressList.parse(octets.extracting($0.value), decodesNames: false).addresses }
  }
  /// A group begins with its name where mailboxes have theirs, and ends with an address of nothing.
  private static func write(_ list: [Address], _ writer: inout ByteWriter) {
    guard !list.isEmpty else { return writer.append("NIL") }
    writer.append("(")
    for address in list {
      switch address {
      case .mailbox(let mailbox): write(mailbox, &writer)
      case .group(let name, let mailboxes):
        writer.append("(NIL NIL ")
        IMAPString.encode(wire(name), into: &writer)
        writer.append(" NIL)")
        for mailbox in mailboxes { write(mailbox, &writer) }
        writer.append("(NIL NIL NIL NIL)")
      }
    }
    writer.append(")")
  }
  /// Encoded words stay as the sender wrote them; what he wrote in raw octets becomes some.
  private static func wire(_ name: String) -> String {
    name.utf8.allSatisfy { $0 < 128 } ? name : EncodedWord.encode(name)
  }
  private static func write(_ mailbox: Mailbox, _ writer: inout ByteWriter) {
    writer.append("(")
    IMAPString.encode(nilOr: mailbox.displayName.map(wire), into: &writer)
    writer.append(" NIL ")
    let at = mailbox.address.lastIndex(of: "@")
    IMAPString.encode(String(mailbox.address[..<(at ?? mailbox.address.endIndex)]), into: &writer)
    writer.append(" ")
    // A host of NIL would begin a group.
    IMAPString.encode(at.map { String(mailbox.address[$0...].dropFirst()) } ?? "", into: &writer)
    writer.append(")")
  }
}
