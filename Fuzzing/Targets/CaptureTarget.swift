import Dialogues
import Glibc
import Packets
import Streams

/// The input is a capture file with an octet of options behind it: reader, decoder, reassembly, dissection, transcript.
///
/// Bits of the options: 0–2 the overlap policy, 3–4 which checksums are verified, 5 every irregularity is told,
/// 6 passwords are masked, 7 the exchanges are left out. The last octet of a file has them, because the first ones tell
/// the file's format.
enum CaptureTarget {
  /// A file in memory that every input is laid into.
  private static let file: CInt = {
    let name = "/mailwire-fuzz-\(getpid())"
    let file = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    unsafe shm_unlink(name)
    return file
  }()

  static func run(_ octets: [UInt8]) {
    guard let bits = octets.last else { return }
    let byteCount = octets.count - 1
    ftruncate(file, 0)
    let written = unsafe octets.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress, byteCount, 0) }
    guard written == byteCount else { return }
    let frameCount = readNotes(byteCount)
    let transcripts = Transcripts()
    let analysis = Analysis(options(bits), sink: transcripts)
    lseek(file, 0, SEEK_SET)
    var reader = CaptureReader(fileDescriptor: file)
    do throws(CaptureError) { try analysis.read(&reader) } catch { check(error, byteCount, octets) }
    let summary = analysis.finish()
    precondition(
      summary.packets.packets == frameCount && Int(reader.frame) == frameCount,
      "\(summary.packets.packets) packets, then \(frameCount)")
    transcripts.check()
    let told = bits & 32 != 0 ? summary.irregularities.met.reduce(0) { $0 + $1.count } : 0
    precondition(transcripts.remarkCount == told, "\(transcripts.remarkCount) irregularities told of \(told)")
  }
  /// Reads the file for what it says besides its packets; returns how many these are.
  private static func readNotes(_ byteCount: Int) -> Int {
    lseek(file, 0, SEEK_SET)
    var reader = CaptureReader(fileDescriptor: file)
    var checks = NoteChecks()
    do throws(CaptureError) { try reader.read(into: &checks) } catch { _ = error.description }
    return Int(reader.frame)
  }
  private static func options(_ bits: UInt8) -> DissectionOptions {
    var options = DissectionOptions()
    options.overlapPolicy = OverlapPolicy.allCases[Int(bits & 7) % OverlapPolicy.allCases.count]
    options.checksums = [.sampled, .enforced, .ignored, .enforced][Int(bits >> 3 & 3)]
    options.listsRemarks = bits & 32 != 0
    options.masksPasswords = bits & 64 != 0
    options.exchanges = bits & 128 == 0
    return options
  }
  /// An error says where, and that is within the file, unless the file is compressed.
  private static func check(_ error: CaptureError, _ byteCount: Int, _ octets: [UInt8]) {
    precondition(!error.description.isEmpty, "an error without a reason")
    if octets.starts(with: [0x1F, 0x8B]) { return }
    switch error {
    case .damaged(let offset, _), .truncated(let offset, _, _):
      precondition(offset <= UInt64(byteCount), "damage at \(offset) of \(byteCount)")
    default: break
    }
  }
}
