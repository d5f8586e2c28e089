internal import Bytes
internal import MailProtocols

/// BODY and BODYSTRUCTURE: a message's MIME structure in parentheses (RFC 9051 §7.5.2).
///
///     S: (("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)("TEXT" "PLAIN" ("CHARSET" "US-ASCII" "NAME"
///        "cc.diff") "<960723163407.20117h@cac.example>" "Compiler diff" "BASE64" 4554 73) "MIXED")
enum BodyStructureWriter {
  /// `isExtended` tells BODYSTRUCTURE, which has the extension data, from BODY.
  static func write(
    _ entity: MIMEStructure, of octets: Span<UInt8>, isExtended: Bool, into writer: inout ByteWriter
  ) {
    let fields = HeaderFields(octets, entity.header)
    writer.append("(")
    if entity.isMultipart {
      // body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
      for part in entity.parts { write(part, of: octets, isExtended: isExtended, into: &writer) }
      writer.append(" ")
      IMAPString.encode(entity.contentType.subtype.uppercased(), into: &writer)
      if isExtended {
        writer.append(" ")
        parameters(entity.contentType.parameters, &writer)
      }
    } else {
      writeSingle(entity, fields, octets, isExtended, &writer)
    }
    if isExtended { writeExtension(fields, octets, &writer) }
    writer.append(")")
  }
  /// body-type-basic / body-type-msg / body-type-text; body-fields = body-fld-param SP body-fld-id SP body-fld-desc SP
  /// body-fld-enc SP body-fld-octets
  private static func writeSingle(
    _ entity: MIMEStructure, _ fields: HeaderFields, _ octets: Span<UInt8>, _ isExtended: Bool,
    _ writer: inout ByteWriter
  ) {
    IMAPString.encode(entity.contentType.type.uppercased(), into: &writer)
    writer.append(" ")
    IMAPString.encode(entity.contentType.subtype.uppercased(), into: &writer)
    writer.append(" ")
    parameters(shown(entity.contentType), &writer)
    for name in ["content-id", "content-description"] {
      writer.append(" ")
      text(fields, name, octets, &writer)
    }
    writer.append(" ")
    let encoding = fields.first("content-transfer-encoding").map { EnvelopeWriter.unfolded(octets, $0).span.text() }
    IMAPString.encode(encoding?.uppercased() ?? "7BIT", into: &writer)
    writer.append(" ")
    writer.append(decimal: entity.body.count)
    if entity.isMessage {
      writer.append(" ")
      EnvelopeWriter.write(octets, entity.parts[0].header, into: &writer)
      writer.append(" ")
      write(entity.parts[0], of: octets, isExtended: isExtended, into: &writer)
    }
    if entity.isMessage || entity.isText {
      writer.append(" ")
      writer.append(decimal: entity.lineCount(octets))
    }
    if isExtended {
      writer.append(" ")
      text(fields, "content-md5", octets, &writer)
    }
  }
  /// A text that names no charset is in US-ASCII (RFC 2045 §5.2), and clients are told so.
  private static func shown(_ type: ContentType) -> ParameterList {
    guard type.type == "text", type.charset == nil else { return type.parameters }
    return ParameterList(type.parameters.parameters + [.init(attribute: "charset", value: "us-ascii")])
  }
  /// [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc]]]
  private static func writeExtension(_ fields: HeaderFields, _ octets: Span<UInt8>, _ writer: inout ByteWriter) {
    writer.append(" ")
    if let value = fields.first("content-disposition"),
      let disposition = ContentDisposition.parse(octets.extracting(value))
    {
      writer.append("(")
      IMAPString.encode(disposition.type.uppercased(), into: &writer)
      writer.append(" ")
      parameters(disposition.parameters, &writer)
      writer.append(")")
    } else {
      writer.append("NIL")
    }
    writer.append(" ")
    let languages =
      fields.first("content-language").map {
        EnvelopeWriter.unfolded(octets, $0).span.text().split { $0 == "," || $0 == " " }
      } ?? []
    if languages.count > 1 {
      writer.append("(")
      for (index, language) in languages.enumerated() {
        if index > 0 { writer.append(" ") }
        IMAPString.encode(String(language), into: &writer)
      }
      writer.append(")")
    } else {
      IMAPString.encode(nilOr: languages.first.map(String.init), into: &writer)
    }
    writer.append(" ")
    text(fields, "content-location", octets, &writer)
  }
  /// body-fld-param = "(" string SP string *(SP string SP string) ")" / nil; what is not ASCII in RFC 2231's form, as a
  /// header would hold it.
  private static func parameters(_ list: ParameterList, _ writer: inout ByteWriter) {
    guard !list.parameters.isEmpty else { return writer.append("NIL") }
    writer.append("(")
    for (index, parameter) in list.parameters.enumerated() {
      if index > 0 { writer.append(" ") }
      let isPlain = parameter.value.utf8.allSatisfy(ASCII.isPrintable)
      IMAPString.encode(parameter.attribute.uppercased() + (isPlain ? "" : "*"), into: &writer)
      writer.append(" ")
      IMAPString.encode(isPlain ? parameter.value : "utf-8''" + escaped(parameter.value), into: &writer)
    }
    writer.append(")")
  }
  private static func escaped(_ value: String) -> String {
    var writer = ByteWriter()
    for octet in value.utf8 {
      if ASCII.isLetter(octet) || ASCII.isDigit(octet) || octet == ASCII.dot || octet == UInt8(ascii: "-") {
        writer.append(octet)
      } else {
        writer.append("%")
        writer.append(ASCII.hexadecimalDigit(octet >> 4))
        writer.append(ASCII.hexadecimalDigit(octet))
      }
    }
    return writer.withOctets { $0.text() }
  }
  private static func text(_ fields: HeaderFields, _ name: String, _ octets: Span<UInt8>, _ writer: inout ByteWriter) {
    guard let range = fields.first(name) else { return writer.append("NIL") }
    IMAPString.encode(EnvelopeWriter.unfolded(octets, range)[...], into: &writer)
  }
}
