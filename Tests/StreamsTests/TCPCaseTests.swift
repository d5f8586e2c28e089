import Bytes
import Foundation
import Packets
import TestSupport
import Testing

@testable import Streams

/// One-case captures of TCP and IP reassembly that nobody here made, with the client's octets.
@Suite(.enabled(if: TCPCases.isHere, "the corpus is not here (MAILWIRE_CORPUS)"))
struct TCPCaseTests {
  /// Cases that ask for TCP checksums to be verified.
  private static let verified: Set = ["T22", "T23"]

  @Test(arguments: TCPCases.all.filter { $0.id != "T48" })
  func clientsOctets(_ oneCase: TCPCases.Case) throws {
    let checksums: ChecksumPolicy = Self.verified.contains(oneCase.id) ? .enforced : .sampled
    var told = try TCPCases.run(oneCase, checksums: checksums).told
    // What was cut off the packet may be told as a gap.
    if oneCase.note.contains("[gap] ok"), let gap = told.firstRange(of: "[gap ") {
      told = String(told[..<gap.lowerBound])
    }
    #expect(oneCase.allowed.contains(told), "\(oneCase.id) \(oneCase.name): \(told), not \(oneCase.allowed)")
  }
  @Test func everyCaseIsHere() { #expect(TCPCases.all.count == 48) }

  /// The 48th case gives what the stream is by three policies.
  @Test(arguments: [OverlapPolicy.bsd, .first, .last]) func policies(_ policy: OverlapPolicy) throws {
    let oneCase = try #require(TCPCases.all.first { $0.id == "T48" })
    let words = oneCase.client.replacing("policy: ", with: "").split(separator: " ")
    let name = policy == .bsd ? "BSD" : policy.rawValue
    let index = try #require(words.firstIndex { $0 == name })
    #expect(try TCPCases.run(oneCase, policy: policy).told == words[index + 1])
  }

  /// What is unusual in a case is remarked on by its name.
  @Test(arguments: [
    ("T02", Irregularity.outOfOrder), ("T03", .retransmission), ("T04", .overlapConflict), ("T06", .overlapConflict),
    ("T08", .overlapConflict), ("T09", .segmentLost), ("T10", .segmentLost), ("T15", .synPayload),
    ("T16", .synPayloadRefused), ("T18", .payloadAfterFinish), ("T21", .resetOutOfWindow), ("T22", .checksumWrong),
    ("T23", .checksumWrong), ("T24", .keepAlive), ("T25", .keepAlive), ("T26", .zeroWindow), ("T26", .zeroWindowProbe),
    ("T27", .midstream), ("T31", .portReused), ("T32", .portReused), ("T33", .synDifferent), ("T34", .simultaneousOpen),
    ("T36", .urgent), ("T37", .oldTimestamp), ("T39", .fragmentOverlap), ("T40", .fragmentTooLong),
    ("T44", .lengthZero), ("T48", .overlapConflict),
  ]) func remarks(_ id: String, _ irregularity: Irregularity) throws {
    let oneCase = try #require(TCPCases.all.first { $0.id == id })
    let remarks = try TCPCases.run(oneCase).remarks
    #expect(remarks.contains { $0.irregularity == irregularity }, "\(id): \(remarks.map(\.irregularity))")
    #expect(remarks.allSatisfy { $0.frame > 0 })
  }
  /// Ordinary captures are not accused of anything.
  @Test(arguments: ["T01", "T13", "T17", "T35", "T38", "T41", "T42", "T45"])
  func nothingToRemark(_ id: String) throws {
    let oneCase = try #require(TCPCases.all.first { $0.id == id })
    #expect(try TCPCases.run(oneCase).remarks.map(\.irregularity) == [])
  }
}

enum TCPCases {
  struct Case: Decodable, CustomTestStringConvertible {
    var id: String
    var name: String
    var file: String
    var client: String
    var note: String
    var testDescription: String { "\(id) \(name)" }
    /// Two forms where the note says that both will do.
    var allowed: [String] { client.components(separatedBy: " or ") }
  }
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["MAILWIRE_CORPUS"] {
      return URL(filePath: path).appending(path: "tcp")
    }
    return Repository.root.appending(path: "../shared/captures/tcp").standardizedFileURL
  }()
  static let all: [Case] = {
    guard let json = try? Data(contentsOf: folder.appending(path: "expected.json")) else { return [] }
    return (try? JSONDecoder().decode([Case].self, from: json)) ?? []
  }()
  static var isHere: Bool { !all.isEmpty }

  /// The client's octets of every connection, holes as `[gap n]`, connections parted by ` | `; and what was unusual.
  static func run(
    _ oneCase: Case, checksums: ChecksumPolicy = .sampled, policy: OverlapPolicy = .first
  ) throws -> (told: String, remarks: [StreamRemark]) {
    let file = try FileHandle(forReadingFrom: folder.appending(path: oneCase.file))
    defer { try? file.close() }
    var reader = CaptureReader(fileDescriptor: file.fileDescriptor)
    var decoder = FrameDecoder(sink: Reassembler(sink: StreamLog()))
    decoder.checksums = checksums
    decoder.sink.overlapPolicy = policy
    try reader.read(into: &decoder)
    decoder.finish()
    decoder.sink.finish()
    let told = decoder.sink.sink.connections.map { connection in
      connection.client.map { told in
        switch told {
        case .octets(let octets): String(decoding: octets, as: UTF8.self)
        case .gap(let byteCount): "[gap \(byteCount)]"
        }
      }.joined()
    }.joined(separator: " | ")
    return (told, decoder.sink.sink.remarks)
  }
}
