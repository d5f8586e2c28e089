import Foundation
import Glibc
import Packets
import Testing

/// The 48 pcapng files of the corpus: 24 tests in both byte orders, made to try readers.
///
/// The text beside each gives its blocks in order, their counts, and a word on what they try; that order is compared
/// whole. It does not give the blocks' fields: those are compared between the two byte orders, which must say the same,
/// and, for the tests that try fields, with what is spelled out here.
@Suite(.enabled(if: Corpus.isHere, Corpus.absence))
struct PCAPNGConformanceTests {
  private static let tests: [String] = {
    let folder = Corpus.folder.appending(path: "pcapng/output_le").path
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".pcapng") }.map { String($0.dropLast(7)) }.sorted()
  }()
  private static let orders = ["le", "be"]

  private static func events(_ test: String, _ order: String) throws -> CaptureEvents {
    let file = unsafe open(Corpus.path("pcapng/output_\(order)", test + ".pcapng"), O_RDONLY)
    defer { close(file) }
    var reader = CaptureReader(fileDescriptor: file)
    var events = CaptureEvents()
    try reader.read(into: &events)
    return events
  }
  /// What stands behind `Block sequence:` in the text.
  private static func sequence(_ test: String, _ order: String) throws -> [String] {
    let text = try String(contentsOfFile: Corpus.path("pcapng/output_\(order)", test + ".txt"), encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("Block sequence:") } ?? ""
    return line.dropFirst(15).split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test func allAreHere() { #expect(Self.tests.count == 24) }

  @Test(arguments: tests, orders) func blocksStandInTheirOrder(_ test: String, _ order: String) throws {
    let found = try Self.events(test, order).blocks
    #expect(!found.isEmpty)
    #expect(try found == Self.sequence(test, order))
  }
  @Test(arguments: tests) func bothByteOrdersSayTheSame(_ test: String) throws {
    #expect(try Self.events(test, "le").lines == Self.events(test, "be").lines)
  }
  /// Every section is commented with the test's name.
  @Test(arguments: tests) func commentsNameTheTest(_ test: String) throws {
    let lines = try Self.events(test, "be").lines
    let name = test.split(separator: "/").last ?? ""
    for (index, line) in lines.enumerated() where line == "SHB" {
      let details = lines[(index + 1)...].prefix { $0.hasPrefix(" ") }
      #expect(details.contains { $0.hasPrefix("  comment: \(name)") }, "\(details)")
    }
  }

  /// Lines that stand in this order, with others between them.
  private static let spelled: [(test: String, lines: [String])] = [
    (
      "basic/test007",
      [
        "SHB", "  hardware: Apple MBP", "  operatingSystem: OS-X 10.10.5", "  application: pcap_writer.lua",
        "  comment: test007", "  option 2988: 13", "  option 2989: 15", "  option 19372: 14", "  option 19373: 13",
        "IDB 0 1 96", "  name: eth0",
      ]
    ),
    (
      "basic/test008",
      [
        "IDB 0 1 96", "  name: eth-_0 foo", "  comment: test008, and more\nfoo\r\nbar",
        "  description: silly ethernet interface", "  option 9: 1", "  filter: tcp port 23 and host 192.0.2.5",
        "  operatingSystem: Microsoft Windows for Workgroups 3.11b\npatch 42", "IDB 1 1 128", "  name: en1",
        "  description: silly ethernet interface 2", "EPB 1 128/342 3605a6f8e811d076 at 1340954905301858",
      ]
    ),
    (
      "basic/test009",
      [
        "EPB 1 314/314 33457bcc14a37cef at 1340954905298858000", "  comment: test009-1", "  flags: 0",
        "  droppedBefore: 0", "EPB 1 342/342 dcc89e411fb6363e at 1340954905299858000", "  comment: test009-2",
        "  flags: 1207959552", "  droppedBefore: 12345",
      ]
    ),
    (
      "advanced/test100",
      [
        "NRB", "  192.168.1.2 is example.com", "  192.168.1.2 is example.com", "  192.168.1.8 is example.com",
        "  fc01:dead::beef is example.com", "  10.1.2.3 is example.org", "  192.168.1.2 is example.net",
        "  comment: test100 NRB", "SPB 1 314/314 33457bcc14a37cef", "NRB", "  comment: test100 empty NRB",
        "IDB 1 0 0", "IDB 2 1 128", "EPB 0 168/168 91600bba3764f563 at 1340954905301858000",
      ]
    ),
    (
      "advanced/test101",
      [
        "ISB 1 at 1340954905298858000", "ISB 0 at 0", "ISB 1 at 1340954905297858000", "ISB 2 at 1340954905299858000",
        "  started: 1340954905298858000", "  ended: 1340954905299858000", "  accepted: 42", "  droppedByInterface: 10",
        "  comment: test101 ISB-2", "ISB 0 at 0", "  received: 100", "  droppedByInterface: 1", "  accepted: 9",
        "  droppedBySystem: 42", "  delivered: 6", "  comment: test101 ISB-0",
      ]
    ), ("advanced/test102", ["CB 32473 24", "DCB 32473 60", "DCB 36724 32"]),
  ]
  @Test(arguments: spelled.indices) func fieldsAreAsTheyWereWritten(_ index: Int) throws {
    let (test, lines) = Self.spelled[index]
    var rest = try Self.events(test, "be").lines[...]
    for line in lines {
      guard let place = rest.firstIndex(of: line) else {
        Issue.record("\(test): no line `\(line)`, or not in its place")
        return
      }
      rest = rest[(place + 1)...]
    }
  }
}
