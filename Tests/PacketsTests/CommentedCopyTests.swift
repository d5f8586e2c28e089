import Bytes
import TestSupport
import Testing

@testable import Packets

/// A capture written anew with comments says what it said before, and the comments.
@Suite struct CommentedCopyTests {
  private struct Copy {
    var octets: [UInt8] = []
    var copied = CopiedPackets()
    var error: CaptureError?
  }
  private static let section = PCAPNGWriter.Section(application: "the tests")

  private func copy(
    _ capture: [UInt8], limit: UInt32 = .max, until end: UInt64 = .max, _ comments: @escaping (UInt32) -> [String]
  ) -> Copy {
    withFile(capture) { file in
      var reader = CaptureReader(fileDescriptor: file)
      reader.packetLimit = limit
      var copy = Copy()
      var octets: [UInt8] = []
      do throws(CaptureError) {
        try reader.copy(
          commenting: comments, section: Self.section, until: end, counting: &copy.copied,
          to: { octets += $0.copied() })
      } catch { copy.error = error }
      copy.octets = octets
      return copy
    }
  }
  /// What of a capture's events is no comment of ours, and our comments by frame.
  private func parted(_ capture: [UInt8]) -> (others: [NoteCollector.Event], comments: [UInt32: [String]]) {
    let (events, error) = NoteCollector.read(capture)
    #expect(error == nil)
    var comments: [UInt32: [String]] = [:]
    let others = events.filter { event in
      guard case .note(.text(.comment, of: .packet(let frame)), let octets) = event else { return true }
      let text = String(decoding: octets, as: UTF8.self)
      guard text.hasPrefix("ours ") else { return true }
      comments[frame, default: []].append(text)
      return false
    }
    return (others, comments)
  }
  private static func isPCAPNG(_ capture: [UInt8]) -> Bool { capture.prefix(4) == [0x0A, 0x0D, 0x0D, 0x0A] }

