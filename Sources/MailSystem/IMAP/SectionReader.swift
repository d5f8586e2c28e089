internal import Bytes
internal import MailProtocols

/// The octets that BODY[…] means (RFC 9051 §6.4.5.1).
enum SectionReader {
  /// The octets of a section; nil where the message has no such part.
  static func read(_ section: IMAPSection, of octets: [UInt8], _ structure: MIMEStructure) -> ArraySlice<UInt8>? {
    guard let entity = structure.entity(section.part) else { return nil }
    // HEADER and TEXT of a part are those of the message within.
    let message = section.part.isEmpty ? entity : entity.isMessage ? entity.parts[0] : nil
    switch section.text {
    case .whole: return section.part.isEmpty ? octets[...] : octets[entity.body]
    case .mime: return octets[entity.header]
    case .header: return message.map { octets[$0.header] }
    case .text: return message.map { octets[$0.body] }
    case .headerFields(let names, let isInverted):
      guard let message else { return nil }
      let wanted = Set(names.map { $0.lowercased() })
      let fields = HeaderFields(octets.span, message.header).filter { wanted.contains($0) != isInverted }
      return (fields.flatMap { octets[$0.whole] } + [13, 10])[...]
    }
  }
  /// The octets from the first asked for, at most so many; those beyond the end are none.
  static func cut(_ octets: ArraySlice<UInt8>, _ partial: IMAPFetchItem.Partial?) -> ArraySlice<UInt8> {
    guard let partial else { return octets }
    guard partial.first < UInt64(octets.count) else { return [] }
    let rest = octets.dropFirst(Int(partial.first))
    return rest.prefix(Int(min(partial.byteCount, UInt64(rest.count))))
  }
}
