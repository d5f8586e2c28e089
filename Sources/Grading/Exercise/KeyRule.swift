package import Lessons

/// How a key is computed from a capture's facts. Where there is something to compute, nobody writes it by hand.
package enum KeyRule: Equatable, Sendable {
  /// A way whose first alternative holds; the last may have no conditions.
  package struct Case: Equatable, Sendable {
    package var conditions: [Condition]
    /// nil where `facts` tell.
    package var value: String?
    /// Selectors of the value; the first that finds anything.
    package var facts: [Selector] = []
    /// Without any, where the value stands.
    package var evidence: [Selector]
  }
  /// What a selector finds; the first alternative that finds anything.
  case fact([Selector])
  /// The frames of what a selector finds.
  case frame([Selector])
  /// How many a selector finds.
  case count([Selector])
  case cases([Case])
  /// The question's options in the order of their frames.
  case order
  /// What no capture tells: a reason, a choice between ideas.
  case constant([String])
}
