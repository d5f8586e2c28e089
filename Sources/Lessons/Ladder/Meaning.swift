package import Dialogues

/// What a line means, in a few words for a beginner, and where that is written.
package struct Meaning: Equatable, Sendable {
  package var words: String
  /// `RFC 5321 §4.1.1.1`; empty where the words say enough.
  package var rfc: String

  /// As it is read: the words, then the RFC in parentheses.
  package var sentence: String { rfc.isEmpty ? words : "\(words) (\(rfc))" }
}

/// Meanings by key, the most particular key first asked: `250 RCPT`, then `250`, then `2xx`.
///
/// A table is text, one meaning a line: `key : words | RFC`. Whoever teaches changes it without touching code.
package struct MeaningTable: Sendable {
  private var meanings: [String: Meaning] = [:]

  init(_ source: String) {
    for line in source.split(separator: "\n") {
      let sides = line.split(separator: " : ", maxSplits: 1)
      guard sides.count == 2 else { continue }
      let words = sides[1].split(separator: " | ", maxSplits: 1)
      let meaning = Meaning(words: String(words[0]), rfc: words.count > 1 ? String(words[1]) : "")
      for key in sides[0].split(separator: ",") { meanings[key.trimmingBlanks] = meaning }
    }
  }
  /// The meaning of the first key that has one.
  func meaning(of keys: [String]) -> Meaning? {
    for key in keys { if let meaning = meanings[key] { return meaning } }
    return nil
  }
  /// How many keys there are, and all that is said.
  var count: Int { meanings.count }
  var all: [Meaning] { Array(meanings.values) }

  /// What a step means; nil when the table does not say.
  package static func meaning(of step: Step) -> Meaning? {
    switch step.kind {
    case .gap, .remark, .protection, .synchronize, .synchronizeAcknowledge, .acknowledge, .finish, .reset,
      .retransmission:
      TransportMeanings.table.meaning(of: [step.code.isEmpty ? step.kind.rawValue : step.code])
    case .request, .answer, .reply, .field, .message:
      switch step.scene.dissected {
      case .smtp: SMTPMeanings.meaning(of: step)
      case .pop3: POP3Meanings.meaning(of: step)
      case .imap: IMAPMeanings.meaning(of: step)
      case .http: HTTPMeanings.meaning(of: step)
      case .tls: nil
      }
    }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}

/// What TCP and TLS do, and what a capture lacks.
enum TransportMeanings {
  static let table = MeaningTable(
    """
    synchronize : the client asks for a connection | RFC 9293 §3.5
    synchronizeAcknowledge : the server accepts | RFC 9293 §3.5
    acknowledge : the connection is open | RFC 9293 §3.5
    finish : this side will send nothing more | RFC 9293 §3.6
    reset : this side breaks the connection off | RFC 9293 §3.5.2
    retransmission : sent again, or captured twice | RFC 9293 §3.8.1
    gap : these octets are missing in the capture
    protection : TLS begins: what follows is encrypted | RFC 8446
    read : what follows was said inside TLS, and is read with its secrets | RFC 9850
    unreadable : what follows stays hidden
    alert : this side breaks TLS off: nothing was sent inside | RFC 8446 §6.2
    """)
}
