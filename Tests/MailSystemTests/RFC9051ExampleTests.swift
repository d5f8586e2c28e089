import Testing

@testable import MailSystem

/// Every example of RFC 9051 that applies to this server, played.
@Suite struct RFC9051ExampleTests {
  static let examples =
    RFC9051LoginExamples.all + RFC9051FolderExamples.all + RFC9051ListExamples.all + RFC9051SearchExamples.all
    + RFC9051MessageExamples.all + RFC9051ResponseExamples.all

  @Test(arguments: examples) func serverAnswersAsShown(_ example: IMAPExample) throws {
    try example.check()
  }
  @Test(arguments: examples.filter { $0.example.script.utf8.count < 20_000 })
  func serverAnswersAsShownToSingleOctets(_ example: IMAPExample) throws {
    try example.check(cut: 1)
  }
  @Test func noneIsMissing() {
    RFC9051Inventory.all.check(
      played: Self.examples.map(\.example.id) + RFC9051ClientExampleTests.responses.map(\.id))
  }
}
