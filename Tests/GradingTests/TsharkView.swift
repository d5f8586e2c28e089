import Foundation
import TestSupport

@testable import Grading

/// What tshark says of a capture, packet by packet; it knows nothing of our analyzer.
struct TsharkView {
  struct Row {
    var frame: Int
    var fields: [String: [String]]

    func all(_ field: String) -> [String] { fields[field] ?? [] }
    subscript(_ field: String) -> String { fields[field]?.first ?? "" }
    /// The payload's lines, without their ends; the octets are tshark's `tcp.payload`.
    var lines: [String] {
      let digits = Array(self["tcp.payload"])
      let octets = stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
      }
      return octets.split(separator: 10, omittingEmptySubsequences: false).map {
        String(decoding: $0.last == 13 ? $0.dropLast() : $0, as: UTF8.self)
      }
    }
  }
  static let program = URL(filePath: "/usr/bin/tshark")
  static let isHere = FileManager.default.isExecutableFile(atPath: program.path)
  private static let fields = [
    "frame.number", "tcp.stream", "ip.src", "ip.dst", "tcp.srcport", "tcp.dstport", "tcp.flags.syn", "tcp.flags.ack",
    "tcp.flags.fin", "tcp.flags.reset", "tcp.payload", "tcp.seq", "smtp.req.command",
    "smtp.req.parameter", "smtp.command_line", "smtp.response.code", "smtp.rsp.parameter", "smtp.auth.username",
    "smtp.auth.password", "smtp.auth.username_password", "smtp.eom", "imf.subject", "imf.from", "imf.to",
    "pop.request.command", "pop.request.parameter", "pop.response.indicator", "pop.response.description",
    "imap.request_tag", "imap.request.command", "imap.request.password", "imap.response_tag", "imap.line", "tls.record",
    "tls.handshake.extensions_server_name",
  ]
  let rows: [Row]

  /// Throws where tshark cannot read the capture. With `keyLog`, it reads what TLS hides.
  init(_ file: [UInt8], keyLog: String? = nil) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.pcapng"
    try Data(file).write(to: URL(filePath: path))
    try Data((keyLog ?? "").utf8).write(to: URL(filePath: "\(path).keylog"))
    // A sign between values of one field that stands in none of them.
    let run = try Program.run(
      ["-r", path, "-o", "tls.keylog_file:\(path).keylog", "-T", "fields", "-E", "aggregator=\u{1F}"]
        + Self.fields.flatMap { ["-e", $0] },
      program: Self.program, seconds: 120)
    guard run.status == 0 else { throw WorksheetError(run.diagnostics) }
    rows = run.text.split(separator: "\n").map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map {
        $0.isEmpty ? [] : $0.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(Self.plain)
      }
      let fields = Dictionary(uniqueKeysWithValues: zip(Self.fields, cells))
      return Row(frame: Int(fields["frame.number"]?.first ?? "") ?? 0, fields: fields)
    }
  }
  /// tshark spells ends of lines out.
  private static func plain(_ value: Substring) -> String {
    String(value.hasSuffix("\\r\\n") ? value.dropLast(4) : value)
  }

  /// The packets of a connection to a port of a server, of those the one with this number, from 0.
  func stream(_ port: Int, _ number: Int = 0) -> [Row] {
    let openings = rows.filter { Self.isOpening($0) && $0["tcp.dstport"] == "\(port)" }
    var streams: [String] = []
    for row in openings where !streams.contains(row["tcp.stream"]) { streams.append(row["tcp.stream"]) }
    guard streams.indices.contains(number) else { return [] }
    return rows.filter { $0["tcp.stream"] == streams[number] }
  }
  /// All connections to a port, in order.
  func streams(_ port: Int) -> [[Row]] {
    var all: [[Row]] = []
    while case let next = stream(port, all.count), !next.isEmpty { all.append(next) }
    return all
  }
  static func isOpening(_ row: Row) -> Bool { row.flag("syn") && !row.flag("ack") }
}

extension TsharkView.Row {
  func flag(_ name: String) -> Bool { ["1", "True"].contains(self["tcp.flags.\(name)"]) }
}

/// Words for the packets of one connection.
extension [TsharkView.Row] {
  var syn: Element? { first(where: TsharkView.isOpening) }
  var synAck: Element? { first { $0.flag("syn") && $0.flag("ack") } }
  var client: String { syn?["ip.src"] ?? "" }
  var server: String { syn?["ip.dst"] ?? "" }
  var clientPort: String { syn?["tcp.srcport"] ?? "" }
  var serverPort: String { syn?["tcp.dstport"] ?? "" }
  func isByClient(_ row: Element) -> Bool { row["tcp.srcport"] == clientPort && row["ip.src"] == client }
  var byClient: [Element] { filter(isByClient) }
  /// What is said outside TLS.
  var clear: [Element] { filter { $0["tls.record"].isEmpty } }
  var byServer: [Element] { filter { !isByClient($0) } }
  var spoken: [Element] { filter { !$0["tcp.payload"].isEmpty } }
  func having(_ field: String, _ value: String? = nil) -> [Element] {
    filter { row in value.map { row.all(field).contains($0) } ?? !row.all(field).isEmpty }
  }
  /// What the server says next.
  func answer(to row: Element?) -> Element? {
    guard let row else { return nil }
    return first { $0.frame > row.frame && !isByClient($0) && !$0["tcp.payload"].isEmpty }
  }
  /// The parameter of an SMTP command, whose frame may hold several.
  func parameters(_ verb: String) -> [String] {
    flatMap { row -> [String] in
      row.all("smtp.command_line").compactMap { line in
        line.uppercased().hasPrefix("\(verb) ") ? String(line.dropFirst(verb.count + 1)) : nil
      }
    }
  }
  /// `ann@example.net` of `FROM:<ann@example.net> SIZE=7`
  func paths(_ verb: String) -> [String] {
    parameters(verb).compactMap { $0.split(separator: "<").last?.split(separator: ">").first.map(String.init) }
  }
  /// All that one side says, line by line.
  var lines: [String] { flatMap(\.lines) }
  /// The server's reply to the dot behind a message.
  var acceptance: Element? { answer(to: having("smtp.eom").first) }
  func request(_ verb: String, _ number: Int = 0) -> Element? {
    let found = having("imap.request.command", verb)
    return found.indices.contains(number) ? found[number] : nil
  }
}
