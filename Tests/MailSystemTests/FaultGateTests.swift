import Bytes
import Testing

@testable import MailSystem

/// What stands between the wire and a session: which octets a session hears, and which it does not.
@Suite struct FaultGateTests {
  /// What a gate lets through and says, whatever pieces it hears; the server answers DATA with 354.
  private func play(
    _ service: MailService, _ faults: [Fault], _ said: String, cut: Int
  ) -> (heard: String, answered: String, isDropped: Bool) {
    var gate = FaultGate(service)
    var plan = FaultPlan(faults)
    var (heard, answered, isDropped) = ("", "", false)
    var rest = Array(said.utf8)[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(cut))
      rest = rest.dropFirst(piece.count)
      for result in gate.hear(piece.span, &plan) {
        switch result {
        case .pass(let octets):
          heard += String(decoding: octets, as: UTF8.self)
          if heard.hasSuffix("DATA\r\n") { _ = gate.speak(Array("354 go\r\n".utf8), &plan) }
        case .say(let octets, _): answered += String(decoding: octets, as: UTF8.self)
        case .drop: isDropped = true
        }
      }
    }
    return (heard, answered, isDropped)
  }
  @Test(arguments: [1, 3, 1000]) func onlyTheCommandIsWithheld(_ cut: Int) {
    let before = "EHLO x\r\nMAIL FROM:<a@b.example>\r\n"
    let message = "Subject: x\r\n\r\nRCPT TO:<me>\r\nrcpt is a word\r\n.\r\n"
    let result = play(
      .relay, [Fault(.reply("450 4.2.0 Busy"), on: "RCPT", times: 1)],
      before + "rcpt TO:<b@b.example>\r\nRCPT TO:<c@b.example>\r\nDATA\r\n" + message + "RSET\r\n", cut: cut)
    #expect(result.answered == "450 4.2.0 Busy\r\n")
    // Within one piece nobody has said 354 yet, so there the message is passed on as it comes.
    if cut < 1000 {
      #expect(result.heard == before + "RCPT TO:<c@b.example>\r\nDATA\r\n" + message + "RSET\r\n")
    }
  }
  /// What stands in a message, a literal or a chunk is no command.
  @Test(arguments: [1, 4, 1000]) func octetsThatAreNoLines(_ cut: Int) {
    let literal = "a APPEND x {18}\r\nb SELECT INBOX\r\n\r\n\r\nc SELECT INBOX\r\n"
    let imap = play(.imap, [Fault(.reply("{tag} NO later"), on: "SELECT")], literal, cut: cut)
    #expect(imap.heard == "a APPEND x {18}\r\nb SELECT INBOX\r\n\r\n\r\n" && imap.answered == "c NO later\r\n")
    let chunk = "BDAT 11 LAST\r\nQUIT\r\nQUIT\nQUIT\r\n"
    let smtp = play(.submission, [Fault(.drop, on: "QUIT")], chunk, cut: cut)
    #expect(smtp.heard == "BDAT 11 LAST\r\nQUIT\r\nQUIT\n" && smtp.isDropped)
  }
  @Test func withoutFaultsNothingIsTouched() {
    var gate = FaultGate(.pop3)
    var plan = FaultPlan()
    #expect(gate.hear(Array("USER b".utf8).span, &plan) == [.pass(Array("USER b".utf8))])
    #expect(gate.speak([1, 2], &plan) == [FaultGate.Piece(octets: [1, 2], delay: 0)])
    #expect(gate.speak([], &plan) == [] && gate.greet(&plan) == nil)
  }
  @Test func timesAreCountedOverAllConnections() {
    var plan = FaultPlan([Fault(.reply("421 no"), on: "GREETING", times: 2), Fault(.slow(5), times: 1)])
    for round in 0..<4 {
      var gate = FaultGate(.relay)
      #expect(gate.greet(&plan) == (round < 2 ? .say(Array("421 no\r\n".utf8), hangsUp: true) : nil))
    }
    var gate = FaultGate(.relay)
    #expect(gate.speak([1], &plan).map(\.delay) == [5])
    #expect(gate.speak([1], &plan).map(\.delay) == [0])
  }
  /// The session never hears of a message that is refused in the end, and its transaction is over.
  @Test(arguments: [1, 5, 1000]) func aMessageIsRefusedAtItsEnd(_ cut: Int) {
    let before = "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@b.example>\r\n"
    let message = "Subject: x\r\n\r\nQUIT\r\n..\r\n.\r\n"
    let result = play(
      .relay, [Fault(.reply("552 5.2.2 Mailbox full"), on: "MESSAGE", times: 1)],
      before + "DATA\r\n" + message + "QUIT\r\n", cut: cut)
    #expect(result.answered == "354 Go ahead\r\n552 5.2.2 Mailbox full\r\n")
    #expect(result.heard == before + "RSET\r\nQUIT\r\n")
  }
}
