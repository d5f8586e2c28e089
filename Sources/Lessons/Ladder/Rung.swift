package import Dialogues

/// One step as it stands on a ladder: what travelled, in which direction, and what is to be said about it.
package struct Rung: Equatable, Sendable {
  package enum Look: Sendable {
    case client, server
    /// What TCP does.
    case transport
    /// Nothing travelled: the capture lacks something, or something is odd.
    case remark
  }
  package struct Note: Equatable, Sendable {
    /// What was encoded, or what it means.
    package enum Kind: Sendable { case decoded, meaning }
    package var kind: Kind
    package var text: String
  }
  package var look: Look
  package var isFromClient: Bool
  /// A further line of the reply above: no arrow of its own.
  package var isContinuation: Bool
  /// Whether the server refuses.
  package var isRefusal: Bool
  /// Printable, one line.
  package var text: String
  package var notes: [Note]
  package var meaning: Meaning?

  /// nil for what a ladder leaves out: header fields of HTTP that nobody explains.
  package init?(_ step: Step, isFull: Bool) {
    meaning = MeaningTable.meaning(of: step)
    if step.kind == .field, meaning == nil, !isFull { return nil }
    look = step.isTransport ? .transport : step.isFromClient ? .client : .server
    isFromClient = step.isFromClient
    isContinuation = step.isContinuation || step.kind == .field
    isRefusal = step.kind == .reply && Self.isRefusal(step)
    text = Printable.line(Self.text(of: step))
    notes = step.decoded.map { decoded in
      Note(
        kind: .decoded,
        text: Printable.line(decoded.label.isEmpty ? decoded.text : "\(decoded.label): \(decoded.text)"))
    }
    if isFull, step.kind == .message, let content = step.text {
      notes += Printable.lines(content).map { Note(kind: .decoded, text: $0) }
    }
    switch step.kind {
    case .gap, .remark: look = .remark
    case .retransmission, .message, .request, .answer, .reply, .field, .protection, .synchronize,
      .synchronizeAcknowledge, .acknowledge, .finish, .reset:
      if let meaning { notes.append(Note(kind: .meaning, text: meaning.sentence)) }
    }
  }
  private static func isRefusal(_ step: Step) -> Bool {
    switch step.scene.dissected {
    case .smtp, .http: step.code.hasPrefix("4") || step.code.hasPrefix("5")
    case .pop3: step.code == "-ERR"
    case .imap: step.code == "NO" || step.code == "BAD"
    case .tls: false
    }
  }
  private static func text(of step: Step) -> String {
    switch step.kind {
    case .request, .answer, .reply, .field: return step.line.isEmpty ? "(an empty line)" : step.line
    case .message:
      let isHTTP = step.scene.dissected == .http
      var words = "[\(isHTTP ? "body" : "message"): \(counted(step.byteCount, "octet"))"
      if isHTTP, !step.line.isEmpty { words += " of \(step.line)" }
      words += step.frame == step.lastFrame ? ", frame \(step.frame)" : ", frames \(step.frame)–\(step.lastFrame)"
      if !step.isComplete { words += ", incomplete" }
      return words + (isHTTP || step.line.isEmpty ? "]" : ": \(step.line)]")
    case .gap:
      return "\(counted(step.byteCount, "octet")) of the \(step.isFromClient ? "client" : "server") are missing here"
    case .remark: return step.line
    case .protection where step.code == "alert": return "TLS alert: \(step.line)"
    case .protection where step.code == "read": return "TLS is read"
    case .protection where step.code == "unreadable": return "TLS cannot be read: \(step.line)"
    case .protection where step.line.isEmpty: return "TLS"
    case .protection: return step.isFromClient ? "TLS, for \(step.line)" : step.line
    case .synchronize: return "SYN"
    case .synchronizeAcknowledge: return "SYN, ACK"
    case .acknowledge: return "ACK"
    case .finish: return "FIN"
    case .reset: return "RST"
    case .retransmission: return "(repeated)"
    }
  }
  private static func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
}
