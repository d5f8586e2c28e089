import Bytes
import Foundation
import Packets
import TestSupport
import Testing

@testable import Streams

/// One-case captures of TCP and IP reassembly that nobody here made, with the client's octets.
@Suite(.enabled(if: TCPCases.isHere, "the corpus is not here (MAILWIRE_CORPUS)"))
struct TCPCaseTests {
  /// Cases that ask for more than this engine does yet, each with what it lacks.
  private static let beyond = [
    "T22": "TCP checksums are not verified",
    "T23": "TCP checksums are not verified",
    "T37": "PAWS (RFC 7323 §5) is not applied",
    "T48": "overlap policies other than first",
  ]

  @Test(arguments: TCPCases.all)
  func clientsOctets(_ oneCase: TCPCases.Case) throws {
    var told = try TCPCases.told(of: oneCase)
    // What was cut off the packet may be told as a gap.
    if oneCase.note.contains("[gap] ok"), let gap = told.firstRange(of: "[gap ") {
      told = String(told[..<gap.lowerBound])
    }
    let isRight = oneCase.allowed.contains(told)
    if let lack = Self.beyond[oneCase.id] {
      #expect(!isRight, "\(oneCase.id) is right now: take it off the list (\(lack))")
    } else {
      #expect(isRight, "\(oneCase.id) \(oneCase.name): \(told), not \(oneCase.allowed)")
    }
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

  /// The client's octets of every connection, holes as `[gap n]`, connections parted by ` | `.
  static func told(of oneCase: Case) throws -> String {
    let file = try FileHandle(forReadingFrom: folder.appending(path: oneCase.file))
    defer { try? file.close() }
    var reader = CaptureReader(fileDescriptor: file.fileDescriptor)
    var decoder = FrameDecoder(sink: Reassembler(sink: StreamLog()))
    try reader.read(into: &decoder)
    decoder.sink.finish()
    return decoder.sink.sink.connections.map { connection in
      connection.client.map { told in
        switch told {
        case .octets(let octets): String(decoding: octets, as: UTF8.self)
        case .gap(let byteCount): "[gap \(byteCount)]"
        }
      }.joined()
    }.joined(separator: " | ")
  }
}
