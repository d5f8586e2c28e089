package import Lessons

/// Questions about a capture.
package struct Worksheet: Equatable, Sendable {
  /// How the student's own capture is made; nil where the student brings one.
  package var plan: CapturePlan?
  /// Conversations that questions speak of, by name.
  package var conversations: [String: ConversationChoice] = [:]
  package var questions: [WorksheetQuestion]
}

/// Which conversation of a capture is meant.
package struct ConversationChoice: Equatable, Sendable {
  /// `smtp`, `pop3`, `imap`, `http`, `tls`; nil for any.
  package var spoken: String?
  package var conditions: [Condition] = []
  /// The first is 1.
  package var number = 1

  /// The conversation, if the capture has it.
  package func find(in conversations: [Fact]) -> Fact? {
    let found = conversations.filter { conversation in
      if let spoken, conversation["protocol"]?.string != spoken { return false }
      return conditions.allSatisfy { $0.holds(in: conversation) }
    }
    return found.indices.contains(number - 1) ? found[number - 1] : nil
  }
}

/// A question of a worksheet.
package struct WorksheetQuestion: Equatable, Sendable {
  /// One of the answers to choose from.
  package struct Option: Equatable, Sendable {
    /// What the key calls it; the student sees a letter.
    package var value: String
    package var text: String
    /// For an order: where its frame is.
    package var place: [Selector] = []
  }
  /// A wrong answer that is known to be given, and what to say to it.
  package struct Mistake: Equatable, Sendable {
    package var key: KeyRule
    package var says: String
  }
  package var check: Check
  package var kind: AnswerKind
  /// The conversation by name; nil for the whole capture.
  package var conversation: String?
  package var key: KeyRule
  /// Further right answers, such as a name with and without its domain.
  package var alternatives: [KeyRule] = []
  /// Where the evidence is, if it is not where the key is.
  package var evidence: [Selector] = []
  /// Conversations of whose connections every frame is evidence, too: addresses and ports stand in each.
  package var evidenceConnections: [String] = []
  /// Of the points, those for the evidence; 0 where none is asked for.
  package var evidencePoints = 0
  package var options: [Option] = []
  package var mistakes: [Mistake] = []
  /// When the capture does not tell; then that is the right answer.
  package var cannotTell: [Condition]?
  /// Whether the answer is one student's alone, so that it tells from whom it was taken.
  package var isPersonal = false
}
