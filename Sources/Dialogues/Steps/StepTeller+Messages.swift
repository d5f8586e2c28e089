internal import Bytes
internal import MailProtocols
internal import WebProtocols

/// Messages: one step when the last octet was heard, with what a reader wants to know of it.
extension StepTeller {
  func tellMessage(
    _ record: Record, _ text: Span<UInt8>, _ dissected: DissectedProtocol, _ telling: inout Telling
  ) {
    let isHTTP = dissected == .http
    let side = isHTTP && record.flags.contains(.fromClient) ? 1 : 0
    switch record.kind {
    case .message:
      telling.drafts[side] = Draft(
        via: MessageVia(rawValue: record.word) ?? .data, label: text.text(), frame: Int(record.mark.frame))
      if isHTTP { telling.drafts[side]?.frame = 0 }
    case .field where isHTTP: tellField(record, text, telling)
    case .field: read(text, &telling.drafts[side])
    case .part: describe(text, &telling.drafts[side])
    case .text: readText(record, text, &telling.drafts[side])
    case .messageEnd: end(record, side, dissected, &telling)
    default: break
    }
  }
  private func tellField(_ record: Record, _ line: Span<UInt8>, _ telling: Telling) {
    guard var step = step(.field, record, telling), let field = HeaderField.parse(line) else { return }
    step.verb = line.extracting(line.bounds(field.name)).text().lowercased()
    if record.flags.contains(.isSecret) {
      let value = line.extracting(line.bounds(field.value))
      let scheme = value.extracting(value.bounds(value.word(from: 0)))
      step.verb += " " + scheme.text().lowercased()
      step.line = masksPasswords ? Self.masked(line, field, scheme) : line.text()
      step.decoded = decodeAuthorization(value)
    } else {
      let name = line.extracting(line.bounds(field.name))
      let value = line.extracting(line.bounds(field.value))
      let redacted = masksPasswords ? WebRedaction.redacted(value: value, ofField: name) : nil
      step.line = redacted.map { "\(name.text()): \($0)" } ?? line.text()
    }
    sink.receive(step)
  }
  /// `Authorization: Basic ********`
  private static func masked(_ line: Span<UInt8>, _ field: HeaderField, _ scheme: Span<UInt8>) -> String {
    let name = line.extracting(line.bounds(field.name)).text()
    return Redaction.isMechanism(scheme) || HTTPAuthorization.parse(scheme)?.scheme != .other
      ? "\(name): \(scheme.text()) \(Redaction.mask)" : "\(name): \(Redaction.mask)"
  }
  /// Takes the fields that tell one message from another.
  private func read(_ line: Span<UInt8>, _ draft: inout Draft?) {
    guard let field = HeaderField.parse(line) else { return }
    let name = line.extracting(line.bounds(field.name))
    let value = line.extracting(line.bounds(field.value))
    if name.equalsIgnoringCase("from") {
      draft?.from = EncodedWord.decode(value)
    } else if name.equalsIgnoringCase("subject") {
      draft?.subject = EncodedWord.decode(value)
    }
  }
  /// Takes what a part says of itself: the first of the whole, each of its own text (RFC 2045 §5.2).
  private func describe(_ text: Span<UInt8>, _ draft: inout Draft?) {
    let type = text.extracting(0..<(text.firstOffset(of: 0) ?? text.count))
    let summary = ContentType.Summary.parse(type)
    draft?.charset = type.extracting(type.bounds(summary.charset)).text()
    guard draft?.contentType.isEmpty == true else { return }
    let end = type.firstOffset(of: UInt8(ascii: ";")) ?? type.count
    draft?.contentType = type.extracting(type.bounds(type.trimmed(OctetRange(0, end)))).text().lowercased()
  }
  /// Takes a part's text; where another follows, that is to be shown instead.
  private func readText(_ record: Record, _ text: Span<UInt8>, _ draft: inout Draft?) {
    let spelling = SubmittedForm.Spelling(rawValue: record.code) ?? .none
    draft?.spelling = spelling
    let fields = SubmittedForm.fields(text, spelling)
    // Of JSON only a login is taken apart: it can be read as it is.
    if spelling != .json || SubmittedForm.login(in: fields) != nil {
      draft?.form = fields.map(decoded)
    }
    if masksPasswords, let redacted = WebRedaction.redacted(body: text, record.code) {
      draft?.text = SubmittedForm.holdsSecret(fields) ? nil : redacted
      return
    }
    let charset = draft?.charset ?? ""
    draft?.text = Charset.decode(text, named: charset)
  }
  func decoded(_ field: FormField) -> Step.Decoded {
    Step.Decoded(label: field.name, text: SecretName.isSecret(field.name) ? secret(field.value) : field.value)
  }
  private func end(_ record: Record, _ side: Int, _ dissected: DissectedProtocol, _ telling: inout Telling) {
    guard let draft = telling.drafts[side], var step = step(.message, record, telling) else { return }
    telling.drafts[side] = nil
    if dissected == .http, record.number == 0 { return }
    step.isFromClient =
      switch draft.via {
      case .data, .bdat, .append, .request: true
      case .retr, .top, .fetch, .response: false
      }
    step.frame = draft.frame > 0 ? draft.frame : Int(record.mark.frame)
    step.lastFrame = max(step.frame, Int(record.mark.lastFrame))
    step.byteCount = Int(clamping: record.number)
    step.isComplete = record.flags.contains(.isComplete)
    step.verb = "\(draft.via.name)"
    step.line = dissected == .http ? draft.contentType : draft.via == .fetch ? draft.label : ""
    // A gap may have lost the name that hides a value.
    let isLegible = step.isComplete || draft.spelling == .none || !masksPasswords
    step.decoded = isLegible ? draft.form : []
    if let from = draft.from { step.decoded.append(Step.Decoded(label: "From", text: from)) }
    if let subject = draft.subject { step.decoded.append(Step.Decoded(label: "Subject", text: subject)) }
    step.text = isLegible ? draft.text : nil
    if dissected == .smtp { remember(".", record.ordinal, &telling) }
    if draft.via == .fetch { telling.withheld.append(step) } else { sink.receive(step) }
  }
}
