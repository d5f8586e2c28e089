import Bytes
import Foundation
import Testing

@testable import MailProtocols

/// Compares what the parsers make of the messages in `../shared/messages` (or `MAILWIRE_MESSAGES`) with the JSON that
/// Stalwart's mail-parser made of them, field by field, through the offsets that the JSON gives.
@Suite struct CorpusTests {
  static let folder =
    ProcessInfo.processInfo.environment["MAILWIRE_MESSAGES"]
    ?? "\(FileManager.default.currentDirectoryPath)/../shared/messages"

  /// Agreements and disagreements of one kind of fact.
  private struct Tally {
    var agreed = 0
    var disagreed: [String] = []
    static func masked(_ text: String?) -> String? {
      text?.unicodeScalars.map { $0.isASCII ? String($0) : "?" }.joined()
    }
    mutating func compare(_ ours: String?, _ theirs: String?, _ place: String) {
      // Raw octets outside UTF-8 are Latin-1 here and U+FFFD there: the rest must agree.
      let isLossy = theirs?.contains("\u{FFFD}") == true
      if ours == theirs || isLossy && Self.masked(ours) == Self.masked(theirs) {
        agreed += 1
      } else {
        disagreed.append("\(place): \(ours ?? "nil") | \(theirs ?? "nil")")
      }
    }
  }
  private typealias Object = [String: Any]

