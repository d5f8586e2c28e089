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
  /// A file in memory that every input is laid into, and one for what is made of it.
  private static let file = memory("input")
  private static let copy = memory("copy")

  private static func memory(_ purpose: String) -> CInt {
    let name = "/mailwire-fuzz-\(getpid())-\(purpose)"
    let file = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    unsafe shm_unlink(name)
    return file
  }

  static func run(_ octets: [UInt8]) {
    guard let bits = octets.last else { return }
    let byteCount = octets.count - 1
    ftruncate(file, 0)
    let written = unsafe octets.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress, byteCount, 0) }
    guard written == byteCount else { return }
    let (frameCount, damage) = readNotes(file)
    if bits & 3 == 0 { checkCopy(frameCount, damage) }
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
  /// Reads a capture for what it says besides its packets; returns how many these are, and where it is damaged.
  private static func readNotes(_ file: CInt) -> (frameCount: Int, damage: CaptureError?) {
    lseek(file, 0, SEEK_SET)
    var reader = CaptureReader(fileDescriptor: file)
    var checks = NoteChecks()
    var damage: CaptureError?
    do throws(CaptureError) { try reader.read(into: &checks) } catch { damage = error }
    return (Int(reader.frame), damage)
  }
  /// Written anew with comments, a capture has the packets that it had before its damage, and none after.
  private static func checkCopy(_ frameCount: Int, _ damage: CaptureError?) {
    lseek(file, 0, SEEK_SET)
    ftruncate(copy, 0)
    lseek(copy, 0, SEEK_SET)
    var reader = CaptureReader(fileDescriptor: file)
    var copied = CopiedPackets()
    do throws(CaptureError) {
      try reader.copy(
        commenting: { $0 & 1 == 0 ? ["a comment"] : [] }, section: PCAPNGWriter.Section(),
        until: damage?.offset ?? .max, counting: &copied,
        to: { octets in _ = unsafe octets.withUnsafeBytes { unsafe write(copy, $0.baseAddress, $0.count) } })
    } catch { precondition(damage != nil, "a copy is damaged: \(error)") }
    precondition(copied.count == frameCount, "\(frameCount) packets, \(copied.count) of them copied")
    if frameCount == 0 { return }
    let (copiedCount, copysDamage) = readNotes(copy)
    precondition(
      copysDamage == nil && copiedCount == frameCount, "\(copiedCount) packets: \(String(describing: copysDamage))")
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
