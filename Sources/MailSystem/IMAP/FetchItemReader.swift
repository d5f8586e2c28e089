internal import Bytes
internal import MailProtocols

/// The items of FETCH that are made of a message's octets.
struct FetchItemReader {
  private var octets: [UInt8] = []
  private var structure: MIMEStructure?

  static func needsOctets(_ item: IMAPFetchItem) -> Bool {
    switch item {
    case .flags, .uid, .internalDate, .byteCount, .modificationSequence: false
    case .envelope, .body, .bodyStructure, .message, .messageHeader, .messageText, .section, .binary, .binarySize: true
    }
  }
  /// Reads the message, once; false when it is gone.
  mutating func load(_ message: StoredMessage, _ folder: MailFolderID, _ store: some MailStore) -> Bool {
    if structure != nil { return true }
    guard let octets = store.octets(of: message.uid, in: folder) else { return false }
    self.octets = octets
    structure = MIMEStructure.parse(octets.span)
    return true
  }
  /// Writes an item's value, NIL where there is none; false for a part in an unknown encoding.
  func write(_ item: IMAPFetchItem, into writer: inout ByteWriter) -> Bool {
    guard let structure else {
      writer.append("NIL")
      return true
    }
    let octets = octets
    switch item {
    case .envelope: EnvelopeWriter.write(octets.span, structure.header, into: &writer)
    case .body: BodyStructureWriter.write(structure, of: octets.span, isExtended: false, into: &writer)
    case .bodyStructure: BodyStructureWriter.write(structure, of: octets.span, isExtended: true, into: &writer)
    case .message: write(IMAPSection(), nil, structure, &writer)
    case .messageHeader: write(IMAPSection(text: .header), nil, structure, &writer)
    case .messageText: write(IMAPSection(text: .text), nil, structure, &writer)
    case .section(let section, let partial, _): write(section, partial, structure, &writer)
    case .binary(let part, let partial, _):
      guard let decoded = decoded(part, structure) else {
        writer.append("NIL")
        return structure.entity(part) == nil
      }
      IMAPString.encodeLiteral(SectionReader.cut(decoded[...], partial), mayBeLiteral8: true, into: &writer)
    case .binarySize(let part):
      guard let decoded = decoded(part, structure) else {
        writer.append("0")
        return structure.entity(part) == nil
      }
      writer.append(decimal: decoded.count)
    case .flags, .uid, .internalDate, .byteCount, .modificationSequence: break
    }
    return true
  }
  private func write(
    _ section: IMAPSection, _ partial: IMAPFetchItem.Partial?, _ structure: MIMEStructure, _ writer: inout ByteWriter
  ) {
    guard let found = SectionReader.read(section, of: octets, structure) else { return writer.append("NIL") }
    let cut = SectionReader.cut(found, partial)
    if cut.isEmpty { writer.append("\"\"") } else { IMAPString.encodeLiteral(cut, into: &writer) }
  }
  /// A part's octets with its transfer encoding undone (RFC 3516 §4.1); nil without such a part or encoding.
  private func decoded(_ part: [UInt32], _ structure: MIMEStructure) -> [UInt8]? {
    guard let entity = structure.entity(part) else { return nil }
    if part.isEmpty || entity.isMultipart { return part.isEmpty ? octets : Array(octets[entity.body]) }
    let octets = octets
    return entity.decodedBody(octets.span)
  }
}
