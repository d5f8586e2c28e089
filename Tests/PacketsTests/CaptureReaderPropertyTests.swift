import Bytes
import Foundation
import TestSupport
import Testing

@testable import Packets

/// What holds of every capture: it is read whole, whatever stands before damage is delivered, nothing traps, and how
/// the octets arrive makes no difference.
@Suite struct CaptureReaderPropertyTests {
  private func captures(_ count: Int, _ test: String) -> (captures: [RandomCapture], random: SeededRandom) {
    var random = SeededRandom(seed: printedSeed("CaptureReaderPropertyTests.\(test)"))
    let captures = (0..<count).map { _ in RandomCapture(using: &random) }
    return (captures, random)
  }

  @Test func whatIsWrittenIsRead() {
    for capture in captures(300, "whatIsWrittenIsRead").captures {
      let reading = readPipe(capture.octets)
      #expect(reading.error == nil)
      #expect(reading.packets == capture.packets)
    }
  }
  /// Where libpcap reads to the end (it refuses interfaces that differ), it reads the same.
  @Test func libpcapReadsTheSame() throws {
    var random = SeededRandom(seed: printedSeed("CaptureReaderPropertyTests.libpcapReadsTheSame"))
    var comparedCount = 0
    try Folder.temporary { folder in
      let file = folder.appending(path: "capture")
      for _ in 0..<200 {
        let capture = RandomCapture(linkTypes: 1...1, using: &random)
        try Foundation.Data(capture.octets).write(to: file)
        guard let reading = try? LibpcapReader.read(path: file.path), reading.complaint == nil else { continue }
        comparedCount += 1
        #expect(reading.packets.map(\.octets) == capture.packets.map(\.octets))
        #expect(reading.packets.map(\.originalByteCount) == capture.packets.map(\.original))
        for (their, our) in zip(reading.packets, capture.packets) {
          // libpcap's seconds of the older format are signed.
          #expect([0, (1 << 32) * 1_000_000_000].contains(our.nanoseconds - their.nanoseconds))
        }
      }
    }
    #expect(comparedCount > 80)
  }
  @Test func cutAnywhereWhatStandsBeforeIsRead() {
    for capture in captures(60, "cutAnywhereWhatStandsBeforeIsRead").captures {
      for end in capture.octets.indices {
        let reading = readPipe(Array(capture.octets[..<end]))
        let whole = capture.packetEnds.count { $0 <= end }
        #expect(reading.packets == Array(capture.packets[..<whole]), "cut at \(end)")
        #expect((reading.error == nil) == capture.boundaries.contains(end), "cut at \(end)")
      }
    }
  }
  @Test func damageAnywhereLeavesWhatStandsBefore() {
    let made = captures(60, "damageAnywhereLeavesWhatStandsBefore")
    var random = made.random
    for capture in made.captures {
      for offset in capture.octets.indices {
        var damaged = capture.octets
        damaged[offset] ^= UInt8.random(in: 1...255, using: &random)
        let reading = readPipe(damaged)
        let whole = capture.packetEnds.count { $0 <= offset }
        #expect(Array(reading.packets.prefix(whole)) == Array(capture.packets[..<whole]), "damaged at \(offset)")
        #expect(reading.frame == UInt32(reading.packets.count))
      }
    }
  }
  @Test func muchDamageNeverTraps() {
    let made = captures(500, "muchDamageNeverTraps")
    var random = made.random
    for capture in made.captures where !capture.octets.isEmpty {
      for _ in 0..<10 {
        var damaged = capture.octets
        for _ in 0..<Int.random(in: 1...20, using: &random) {
          let offset = Int.random(in: damaged.indices, using: &random)
          // Numbers at the edges, more often than others.
          damaged[offset] =
            [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)]
            .randomElement(using: &random) ?? 0
        }
        _ = NoteCollector.read(damaged)
      }
    }
  }
  /// Runs of one to n octets arrive each by itself: a socket that keeps messages apart sees to it.
  @Test(arguments: [1, 2, 3, 7, 64, 1_000]) func howTheOctetsArriveMakesNoDifference(_ longest: Int) {
    let made = captures(40, "howTheOctetsArriveMakesNoDifference")
    var random = made.random
    for capture in made.captures {
      for octets in [capture.octets] + Wrapping.allCases.map({ $0.stored(capture.octets) }) {
        let pieces = randomCuts(octets, longest: longest, using: &random)
        let reading = withMessages(pieces) { read($0) }
        #expect(reading.error == nil)
        #expect(reading.packets == capture.packets)
      }
    }
  }
}
