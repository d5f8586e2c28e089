internal import Bytes
internal import MailProtocols

/// How many answers a login under way still has room for where its client does not wait for the challenges, or where they
/// were not captured.
struct AnswersLeft: BitwiseCopyable {
  private var count: UInt8 = 0

  var isEmpty: Bool { count == 0 }
  /// A login begins whose mechanism `name` stands in `line`.
  mutating func begin(_ name: OctetRange, of line: Span<UInt8>, hasInitialResponse: Bool) {
    count = SASLResponse.answerCount(
      SASLResponse.Mechanism.parse(line.extracting(line.bounds(name))), hasInitialResponse: hasInitialResponse)
  }
  mutating func take() { count &-= min(1, count) }
}
