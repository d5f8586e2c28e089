import Bytes
import Ciphers
import Testing

@testable import MailSystem

/// An example of RFC 1939, and the maildrop in which it can hold.
struct POP3Example: Sendable, CustomTestStringConvertible {
  enum Place: Sendable { case greeting, authorization, transaction }

  var example: RFCExample
  var place: Place
  /// The octets of each message.
  var sizes: [Int]
  var change: @Sendable (inout POP3ServerPlay) -> Void
  var happenings: [String: @Sendable (inout POP3ServerPlay) -> Void]

  init(
    _ id: String, _ place: Place = .transaction, sizes: [Int] = [120, 200],
    differences: [RFCExample.Difference] = [], happenings: [String: @Sendable (inout POP3ServerPlay) -> Void] = [:],
    change: @escaping @Sendable (inout POP3ServerPlay) -> Void = { _ in }, script: String
  ) {
    example = RFCExample(id, script, differences: differences)
    self.place = place
    self.sizes = sizes
    self.change = change
    self.happenings = happenings
  }
  var testDescription: String { example.id }

  static let directory = MailDirectory(
    domains: ["b.example"],
    accounts: [
      MailAccount(name: "mrose@b.example", password: "secret"),
      MailAccount(name: "rose@b.example", password: "tanstaaf"),
    ], secret: [1])
  private static let uniqueIDs = ["whqtswO00WBw418f9t5JxYwZ", "QhdPYR:00WBw1Ph7x7"]

  /// A message of so many octets.
  static func message(_ byteCount: Int) -> String {
    let head = "Subject: x\r\n\r\n"
    return head + String(repeating: "y", count: byteCount - head.utf8.count - 2) + "\r\n"
  }
  /// Plays the client's lines, in pieces of at most `cut` octets, and holds the answers against the server's.
  func check(cut: Int = Int.max) {
    for event in happenings.keys { #expect(example.steps.contains(.event(event)), "\(example.id): \(event)") }
    var play = POP3ServerPlay(directory: Self.directory)
    play.messages = sizes.enumerated().map { (Self.uniqueIDs[$0.offset], Self.message($0.element)) }
    change(&play)
    if place == .transaction { play.send("USER mrose\r\nPASS secret\r\n") }
    var heardCount = place == .greeting ? 0 : play.replies.utf8.count
    var command = ""
    example.play(
      say: {
        command = Self.with(ourTimestamp: play.replies, $0)
        play.send("\(command)\r\n", cut: cut)
      },
      happen: { happenings[$0]?(&play) },
      hear: { expected in
        let answer = String(decoding: play.replies.utf8.dropFirst(heardCount), as: UTF8.self)
        heardCount = play.replies.utf8.count
        #expect(
          Self.isSame(expected, answer, command),
          "\(example.id), \(command):\n\(expected.joined(separator: "\n"))\nanswered:\n\(answer)")
      })
  }
  /// The digest of APOP belongs to the timestamp of the greeting.
  private static func with(ourTimestamp greeting: String, _ line: String) -> String {
    guard line.hasPrefix("APOP "), let start = greeting.firstIndex(of: "<"), let end = greeting.firstIndex(of: ">")
    else { return line }
    let digest = DigestAlgorithm.md5.digest(Array(greeting[start...end].utf8) + Array("tanstaaf".utf8))
    return "APOP rose " + LowerHexadecimal.encode(digest).span.text()
  }
  /// The same status, and the same lines of data where the example has them; where STAT, LIST and UIDL answer in one
  /// line, the same line.
  static func isSame(_ expected: [String], _ answer: String, _ command: String) -> Bool {
    var lines = answer.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    guard answer.hasSuffix("\r\n"), lines.popLast() == "", let first = lines.first, let wanted = expected.first
    else { return false }
    guard first.prefix(while: { $0 != " " }) == wanted.prefix(while: { $0 != " " }) else { return false }
    let isOneLine = expected.count == 1
    if isOneLine, wanted.hasPrefix("+OK"), ["STAT", "LIST", "UIDL"].contains(String(command.prefix(4))) {
      return lines == expected
    }
    if isOneLine { return lines.count == 1 }
    let data = Array(expected.dropFirst())
    return data.contains { $0.hasPrefix("<") }
      ? lines.count >= expected.count && lines.last == "." : Array(lines.dropFirst()) == data
  }
}
