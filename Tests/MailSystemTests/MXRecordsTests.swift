import Testing

@testable import MailSystem

@Suite struct MXRecordsTests {
  /// Of b.example: 20 mx2.b.example, 10 mx.b.example, with names that point backwards.
  private static let answer: [UInt8] = [
    0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0x62, 7, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0, 0, 15, 0,
    1,
    0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 8, 0, 20, 3, 0x6D, 0x78, 0x32, 0xC0, 12,
    0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 7, 0, 10, 2, 0x6D, 0x78, 0xC0, 12,
  ]
  private func parse(_ answer: [UInt8]) -> MXRecords? { MXRecords.parse(answer.span) }

  @Test func theServersInTheOrderOfTheirPreference() throws {
    let records = try #require(parse(Self.answer))
    #expect(
      records.records == [
        .init(preference: 10, exchange: "mx.b.example"), .init(preference: 20, exchange: "mx2.b.example"),
      ])
    #expect(!records.isNull)
  }
  @Test func aDomainThatTakesNoMail() throws {
    var answer = Array(Self.answer[..<27])
    answer[7] = 1
    answer += [0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 3, 0, 0, 0]
    #expect(try #require(parse(answer)).isNull)
  }
  @Test func whatIsCutOffIsNoAnswer() {
    for count in 0..<Self.answer.count {
      #expect(parse(Array(Self.answer[..<count])) == nil, "\(count)")
    }
  }
  @Test func namesThatGoInCirclesEnd() {
    var answer = Self.answer
    answer[13] = 0
    (answer[12], answer[13]) = (0xC0, 12)
    #expect(parse(answer) == nil)
  }
  @Test func noOctetTraps() {
    for place in Self.answer.indices {
      for octet in [0, 1, 63, 64, 127, 192, 255] as [UInt8] {
        var answer = Self.answer
        answer[place] = octet
        _ = parse(answer)
      }
    }
  }
}
