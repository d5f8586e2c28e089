import Dialogues
import Glibc
import Packets

/// The input is a capture file, whole: reader, decoder, reassembly, dissection, transcript.
enum CaptureTarget {
  /// A file in memory that every input is laid into.
  private static let file: CInt = {
    let name = "/mailwire-fuzz-\(getpid())"
    let file = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    unsafe shm_unlink(name)
    return file
  }()

  static func run(_ octets: [UInt8]) {
    ftruncate(file, 0)
    let written = unsafe octets.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress, $0.count, 0) }
    guard written == octets.count else { return }
    lseek(file, 0, SEEK_SET)
    let transcripts = Transcripts()
    let analysis = Analysis(DissectionOptions(), sink: transcripts)
    var reader = CaptureReader(fileDescriptor: file)
    do throws(CaptureError) { try analysis.read(&reader) } catch { _ = error.description }
    _ = analysis.finish()
    transcripts.check()
  }
}
