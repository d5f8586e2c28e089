import MailSystem
import Testing

@testable import Scenarios

@Suite struct BuiltInScenarioTests {
  @Test func allCanBeRead() throws {
    #expect(!BuiltInScenarios.texts.isEmpty)
    for (name, text) in BuiltInScenarios.texts { #expect(try ScenarioFile.decode(text).name == name) }
  }
}
