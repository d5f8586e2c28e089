internal import Bytes

/// What became of a message, in numbers (RFC 3463 §2): class, subject and detail.
///
///     5.1.1    permanent failure, addressing, bad mailbox
package struct EnhancedStatus: Equatable, Hashable, Sendable {
  /// 2 success, 4 what may pass, 5 what does not.
  package var statusClass: Int
  package var subject: Int
  package var detail: Int

  package init(_ statusClass: Int, _ subject: Int, _ detail: Int) {
    (self.statusClass, self.subject, self.detail) = (statusClass, subject, detail)
  }
  package var text: String { "\(statusClass).\(subject).\(detail)" }

  /// The code at the head of a reply's words (RFC 2034 §4), if it says what the outcome says; else what the reply code
  /// alone tells, which may be no more than the class.
  package init(_ reply: SMTPClientSession.Reply, statusClass: Int) {
    if let said = Self.parse(reply.lines.first ?? ""), said.statusClass == statusClass {
      self = said
      return
    }
    let (subject, detail) =
      reply.code / 100 == UInt16(truncatingIfNeeded: statusClass) ? Self.derived(from: reply.code) : (0, 0)
    self.init(statusClass, subject, detail)
  }
  /// status-code = class "." subject "." detail, behind which stands a blank or nothing.
  static func parse(_ text: String) -> EnhancedStatus? {
    guard let word = text.split(separator: " ", maxSplits: 1).first else { return nil }
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(ASCII.isDigit) })
    else { return nil }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == 3, [2, 4, 5].contains(numbers[0]), parts[0].utf8.count == 1 else { return nil }
    return EnhancedStatus(numbers[0], numbers[1], numbers[2])
  }
  /// 550 and 554 are said to anything, so they tell nothing more.
  private static func derived(from code: UInt16) -> (Int, Int) {
    switch code {
    case 421: (3, 2)
    case 450: (2, 0)
    case 451: (3, 0)
    case 452: (3, 1)
    case 455, 501, 504, 555: (5, 4)
    case 500: (5, 2)
    case 502, 503: (5, 1)
    case 530: (7, 0)
    case 535: (7, 8)
    case 551: (1, 6)
    case 552: (2, 2)
    case 553: (1, 3)
    default: (0, 0)
    }
  }

  /// RFC 3463 §3.5: in circles; given up after its time.
  static let loop = EnhancedStatus(5, 4, 6)
  static let expired = EnhancedStatus(4, 4, 7)
}
