import TestSupport
import Testing

@testable import Dialogues

@Suite struct DripFeedTests {
  @Test(arguments: Script.all) func theCutsDoNotMatter(_ script: Script) throws {
    let seed = printedSeed("DripFeedTests.theCutsDoNotMatter")
    let whole = try analyse(script.dialogue { [$0] })
    #expect(whole.count == 1)
    let expected = try withoutEvidence(try #require(whole.first))
    func check(_ place: String, _ cut: ([UInt8]) -> [[UInt8]]) throws {
      let found = try analyse(script.dialogue(cut)).map(withoutEvidence)
      let wanted = expected.split(separator: "\n")
      let got = (found.first ?? "").split(separator: "\n")
      let difference = zip(wanted, got).first { $0 != $1 }
      #expect(found.count == 1 && got == wanted, "\(place): \(difference.map { "\($0.0) became \($0.1)" } ?? "longer")")
    }
    try check("by line", lines)
    try check("by octet") { $0.map { [$0] } }
    var random = SeededRandom(seed: seed)
    for longest in [2, 3, 7, 20, 100, 1_000] {
      try check("random cuts up to \(longest), seed \(seed)") { randomCuts($0, longest: longest, using: &random) }
    }
  }

  @Test(arguments: Script.all) func packetsOutOfOrderDoNotMatter(_ script: Script) throws {
    let seed = printedSeed("DripFeedTests.packetsOutOfOrderDoNotMatter")
    var random = SeededRandom(seed: seed)
    let expected = try conversations(script.dialogue { [$0] })
    for _ in 0..<5 {
      var dialogue = script.dialogue { randomCuts($0, longest: 300, using: &random) }
      for index in 3..<dialogue.packets.count - 4
      where dialogue.packets[index].isFromClient == dialogue.packets[index + 1].isFromClient
        && Bool.random(using: &random)
      {
        dialogue.packets.swapAt(index, index + 1)
        dialogue.packets.insert(dialogue.packets[index], at: index + 1)
      }
      let found = try conversations(dialogue)
      #expect(found.map(\.messages.count) == expected.map(\.messages.count), "seed \(seed)")
      #expect(found.first?.messages.map(\.sha256) == expected.first?.messages.map(\.sha256), "seed \(seed)")
      #expect(
        found.first?.exchanges?.map(\.request?.line) == expected.first?.exchanges?.map(\.request?.line), "seed \(seed)")
      #expect(found.first?.gaps == [], "seed \(seed)")
    }
  }

  @Test(arguments: Script.all) func aCaptureMayEndAnywhere(_ script: Script) throws {
    let dialogue = script.dialogue { octets in
      stride(from: 0, to: octets.count, by: 97).map { Array(octets[$0..<min($0 + 97, octets.count)]) }
    }
    for count in stride(from: 4, to: dialogue.packets.count, by: 5) {
      var cut = dialogue
      cut.packets = Array(dialogue.packets.prefix(count))
      _ = try analyse(cut)
      cut.packets = Array(dialogue.packets.suffix(count))
      _ = try analyse(cut)
    }
  }
  @Test func anyOctetMayBeWrong() throws {
    let seed = printedSeed("DripFeedTests.anyOctetMayBeWrong")
    var random = SeededRandom(seed: seed)
    for script in Script.all {
      for _ in 0..<150 {
        var damaged = script
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          let turn = Int.random(in: 0..<damaged.turns.count, using: &random)
          let place = Int.random(in: 0..<damaged.turns[turn].octets.count, using: &random)
          damaged.turns[turn].octets[place] =
            [0, 10, 13, 34, 46, 123, 255, UInt8.random(in: 0...255, using: &random)]
            .randomElement(using: &random) ?? 0
        }
        _ = try analyse(damaged.dialogue { randomCuts($0, longest: 400, using: &random) })
      }
    }
  }
}
