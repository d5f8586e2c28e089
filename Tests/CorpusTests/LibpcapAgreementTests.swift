import Bytes
import Foundation
import Glibc
import Packets
import TestSupport
import Testing

/// libpcap is the oracle: what it reads of a capture, we read as it does, to the octet and the nanosecond.
///
/// `libpcap.txt` lists the captures of which we read another thing, with the reason, which the test finds out by itself;
/// a listed capture that agrees fails the test. What libpcap does not open and we do read (gzip above all) is counted.
@Suite(.enabled(if: Corpus.isHere, Corpus.absence))
struct LibpcapAgreementTests {
  private struct Collector: PacketSink {
    var packets: [LibpcapReader.Packet] = []
    mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
      packets.append(
        LibpcapReader.Packet(
          octets: packet.copied(), originalByteCount: header.originalByteCount,
          nanoseconds: header.timestamp.nanoseconds))
    }
    mutating func idle() {}
  }
  private func ours(_ path: String) -> (packets: [LibpcapReader.Packet], error: CaptureError?) {
    let file = unsafe open(path, O_RDONLY)
    defer { close(file) }
    var reader = CaptureReader(fileDescriptor: file)
    var sink = Collector()
    do throws(CaptureError) { try reader.read(into: &sink) } catch { return (sink.packets, error) }
    return (sink.packets, nil)
  }

  /// Why the two may differ.
  private enum Reason: String, Comparable {
    /// libpcap takes both numbers of a time as signed, the format's document as unsigned.
    case signedTimes = "signed times"
    /// libpcap cuts packets to the snap length of the file's header, also where the record holds more.
    case snapLength = "snap length"
    /// libpcap refuses interfaces that have not the link type and snap length of the first.
    case interfaces = "interfaces differ"

    static func < (a: Reason, b: Reason) -> Bool { a.rawValue < b.rawValue }
  }
  /// Why the two differ: reasons that `Reason` knows, or else what differs, in a few words. Empty where they agree.
  private func difference(_ path: String, _ theirs: LibpcapReader.Reading) -> String {
    let (packets, error) = ours(path)
    var reasons: Set<Reason> = []
    for (index, (our, their)) in zip(packets, theirs.packets).enumerated() {
      if our.octets != their.octets {
        guard our.octets.starts(with: their.octets) else { return "frame \(index + 1): other octets" }
        reasons.insert(.snapLength)
      }
      if our.originalByteCount != their.originalByteCount {
        return "frame \(index + 1): length \(our.originalByteCount), libpcap \(their.originalByteCount)"
      }
      if our.nanoseconds != their.nanoseconds {
        guard isWrapped(our.nanoseconds - their.nanoseconds) else {
          return "frame \(index + 1): time \(our.nanoseconds), libpcap \(their.nanoseconds)"
        }
        reasons.insert(.signedTimes)
      }
    }
    if theirs.complaint?.contains("different from the") == true, theirs.packets.count <= packets.count {
      reasons.insert(.interfaces)
    } else if packets.count != theirs.packets.count || (error == nil) != (theirs.complaint == nil) {
      return "\(packets.count) packets (\(error.map { "\($0)" } ?? "no error")), libpcap \(theirs.packets.count) "
        + "(\(theirs.complaint ?? "no error"))"
    }
    return reasons.sorted().map(\.rawValue).joined(separator: ", ")
  }
  /// Whether 2³² seconds, 2³² units of the fraction, or both make the difference.
  private func isWrapped(_ nanoseconds: Int64) -> Bool {
    let wrap: Int64 = 1 << 32
    return [wrap, wrap * 1_000].contains { fraction in
      [fraction, wrap * 1_000_000_000, fraction + wrap * 1_000_000_000].contains(nanoseconds)
    }
  }

  @Test func whatLibpcapReadsWeReadAsItDoes() throws {
    let listed = Dictionary(
      try List.rows(of: "libpcap.txt").map { ($0[0], $0.dropFirst().joined(separator: " | ")) },
      uniquingKeysWith: { first, _ in first })
    var (compared, onlyOurs) = (0, 0)
    var found: [String] = []
    let folder = Corpus.folder.path
    let files = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
    for file in files {
      let path = folder + "/" + file
      guard try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeRegular else {
        continue
      }
      guard let theirs = try? LibpcapReader.read(path: path) else {
        if !ours(path).packets.isEmpty { onlyOurs += 1 }
        continue
      }
      compared += 1
      let difference = difference(path, theirs)
      if !difference.isEmpty { found.append("\(file) | \(difference)") }
      #expect(difference == listed[file] ?? "", "\(file)")
    }
    #expect(Set(listed.keys).isSubset(of: files), "libpcap.txt lists files that are not there")
    print("libpcap: \(compared) captures compared, \(onlyOurs) that only we read")
    if environment("RECORD_GOLDENS") == "1" { try List.record(found, as: "libpcap.txt") }
    #expect(compared == 831)
    #expect(onlyOurs == 18)
  }
}
