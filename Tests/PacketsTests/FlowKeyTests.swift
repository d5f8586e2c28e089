import Bytes
import TestSupport
import Testing

@testable import Packets

@Suite struct FlowKeyTests {
  private func key(_ source: Host, _ destination: Host) -> (key: FlowKey, direction: Int)? {
    let segment = PacketBuilder.tcp(from: source, to: destination, sequenceNumber: 1, payload: [1])
    return decode([PacketBuilder.ip(from: source, to: destination, segment)], linkType: .raw).segments.first.map {
      ($0.key, Int($0.direction))
    }
  }

  @Test func bothDirectionsShareAKey() throws {
    var random = SeededRandom(seed: printedSeed("FlowKeyTests.bothDirectionsShareAKey"))
    for index in 0..<500 {
      let pool: [IPAddress] =
        index % 2 == 0 ? ["10.0.0.1", "10.0.0.2", "10.1.0.0"] : ["2001:db8::1", "2001:db8::1:0:0:1", "::1", "::"]
      let first = Host(pool.randomElement(using: &random) ?? "::1", [25, 40_000, 1].randomElement(using: &random) ?? 1)
      let second = Host(
        pool.randomElement(using: &random) ?? "::1", [25, 40_000, 2].randomElement(using: &random) ?? 2)
      let there = try #require(key(first, second))
      let back = try #require(key(second, first))
      #expect(there.key == back.key)
      #expect(there.key.hash(seed: 5) == back.key.hash(seed: 5))
      if first != second { #expect(there.direction != back.direction) }
      #expect(there.key.endpoint(there.direction).port == first.port)
      #expect(there.key.endpoint(back.direction).port == (first == second ? first.port : second.port))
      #expect(IPAddress(there.key.endpoint(there.direction).text) == first.address)
    }
  }
  @Test func otherPortsAddressesAndFamiliesAreOtherKeys() throws {
    let hosts = [
      Host("10.0.0.1", 25), Host("10.0.0.1", 26), Host("10.0.0.2", 25), Host("::ffff:10.0.0.1", 25),
      Host("::a00:1", 25),
    ]
    var keys: [FlowKey] = []
    for host in hosts {
      keys.append(try #require(key(host, Host(host.address.isIPv6 ? "::1" : "10.0.0.9", 40_000))).key)
    }
    for first in keys.indices {
      for second in keys.indices where first != second { #expect(keys[first] != keys[second]) }
    }
  }
  /// Addresses that a hash takes for one another when it folds them before its seed comes in, or multiplies them by a
  /// factor that can be chosen to be 0: with 100,000 of them a table is a list.
  @Test(arguments: [0x9E37_79B9_7F4A_7C15, 0xE703_7ED1_A0B4_28DB] as [UInt64], [0, 0xA076_1D64_78BD_642F] as [UInt64])
  func chosenAddressesDoNotCollide(_ factor: UInt64, _ folded: UInt64) {
    let seed = UInt64.random(in: 0...UInt64.max)
    var hashes: Set<UInt32> = []
    for number in 1...1_000 as ClosedRange<UInt64> {
      let low = number &* factor ^ folded
      let pairs: [(lower: [UInt64], upper: [UInt64])] = [
        ([number, low], [1, UInt64.max]), ([0, number], [7, 7 &* factor ^ folded]),
      ]
      for (lower, upper) in pairs {
        let key = FlowKey(
          lowerHigh: lower[0], lowerLow: lower[1], upperHigh: upper[0], upperLow: upper[1], ports: 25 << 16 | 40_000,
          path: 1)
        hashes.insert(key.hash(seed: seed))
      }
    }
    #expect(hashes.count > 1_990, "seed \(seed)")
  }

  /// The examples of RFC 5952 §1, §2, §4 and §5, in the form that it recommends.
  @Test(arguments: [
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:db8::0:1", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
    ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"),
    ("2001:db8:0:0:0:0:0:0", "2001:db8::"), ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:0:0", "::"),
    ("1:0:0:0:0:0:0:0", "1::"), ("0:0:1:0:0:0:0:0", "0:0:1::"), ("0:0:0:0:1:0:0:0", "::1:0:0:0"),
    ("0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1"), ("1:1:1:1:1:1:0:0", "1:1:1:1:1:1::"), ("0:0:1:1:1:1:1:1", "::1:1:1:1:1:1"),
    ("0:1:1:1:1:1:1:0", "0:1:1:1:1:1:1:0"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("fe80::1", "fe80::1"),
    ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
  ])
  func addressesAsText(_ address: String, _ text: String) throws {
    let host = Host(try #require(IPAddress(address)), 1)
    let found = try #require(key(host, Host(host.address.isIPv6 ? "::2" : "0.0.0.2", 2)))
    #expect(found.key.endpoint(found.direction).text == text)
  }
  @Test func everyIPv6TextReadsBack() throws {
    var random = SeededRandom(seed: printedSeed("FlowKeyTests.everyIPv6TextReadsBack"))
    for _ in 0..<1_000 {
      var address = random.octets(16)
      for group in 0..<8 where Bool.random(using: &random) {
        address.replaceSubrange(group * 2..<group * 2 + 2, with: [0, 0])
      }
      var host = Host("::1", 1)
      host.address = try #require(IPAddress(octets: address))
      let found = try #require(key(host, Host("::2", 2)))
      #expect(IPAddress(found.key.endpoint(found.direction).text)?.octets == address)
    }
  }
}