  @Test func stalwart() throws {
    let root = Self.folder + "/stalwart"
    guard let names = FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) else {
      print("skipped: no messages at \(root)")
      return
    }
    var tallies: [String: Tally] = [:]
    for name in names.sorted() where name.hasSuffix(".json") {
      let path = "\(root)/\(name)"
      let isCRLF = name.hasSuffix(".crlf.json")
      guard let message = FileManager.default.contents(atPath: String(path.dropLast(isCRLF ? 9 : 4)) + "eml"),
        let json = FileManager.default.contents(atPath: path),
        let object = try JSONSerialization.jsonObject(with: json) as? Object
      else { continue }
      // The offsets are those of the message with one kind of line end throughout.
      let lines = message.filter { $0 != 13 }
      compare(object, with: isCRLF ? lines.flatMap { $0 == 10 ? [13, 10] : [$0] } : Array(lines), name, &tallies)
    }
    for (kind, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      print("\(kind): \(tally.agreed) of \(tally.agreed + tally.disagreed.count) agree")
      for line in tally.disagreed { print("  \(line.debugDescription)") }
      #expect(tally.agreed * 100 >= (tally.agreed + tally.disagreed.count) * 85, "\(kind)")
    }
  }

  private func compare(_ object: Object, with message: [UInt8], _ place: String, _ tallies: inout [String: Tally]) {
    for part in object["parts"] as? [Object] ?? [] {
      var encoding = TransferEncoding.sevenBit
      var type: ContentType?
      for header in part["headers"] as? [Object] ?? [] {
        guard let start = header["offset_start"] as? Int, let end = header["offset_end"] as? Int, start <= end,
          end <= message.count,
          let value = header["value"] as? Object
        else { continue }
        let octets = Array(message[start..<end])
        let kind = header["name"] as? String ?? "other"
        switch kind {
        case "subject", "content_description":
          let trimmed = EncodedWord.decode(octets).trimmingCharacters(in: .whitespaces)
          tallies[kind, default: Tally()].compare(trimmed, value["Text"] as? String, place)
        case "from", "to", "reply_to": compareAddresses(octets, value, kind, place, &tallies)
        case "content_type":
          type = ContentType.parse(octets)
          compareType(type?.type, type?.subtype, type?.parameters, value, kind, place, &tallies)
        case "content_disposition":
          let parsed = ContentDisposition.parse(octets)
          compareType(parsed?.type, "", parsed?.parameters, value, kind, place, &tallies)
        case "content_transfer_encoding": encoding = TransferEncoding.parse(octets)
        case "date": compareDate(octets, value, place, &tallies)
        default: break
        }
      }
      compareBody(part, type, encoding, message, place, &tallies)
    }
  }

  private func compareAddresses(
    _ octets: [UInt8], _ value: Object, _ kind: String, _ place: String, _ tallies: inout [String: Tally]
  ) {
    guard let address = value["Address"] as? Object else { return }
    let list =
      address["List"] as? [Object] ?? (address["Group"] as? [Object])?.flatMap { $0["addresses"] as? [Object] ?? [] }
      ?? []
    let theirs = list.map { "\($0["name"] as? String ?? "") <\($0["address"] as? String ?? "")>" }.joined(
      separator: ", ")
    let ours = AddressList.parse(octets).mailboxes.map { "\($0.displayName ?? "") <\($0.address)>" }.joined(
      separator: ", ")
    tallies[kind, default: Tally()].compare(ours, theirs, place)
  }

  private func compareType(
    _ type: String?, _ subtype: String?, _ parameters: ParameterList?, _ value: Object, _ kind: String, _ place: String,
    _ tallies: inout [String: Tally]
  ) {
    guard let theirs = value["ContentType"] as? Object else { return }
    let media = "\(theirs["c_type"] as? String ?? "")/\(theirs["c_subtype"] as? String ?? "")".lowercased()
    tallies[kind, default: Tally()].compare("\(type ?? "")/\(subtype ?? "")", media, place)
    for attribute in theirs["attributes"] as? [Object] ?? [] {
      guard let name = attribute["name"] as? String, let text = attribute["value"] as? String else { continue }
      let known = ["boundary", "charset", "name", "filename"].contains(name) ? name : "other"
      tallies["\(kind) \(known)", default: Tally()].compare(parameters?[name], text, place + " " + name)
    }
  }

  private func compareDate(_ octets: [UInt8], _ value: Object, _ place: String, _ tallies: inout [String: Tally]) {
    guard let fields = value["DateTime"] as? [String: Any] else { return }
    func number(_ name: String) -> Int { fields[name] as? Int ?? 0 }
    let zone = (number("tz_hour") * 60 + number("tz_minute")) * (fields["tz_before_gmt"] as? Bool == true ? -1 : 1)
    let days = CivilDate(year: number("year"), month: number("month"), day: number("day")).days
    let seconds = Int(days) * 86_400 + number("hour") * 3600 + number("minute") * 60 + number("second") - zone * 60
    let ours = MessageDate.parse(octets).map { "\($0.secondsSinceEpoch) \($0.zoneMinutes)" }
    tallies["date", default: Tally()].compare(ours, "\(seconds) \(zone)", place)
  }

  private func compareBody(
    _ part: Object, _ type: ContentType?, _ encoding: TransferEncoding, _ message: [UInt8], _ place: String,
    _ tallies: inout [String: Tally]
  ) {
    guard let start = part["offset_body"] as? Int, let end = part["offset_end"] as? Int, start <= end,
      end <= message.count,
      let body = part["body"] as? Object, part["is_encoding_problem"] as? Bool == false
    else { return }
    let octets = Array(message[start..<end])
    let decoded: [UInt8]
    switch encoding {
    case .base64: decoded = Base64.decodeLenient(octets.span)
    case .quotedPrintable: decoded = QuotedPrintable.decode(octets)
    case .sevenBit, .eightBit, .binary, .uuencode, .unknown: decoded = octets
    }
    let known = encoding == .base64 ? "base64" : encoding == .quotedPrintable ? "quoted-printable" : "identity"
    if let text = body["Text"] as? String ?? body["Html"] as? String {
      let ours = Charset.decode(decoded, named: type?.charset ?? "utf-8")
      tallies["text in \(known)", default: Tally()].compare(ours, text, place)
    } else if let binary = (body["Binary"] ?? body["InlineBinary"]) as? [Int] {
      tallies["octets in \(known)", default: Tally()].compare("\(decoded.map(Int.init) == binary)", "true", place)
    }
  }
}