  @Test func everyBlockStaysWhatItWas() {
    var random = SeededRandom(seed: printedSeed("CommentedCopyTests.everyBlockStaysWhatItWas"))
    var (commentedCount, roomlessCount, blockCount) = (0, 0, 0)
    for _ in 0..<300 {
      let capture = RandomCapture(using: &random)
      var asked: [UInt32: [String]] = [:]
      for frame in capture.packets.indices.map({ UInt32($0 + 1) }) where Bool.random(using: &random) {
        asked[frame] = (1...Int.random(in: 1...3, using: &random)).map {
          "ours \($0) of \(frame): ä" + String(repeating: "x", count: $0)
        }
      }
      let wanted = asked
      let copy = copy(capture.octets) { wanted[$0] ?? [] }
      #expect(copy.error == nil && copy.copied.count == capture.packets.count)
      let (others, comments) = parted(copy.octets)
      let reading = readFile(copy.octets)
      #expect(reading.packets == capture.packets)
      if Self.isPCAPNG(capture.octets) {
        #expect(others == parted(capture.octets).others)
        // A simple packet block has no options.
        let found = wanted.filter { comments[$0.key] != nil }
        #expect(comments == found)
        #expect(copy.copied.roomlessCount == wanted.count - found.count)
        roomlessCount += copy.copied.roomlessCount
        blockCount += 1
      } else {
        #expect(comments == wanted)
      }
      #expect(copy.copied.commentedCount == comments.count)
      commentedCount += comments.count
    }
    #expect(commentedCount > 300 && roomlessCount > 30 && blockCount > 80)
  }
  @Test func withoutCommentsNothingChangesButLengthsOfSections() {
    var random = SeededRandom(seed: printedSeed("CommentedCopyTests.withoutComments"))
    for _ in 0..<100 {
      let capture = RandomCapture(using: &random)
      guard Self.isPCAPNG(capture.octets) else { continue }
      #expect(copy(capture.octets) { _ in [] }.octets == capture.octets)
    }
  }
  /// A section that says how long it is would be wrong about it.
  @Test func aSectionThatGrowsDoesNotTellItsLength() {
    var capture = written { output in
      var writer = PCAPNGWriter(byteOrder: .bigEndian)
      writer.append(PCAPNGWriter.Section(), to: &output)
      writer.append(PCAPNGWriter.Interface(linkType: .ethernet), to: &output)
      writer.append([1, 2, 3].span, at: Timestamp(nanoseconds: 5), to: &output)
    }
    let sectionByteCount = UInt64(capture.count - 28)
    capture.replaceSubrange(16..<24, with: sectionByteCount.networkOctets)
    let copy = copy(capture) { _ in ["ours"] }
    #expect(copy.octets[16..<24] == [255, 255, 255, 255, 255, 255, 255, 255])
    #expect(copy.octets.count == capture.count + 12)
    #expect(readFile(copy.octets).packets == readFile(capture).packets)
  }
  /// The obsolete packet block keeps its type, and options that it has.
  @Test func packetBlocksOfTheObsoleteKindTakeComments() {
    let body: [UInt8] = [0, 0, 255, 255, 0, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 7, 8, 0, 0]
    let flags: [UInt8] = [2, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    func capture(_ packet: [UInt8]) -> [UInt8] {
      written { output in
        var writer = PCAPNGWriter()
        writer.append(PCAPNGWriter.Section(), to: &output)
        writer.append(PCAPNGWriter.Interface(linkType: .ethernet, timeUnit: .microseconds), to: &output)
        writer.append(block: 2, bodyByteCount: packet.count, to: &output) { $0.append(packet.span) }
      }
    }
    let comment: [UInt8] = [1, 0, 4, 0] + "ours".utf8
    #expect(copy(capture(body + flags)) { _ in ["ours"] }.octets == capture(body + comment + flags))
    #expect(copy(capture(body)) { _ in ["ours"] }.octets == capture(body + comment + [0, 0, 0, 0]))
  }
  /// A block too large to be held is passed on in pieces.
  @Test func hugeBlocksAreCopied() {
    let byteCount = PacketLimits.blockByteCount + 4096
    let capture = written { output in
      var writer = PCAPNGWriter()
      writer.append(PCAPNGWriter.Section(), to: &output)
      writer.append(PCAPNGWriter.Interface(linkType: .ethernet), to: &output)
      writer.append(block: 10, bodyByteCount: byteCount, to: &output) { $0.append(0x5A, count: byteCount) }
      writer.append([1, 2, 3].span, at: Timestamp(nanoseconds: 5), to: &output)
    }
    #expect(copy(capture) { _ in [] }.octets == capture)
    let commented = copy(capture) { _ in ["ours"] }.octets
    #expect(commented.dropLast(56).elementsEqual(capture.dropLast(44)))
  }
  @Test func stopsWhereItIsTold() throws {
    var random = SeededRandom(seed: printedSeed("CommentedCopyTests.stopsWhereItIsTold"))
    var cutCount = 0
    for _ in 0..<60 {
      let capture = RandomCapture(using: &random)
      let limit = UInt32.random(in: 1...5, using: &random)
      let limited = copy(capture.octets, limit: limit) { _ in ["ours"] }
      #expect(limited.error == nil && readFile(limited.octets).packets == Array(capture.packets.prefix(Int(limit))))
      // Cut within its last record, it is copied up to there.
      guard let end = capture.boundaries.sorted().dropLast().last, end < capture.octets.count - 1 else { continue }
      let cut = copy(Array(capture.octets.dropLast())) { _ in [] }
      guard case .truncated? = cut.error else { continue }
      cutCount += 1
      let whole = capture.packetEnds.count { $0 <= end }
      #expect(readFile(cut.octets).packets == Array(capture.packets[..<whole]))
      if Self.isPCAPNG(capture.octets) { #expect(cut.octets == Array(capture.octets[..<end])) }
      let early = copy(capture.octets, until: UInt64(end)) { _ in [] }
      if Self.isPCAPNG(capture.octets) { #expect(early.octets == cut.octets && early.error != nil) }
    }
    #expect(cutCount > 20)
  }
}
