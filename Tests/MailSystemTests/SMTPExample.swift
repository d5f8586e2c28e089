import Bytes
import Ciphers
import Testing

@testable import MailSystem

/// An example of an SMTP RFC, and the server at which it can hold.
struct SMTPExample: Sendable, CustomTestStringConvertible {
  enum Place: Sendable { case greeting, greeted, protected, submission }

  var example: RFCExample
  var place: Place
  var configure: @Sendable (inout SMTPServerConfiguration) -> Void

  init(
    _ id: String, _ place: Place = .greeting, differences: [RFCExample.Difference] = [],
    configure: @escaping @Sendable (inout SMTPServerConfiguration) -> Void = { _ in }, script: String
  ) {
    example = RFCExample(id, script, differences: differences)
    self.place = place
    self.configure = configure
  }
  var testDescription: String { example.id }

  /// Everybody who has a mailbox in an example. Of foo.com, which is also an exchange for xyz.com; Green is nobody.
  private static let directory = MailDirectory(
    domains: ["foo.com", "xyz.com", "example.com", "example.org", "smtp.example.com"],
    accounts: [
      ("Jones@foo.com", "x"), ("Brown@foo.com", "x"), ("Jones@XYZ.COM", "x"), ("Admin.MRC@foo.com", "x"),
      ("test@foo.com", "1234"), ("rjs3@foo.com", "tanstaaf"), ("e=mc2@example.com", "1234"),
      ("john+@example.org", "1234"),
    ].map { MailAccount(name: $0, password: $1) }, secret: [1])

  private func start() -> SMTPServerPlay {
    let isSubmission = place == .protected || place == .submission
    var play = SMTPServerPlay(isSubmission ? .submission : .relay, directory: Self.directory) {
      $0.offersTLS = true
      configure(&$0)
    }
    if place == .protected { play.send("EHLO client.example.com\r\nSTARTTLS\r\n") }
    if place == .greeted { play.send("EHLO bar.com\r\n") }
    if place != .greeting, place != .submission { play.replies = "" }
    return play
  }
  /// Plays the client's lines, in pieces of at most `cut` octets, and holds the replies against the server's.
  func check(cut: Int = Int.max) {
    var play = start()
    var heardCount = 0
    var saidLast = ""
    example.play(
      say: {
        saidLast = Self.withOurChallenge(play.replies, $0)
        play.send("\(saidLast)\r\n", cut: cut)
      },
      happen: { _ in },
      hear: { expected in
        let answer = String(decoding: play.replies.utf8.dropFirst(heardCount), as: UTF8.self)
        heardCount = play.replies.utf8.count
        let lines = answer.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
        let isSame = answer.hasSuffix("\r\n") && Self.isSame(Self.replies(expected), Self.replies(lines))
        #expect(
          isSame, "\(example.id), \(saidLast):\n\(expected.joined(separator: "\n"))\nanswered:\n\(answer)")
      })
  }
  /// The digest of CRAM-MD5 belongs to the challenge: the example's is made anew for ours, with rjs3's password here.
  private static func withOurChallenge(_ replies: String, _ line: String) -> String {
    guard line.hasPrefix("cmpzMy"), let challenge = replies.split(separator: "334 ").last,
      let octets = Base64.decode(Array(challenge.utf8.prefix { $0 > 32 }).span)
    else { return line }
    let code = DigestAlgorithm.md5.authenticationCode(octets, key: Array("tanstaaf".utf8))
    return Base64.encode((Array("rjs3 ".utf8) + LowerHexadecimal.encode(code)).span).span.text()
  }

  // MARK: Meaning

  private struct Reply { var code: String, lines: [String], isWhole: Bool }
  /// The replies among lines: a hyphen behind the code says that the reply goes on.
  private static func replies(_ lines: [String]) -> [Reply] {
    var replies: [Reply] = []
    for line in lines {
      let code = String(line.prefix(3))
      let goesOn = line.dropFirst(3).first == "-"
      let text = String(line.dropFirst(4))
      if let last = replies.indices.last, !replies[last].isWhole {
        guard replies[last].code == code else { return [] }
        replies[last].lines.append(text)
        replies[last].isWhole = !goesOn
      } else {
        replies.append(Reply(code: code, lines: [text], isWhole: !goesOn))
      }
    }
    return replies
  }
  /// The same codes in the same shape; where several lines are keywords of EHLO, they are offered here too.
  private static func isSame(_ expected: [Reply], _ given: [Reply]) -> Bool {
    guard expected.count == given.count, !given.isEmpty else { return false }
    return zip(expected, given).allSatisfy { wanted, found in
      guard wanted.code == found.code, wanted.isWhole == found.isWhole else { return false }
      guard wanted.lines.count > 1 else { return found.lines.count == 1 }
      let offers = Set(found.lines.dropFirst().map { String($0.prefix { $0 != " " }) })
      return wanted.lines.dropFirst().allSatisfy { offers.contains(String($0.prefix { $0 != " " })) }
    }
  }
}

extension SMTPClientSession {
  /// Says a server's replies, each when the client has spoken, in pieces of at most `cut` octets; returns what the
  /// client says to each of them. TLS stands as soon as it is asked for.
  mutating func answers(to replies: [String], cut: Int) -> [String] {
    replies.map { reply in
      let octets = Array(reply.replacing("\n", with: "\r\n").utf8)
      for start in stride(from: 0, to: octets.count, by: min(cut, octets.count)) {
        receive(octets[start..<min(octets.count, start + min(cut, octets.count))].span)
      }
      if takeAction() == .startTLS { beginProtected() }
      return takeOutput().span.text()
    }
  }
}
