import Foundation
import TestSupport
import Testing

/// `mailwire follow`: the ladders of the captures, from outside.
@Suite struct FollowTests {
  private static let capture = "Captures/smtp/auth-login.pcapng"

  @Test func showsTheLessonInFewLines() throws {
    let text = try Program.run(["follow", Self.capture]).text
    for line in [
      "├─ EHLO laptop.crepes.example", "= user name: alice", "= password: cherry-clove-22",
      "= Subject: Crepes on Friday?",
      "[message: 995 octets, frame 21]", "◀─ 221 2.0.0 Bye",
    ] { #expect(text.contains(line), "\(line)") }
    #expect(!text.contains("SYN"))
    #expect(try Program.run(["follow", "--tcp", Self.capture]).text.contains("╌ SYN, ACK ╌"))
    #expect(try Program.run(["follow", "--full", Self.capture]).text.contains("shall we make crepes"))
  }
  @Test func choosesConversations() throws {
    let refused = "Captures/smtp/refused.pcapng"
    let all = try Program.run(["follow", refused]).text
    let one = try Program.run(["follow", "--stream", "1", refused]).text
    #expect(all.contains("tcp.stream 0") && all.contains("tcp.stream 1") && all.contains(one))
    #expect(!one.contains("tcp.stream 0"))
    let none = try Program.run(["follow", "--stream", "99", refused])
    #expect(none.status == 0 && none.output.isEmpty && none.diagnostics.contains("tcp.stream 99"))
  }
  @Test func readsAsAnalyzeDoes() throws {
    let whole = try Data(contentsOf: Repository.root.appending(path: Self.capture))
    let expected = try Program.run(["follow", Self.capture]).output
    #expect(try Program.run(["follow", "-"], input: whole).output == expected)
    #expect(try Program.run(["follow", "-r", Self.capture, "-f", "port 587"]).output == expected)
    #expect(try Program.run(["follow", "-d", "tcp.port==587,pop", Self.capture]).text.contains("── POP3"))
    #expect(try Program.run(["follow", "-"], input: whole.dropLast(203)).status == 2)
    for arguments in [["follow"], ["follow", "missing.pcap"], ["follow", "--format", "png", Self.capture]] {
      let run = try Program.run(arguments)
      #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.hasPrefix("mailwire: "))
    }
  }
  @Test(arguments: ["text", "mermaid"])
  func masksPasswords(_ format: String) throws {
    for capture in Repository.captures {
      let run = try Program.run(["follow", "--full", "--mask-passwords", "--format", format, "Captures/\(capture)"])
      #expect(run.status == 0)
      for password in ["cherry-clove-22", "clove-maple-42", "butter-cider-68"] {
        #expect(!run.text.contains(password), "\(capture) shows \(password)")
        for prefix in ["", "\0bob\0", "\0alice\0", "bob:", "alice:"] {
          let encoded = Data((prefix + password).utf8).base64EncodedString()
          #expect(!run.text.contains(encoded), "\(capture) shows \(password) in base64")
        }
      }
    }
  }
  /// Everything that is said in the captures is explained.
  @Test func everyLineHasAMeaning() throws {
    for capture in Repository.captures {
      let rows = try Program.run(["follow", "Captures/\(capture)"]).text.split(separator: "\n").map(String.init)
      for (index, row) in rows.enumerated() where row.contains("├─ ") || row.contains("◀─ ") {
        let isExplained = rows[(index + 1)...].prefix { !$0.contains("├─ ") && !$0.contains("◀─ ") }
          .contains { $0.contains("│    ") }
        #expect(isExplained, "\(capture): \(row)")
      }
    }
  }
}
