import Bytes
import Testing

@testable import MailProtocols

@Suite struct MessageDateTests {
  @Test(
    arguments: [
      ("Fri, 21 Nov 1997 09:55:06 -0600", 880_127_706, -360), ("Tue, 1 Jul 2003 10:52:37 +0200", 1_057_049_557, 120),
      ("Thu,\r\n 13\r\n Feb\r\n 1969\r\n 23:32\r\n -0330 (Newfoundland Time)", -27_723_480, -210),
      ("21 Nov 97 09:55:06 GMT", 880_106_106, 0),
      ("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", 880_127_706, -360),
      ("1 Jan 70 00:00 UT", 0, 0), ("1 Jan 00 00:00:00 EST", 946_702_800, -300),
      ("Wed May 17 19:35:05 2000", 958_592_105, 0),
      ("Mon, 29 Feb 2021 00:00:00 +0000", nil, 0), ("29 Feb 2000 23:59:60 +0000", 951_868_800, 0),
      ("1 Jan 1970 00:00 +05:30", -19_800, 330),
      ("", nil, 0), ("yesterday", nil, 0), ("32 Jan 2000 00:00:00 Z", nil, 0), ("1 Jan 2000 24:00:00 Z", nil, 0),
      ("1 Jan 100000 00:00 Z", nil, 0),
    ] as [(String, Int64?, Int)])
  func parses(_ value: String, _ seconds: Int64?, _ zone: Int) {
    let date = MessageDate.parse(value.octets)
    #expect(date?.secondsSinceEpoch == seconds)
    if seconds != nil { #expect(date?.zoneMinutes == zone) }
  }

  @Test(arguments: [
    ("-0000", true), ("A", true), ("", true), ("Z", false), ("+0000", false), ("XYZT", true), ("PDT", false),
  ])
  func zones(_ zone: String, _ isUnknown: Bool) {
    #expect(MessageDate.parse("1 Jan 2000 00:00:00 \(zone)".octets)?.isZoneUnknown == isUnknown)
  }

  @Test func comesBackFromTheWire() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    for _ in 0..<2000 {
      let date = MessageDate(
        secondsSinceEpoch: .random(in: -2_000_000_000...200_000_000_000, using: &random),
        zoneMinutes: .random(in: -720...840, using: &random))
      #expect(MessageDate.parse(date.encode().octets) == date, "seed \(seed): \(date.encode())")
    }
    #expect(
      MessageDate(secondsSinceEpoch: 880_127_706, zoneMinutes: -360).encode() == "Fri, 21 Nov 1997 09:55:06 -0600")
  }
}
