import Bytes
import CAllocations
import Packets
import TestSupport
import Testing

@testable import Dialogues

/// The second of two passes through one engine, its output thrown away, asks for next to no memory: neither packets nor
/// lines nor conversations are objects.
@Suite struct AllocationTests {
  private final class Discard: ConversationSink {
    var count = 0
    func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) { count += 1 }
    func idle() {}
  }

  @Test(arguments: [false, true]) func conversationsNeedNoMemory(hashes: Bool) throws {
    var options = DissectionOptions()
    options.hashes = hashes
    let sink = Discard()
    let analysis = Analysis(options, sink: sink)
    // Ended conversations wait for late packets; then everything has its place, and the ports are used again.
    for round: UInt32 in 0..<4 { _ = try run(analysis, round) }
    let before = sink.count
    let allocations = try run(analysis, 4)
    #expect(sink.count - before >= 60)
    // OpenSSL 3.0 begins every digest in memory of its own.
    let messageCount = hashes ? 60 : 0
    #expect(allocations <= 2 + messageCount, "\(allocations) allocations")
  }
  private func run(_ analysis: Analysis, _ round: UInt32) throws -> UInt {
    try withFile(capture(frames(clientISN: 1_000 &+ round &* 100_000))) { file in
      let before = mailwireAllocationCount()
      var reader = CaptureReader(fileDescriptor: file)
      try analysis.read(&reader)
      return mailwireAllocationCount() - before
    }
  }
  /// A message that needs no decoding to be shown.
  private static let message = """
    From: Alice <alice@example.org>\r
    To: Bob <bob@example.com>\r
    Subject: The minutes,\r
     and more\r
    Content-Type: multipart/mixed; boundary="b"\r
    \r
    --b\r
    Content-Type: text/plain; charset=utf-8\r
    \r
    Dear Bob, here they are.\r
    --b\r
    Content-Type: application/octet-stream; name="minutes.bin"\r
    Content-Transfer-Encoding: base64\r
    \r
    VGhlIG1pbnV0ZXMgb2YgdGhlIG1lZXRpbmcu\r
    --b--\r

    """
  private static let scripts = [
    Script(
      "smtp", port: 25,
      [
        (false, "220 mx ESMTP\r\n"), (true, "EHLO laptop\r\n"), (false, "250-mx\r\n250 AUTH LOGIN\r\n"),
        (true, "AUTH LOGIN\r\n"), (false, "334 VXNlcm5hbWU6\r\n"), (true, "YWxpY2U=\r\n"),
        (false, "334 UGFzc3dvcmQ6\r\n"), (true, "c2VjcmV0\r\n"), (false, "235 2.7.0 Ok\r\n"),
        (true, "MAIL FROM:<alice@example.org>\r\n"), (false, "250 Ok\r\n"), (true, "RCPT TO:<bob@example.com>\r\n"),
        (false, "250 Ok\r\n"), (true, "DATA\r\n"), (false, "354 Go on\r\n"), (true, message + ".\r\n"),
        (false, "250 queued\r\n"), (true, "QUIT\r\n"), (false, "221 Bye\r\n"),
      ]),
    Script(
      "pop3", port: 110,
      [
        (false, "+OK ready\r\n"), (true, "USER bob\r\n"), (false, "+OK\r\n"), (true, "PASS secret\r\n"),
        (false, "+OK 1 message\r\n"), (true, "RETR 1\r\n"), (false, "+OK\r\n" + message + ".\r\n"),
        (true, "QUIT\r\n"), (false, "+OK\r\n"),
      ]),
    Script(
      "imap", port: 143,
      [
        (false, "* OK ready\r\n"), (true, "a LOGIN bob secret\r\n"), (false, "a OK\r\n"), (true, "b SELECT INBOX\r\n"),
        (false, "* 1 EXISTS\r\nb OK\r\n"), (true, "c FETCH 1 BODY[]\r\n"),
        (false, "* 1 FETCH (BODY[] {\(message.utf8.count)}\r\n" + message + ")\r\nc OK\r\n"),
        (true, "d LOGOUT\r\n"), (false, "* BYE\r\nd OK\r\n"),
      ]),
  ]
  /// Twenty conversations of each mail protocol, one after the other.
  private func frames(clientISN: UInt32) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    for index in 0..<20 {
      for (place, script) in Self.scripts.enumerated() {
        var dialogue = Dialogue(
          client: Host("192.0.2.2", UInt16(40_000 + index * 8 + place)), server: Host("192.0.2.1", script.port),
          clientISN: clientISN)
        dialogue.open()
        for turn in script.turns { dialogue.say(fromClient: turn.isFromClient, turn.octets) }
        dialogue.close()
        frames += dialogue.frames
      }
    }
    return frames
  }
}
