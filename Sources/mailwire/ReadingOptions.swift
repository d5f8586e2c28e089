import ArgumentParser
import Capture
import Console
import Dialogues
import Glibc
import Lessons
import Packets
import Streams

/// The arguments of every command that reads captures, as tshark and tcpdump spell them, and the reading itself.
struct ReadingOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The capture; - for standard input.", valueName: "file"), completion: .file())
  var files: [String] = []
  @Option(
    name: [.customShort("r"), .customLong("read-file")],
    help: ArgumentHelp("The capture, as tshark and tcpdump spell it.", valueName: "file"), completion: .file())
  var readFile: String?
  @Option(name: [.customShort("f"), .long], help: "Only packets that pass this BPF filter.") var filter: String?
  @Option(name: [.customShort("c"), .long], help: "Stop after this many packets.") var count: UInt32?
  @Option(
    name: [.customShort("d"), .customLong("decode-as")], help: "Force a protocol on a port: tcp.port==2525,smtp.")
  var decodeAs: [String] = []
  @OptionGroup var keyLog: KeyLogOptions
  @Flag(help: "Verify every TCP checksum, and leave out segments whose checksum is wrong.") var checksums = false
  @Option(
    help: ArgumentHelp(
      "Of octets that came twice with different content, which count: \(OverlapPolicy.names).", valueName: "policy"),
    transform: OverlapPolicy.named)
  var overlap = OverlapPolicy.first
  @Flag(name: .customLong("mask-passwords"), help: "Show no password in any form.") var maskPasswords = false
  @Option(
    help: ArgumentHelp(
      "1: all on one thread; 2: files are read and decompressed on a second one, where there are two processors.",
      valueName: "number"))
  var threads = 2
  @Flag(name: .shortAndLong, help: "No remarks on standard error.") var quiet = false
  // What fingers type that know tcpdump and tshark.
  @Flag(name: [.customShort("n"), .customLong("no-resolve")], help: "Look up no names, as it is anyway.")
  var noNames = false
  @Flag(
    name: [.customShort("l"), .customLong("line-buffered")], help: "Every line at once, as it is while packets arrive.")
  var lineBuffered = false

  mutating func validate() throws {
    if let readFile { files.insert(readFile, at: 0) }
    if files.isEmpty { throw ValidationError("a capture is needed: FILE, or - for standard input") }
    if count == 0 { throw ValidationError("-c 0 leaves no packet to read") }
    guard (1...2).contains(threads) else { throw ValidationError("--threads takes 1 or 2") }
    _ = try DecodeRule.parse(decodeAs)
  }
  /// What these arguments ask of an analysis.
  func dissection() throws -> DissectionOptions {
    var options = DissectionOptions()
    options.masksPasswords = maskPasswords
    options.forced = try DecodeRule.parse(decodeAs)
    options.checksums = checksums ? .enforced : .sampled
    options.overlapPolicy = overlap
    return options
  }

  /// Hands every capture, opened, to `body`, which returns the exit status that it asks for; throws the highest. Those
  /// that cannot be opened are said to be so, and told to `refused`.
  func eachCapture(
    to output: StandardOutput, whenInterrupted: String = "what was found until then is shown",
    refused: (CaptureInput.Refusal) -> Void = { _ in }, _ body: (CaptureInput) -> Int32
  ) throws {
    HeapPages.preferLarge()
    signal(SIGPIPE, SIG_IGN)
    Interruption.install()
    var status: Int32 = 0
    for file in files {
      switch CaptureInput.open(file) {
      case .success(let input):
        status = max(status, body(input))
        input.close()
      case .failure(let refusal):
        if !Interruption.isRequested {
          Terminal.complain(refusal.text)
          refused(refusal)
        }
        status = 2
      }
      if Interruption.isRequested { break }
    }
    output.flush()
    if Interruption.isRequested {
      Terminal.complain("interrupted: \(whenInterrupted)")
      throw ExitCode(130)
    }
    if status != 0 { throw ExitCode(status) }
  }
  /// Reads a capture to its end or its damage, while a bar shows how far it is.
  func read(
    _ input: CaptureInput, into analysis: some PacketAnalysis, _ output: StandardOutput
  ) -> (byteCount: UInt64, damage: CaptureError?) {
    var reader = CaptureReader(
      fileDescriptor: input.descriptor, readsAhead: threads > 1 && sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1)
    if let count { reader.packetLimit = count }
    reader.isInterrupted = { Interruption.isRequested }
    let bar = ProgressBar(file: input.descriptor, isQuiet: quiet)
    reader.progress = {
      output.flushWhenDue()
      bar.advance($0)
    }
    output.willWrite = { bar.erase() }
    var damage: CaptureError?
    do throws(CaptureError) { try analysis.read(&reader) } catch { damage = error }
    bar.erase()
    // Where it is damaged is known to the octet; the reader itself counts in pieces as it reads them.
    return (damage?.offset ?? reader.byteCount, damage)
  }
}

extension OverlapPolicy {
  static let names = allCases.map(\.rawValue).joined(separator: ", ")

  static func named(_ name: String) throws -> OverlapPolicy {
    guard let policy = OverlapPolicy(rawValue: name) else { throw ValidationError("it is one of \(names)") }
    return policy
  }
}
