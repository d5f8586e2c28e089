import Dialogues
import Foundation
import TestSupport
import Testing

/// The lesson's own capture: its five answers are exactly these.
@Suite(.enabled(if: LessonCapture.isHere, "the corpus is not here (MAILWIRE_CORPUS)"))
struct LessonCaptureTests {
  private func conversation() throws -> Conversation {
    let run = try Program.run(["analyze", "--format", "ndjson", "--dialogue", LessonCapture.path])
    #expect(run.status == 0)
    return try #require(try Program.conversations(run.output).first)
  }

  @Test func endpoints() throws {
    let conversation = try conversation()
    #expect(conversation.client.address == "10.10.1.4" && conversation.client.port == 1470)
    #expect(conversation.server.address == "74.53.140.153" && conversation.server.port == 25)
    #expect(conversation.client.synFrame == 3)
  }
  @Test func firstMessages() throws {
    let opening = try conversation().opening
    #expect(opening.first == "server")
    #expect(opening.server?.lines.count == 3)
    #expect(opening.server?.lines.first?.hasPrefix("220-xc90.websitewelcome.com ESMTP Exim 4.69 #1") == true)
    #expect(opening.server?.frames == [6])
    #expect(opening.client?.lines == ["EHLO GP"] && opening.client?.frames == [7])
  }
  @Test func credentials() throws {
    let credentials = try conversation().credentials
    #expect(credentials.count == 1)
    #expect(credentials.first?.mechanism == "LOGIN")
    #expect(credentials.first?.username == "gurpartap@patriots.in" && credentials.first?.password == "punjab@123")
    #expect(credentials.first?.encoded == ["Z3VycGFydGFwQHBhdHJpb3RzLmlu", "cHVuamFiQDEyMw=="])
    #expect(credentials.first?.accepted == true && credentials.first?.frames == [10, 11, 12, 13, 14, 15])
  }
  @Test func message() throws {
    let messages = try conversation().messages
    let message = try #require(messages.first)
    #expect(messages.count == 1)
    #expect(message.envelope?.from?.path == "gurpartap@patriots.in")
    #expect(message.envelope?.to.map(\.path) == ["raj_deol2002in@yahoo.co.in"])
    #expect(message.fields.first { $0.name == "Subject" }?.value == "SMTP")
    #expect(message.byteCount == 14_545)
    #expect(message.sha256 == "64ff3e16711236b4d6c704212e28961af3e43ddb63997aab921f458484c6d8ae")
    #expect(message.text?.content.contains("I send u smtp pcap file") == true)
    let attachment = try #require(message.parts.first { $0.isAttachment })
    #expect(attachment.name == "NEWS.txt" && attachment.decodedByteCount == 10_807)
  }
  @Test func disconnection() throws {
    let closing = try conversation().closing
    #expect(closing.quit?.request?.frames == [54])
    #expect(closing.quit?.replies.first?.frames == [56] && closing.quit?.replies.first?.code == 221)
    #expect(closing.finishes.map(\.by) == ["client", "server"] && closing.finishes.map(\.frame) == [55, 57])
    #expect(closing.resets.isEmpty && closing.how == "finished")
  }
}

enum LessonCapture {
  static var path: String {
    let corpus =
      ProcessInfo.processInfo.environment["MAILWIRE_CORPUS"]
      ?? Repository.root.appending(path: "../shared/captures").path
    return corpus + "/real/realjimmy+sample-captures__smtp.pcap"
  }
  static var isHere: Bool { FileManager.default.fileExists(atPath: path) }
}
