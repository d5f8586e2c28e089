import ArgumentParser
import Capture
import Console
import Dialogues
import Glibc
import Lessons
import Packets

/// `mailwire capture -i lo`: the dialogue as it happens, and the answers when it ends.
struct CaptureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Capture live: the dialogue line by line as it is spoken, the answers at its end.",
    discussion: """
      Captures on an interface (which needs permission: mailwire interfaces tells how), or stands as a proxy between a \
      client and a server, which needs none. Packets are kept with -w, as pcapng with nanoseconds.

      EXAMPLES:
        mailwire capture -i lo                      everything on loopback
        mailwire capture -i eth0 --mail-ports       only mail's and webmail's ports
        mailwire capture -i lo port 25              a filter, as tcpdump takes it
        mailwire capture -i any -f 'tcp port 2525' -d tcp.port==2525,smtp
        mailwire capture -i lo -w mail.pcapng -a duration:60
        mailwire capture -i eth0 -q -w mail.pcapng -b filesize:100000 -b files:10    the last gigabyte, in ten files
        mailwire capture -i lo -q -w - | mailwire follow -
        mailwire capture --proxy 127.0.0.1:2525=127.0.0.1:25 -w mail.pcapng
        mailwire capture -i lo --key-log keys.txt   with SSLKEYLOGFILE=keys.txt curl …: what is said inside TLS

      Ctrl-C ends the capture, as it ends tcpdump's: what was found is shown, and the status is 0. So do SIGTERM and, \
      unless it is ignored, SIGHUP.

      EXIT STATUS: 0 done; 2 unusable arguments, interface or file; 3 no permission to capture.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, ndjson }

  @Option(name: .shortAndLong, help: "The interface; any for all. mailwire interfaces lists them.") var interface:
    String?
  @Option(
    help: ArgumentHelp(
      "Listen, pass on to a server and capture what passes: 127.0.0.1:2525=SERVER:25. Needs no permission.",
      valueName: "listen=target")) var proxy: [String] = []
  @Option(
    name: [.customShort("w"), .customLong("write")],
    help: ArgumentHelp("Keep the packets, as pcapng; - for standard output (with -q).", valueName: "file"),
    completion: .file(extensions: ["pcapng"]))
  var writeFile: String?
  @Option(
    name: [.customShort("b"), .customLong("ring-buffer")],
    help: ArgumentHelp(
      "With -w: the next file after filesize:KB, duration:SECONDS or packets:N; files:N keeps the last ones.",
      valueName: "limit")) var ringBuffer: [String] = []
  @Option(name: [.customShort("f"), .long], help: "Only packets that pass this BPF filter.") var filter: String?
  @Argument(help: "The BPF filter, word by word: port 25 and host 192.0.2.1.") var expression: [String] = []
  @Flag(name: .customLong("mail-ports"), help: "Only the TCP ports that are usual for mail and webmail.")
  var mailPorts = false
  @Option(name: [.customShort("c"), .long], help: "Stop after this many packets.") var count: UInt64?
  @Option(name: [.customShort("a"), .long], help: "Stop after so many seconds: duration:60.") var autostop: String?
  @Option(
    name: [.customShort("s"), .customLong("snapshot-length")], help: "Take at most this many octets of a packet.")
  var snapLength: Int = PacketLimits.capturedByteCount
  @Option(
    name: [.customShort("d"), .customLong("decode-as")], help: "Force a protocol on a port: tcp.port==2525,smtp.")
  var decodeAs: [String] = []
  @OptionGroup var keyLog: KeyLogOptions
  @Option(help: "text, or ndjson: one conversation a line as it ends.") var format: Format = .text
  @Flag(name: .customLong("tcp"), help: "Show what TCP does, too: SYN, FIN, RST, repetitions.") var showsTransport =
    false
  @Flag(help: "Long lines, every header field of HTTP and the beginning of each message.") var full = false
  @Flag(name: .customLong("mask-passwords"), help: "Show no password in any form (-w keeps the packets as they are).")
  var maskPasswords = false
  @Flag(name: .shortAndLong, help: "Nothing on standard output but -w -; no remarks.") var quiet = false
  @Flag(name: [.customShort("l"), .customLong("line-buffered")], help: "Every line at once, as it is done anyway.")
  var lineBuffered = false
  @Flag(name: [.customShort("n"), .customLong("no-resolve")], help: "Look up no names, as it is anyway.")
  var noNames = false

  mutating func validate() throws {
    _ = try DecodeRule.parse(decodeAs)
    _ = try seconds()
    if !expression.isEmpty {
      if filter != nil { throw ValidationError("the filter stands behind -f or at the end, not at both places") }
      filter = expression.joined(separator: " ")
    }
    // A variable of a script that is empty: everything, as tcpdump takes it.
    if filter?.isEmpty == true { filter = nil }
    if let rotation = try rotation(), writeFile == nil || writeFile == "-" {
      throw ValidationError("-b makes \(rotation.fileCount.map { "\($0) files" } ?? "files") of what -w FILE names")
    }
    if writeFile == "-", !quiet { throw ValidationError("-w - wants -q: standard output cannot carry both") }
    if quiet, writeFile == nil { throw ValidationError("-q without -w would do nothing") }
    if interface == nil, proxy.isEmpty {
      throw ValidationError("an interface is needed: -i lo (mailwire interfaces lists them), or --proxy")
    }
    if !proxy.isEmpty, interface != nil || filter != nil || mailPorts {
      throw ValidationError("--proxy captures what it passes on; -i, -f and --mail-ports have no place beside it")
    }
    _ = try proxyRules()
    if count == 0 { throw ValidationError("-c 0 leaves no packet to capture") }
    // As tcpdump and tshark have it: 0 is all of a packet.
    if snapLength == 0 { snapLength = PacketLimits.capturedByteCount }
    if snapLength < 64 { throw ValidationError("-s \(snapLength) leaves nothing of a packet to read") }
  }
  private func rotation() throws -> FileRotation? {
    do throws(FileRotation.Refusal) { return try FileRotation(ringBuffer) } catch { throw ValidationError(error.text) }
  }
  private func proxyRules() throws -> [ProxyRule] {
    try proxy.map { text in
      guard let rule = ProxyRule(text) else {
        throw ValidationError("--proxy wants LISTEN=TARGET like 127.0.0.1:2525=127.0.0.1:25, not '\(text)'")
      }
      return rule
    }
  }
  private func seconds() throws -> Double? {
    guard let autostop else { return nil }
    guard autostop.hasPrefix("duration:"), let seconds = Double(autostop.dropFirst(9)), seconds > 0, seconds < 1e9
    else {
      throw ValidationError("-a wants duration:SECONDS, not '\(autostop)'")
    }
    return seconds
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    // A file at the shell's limit (ulimit -f) is one that cannot be written.
    signal(SIGXFSZ, SIG_IGN)
    Interruption.install()
    let output = StandardOutput()
    if proxy.isEmpty { try captureInterface(output) } else { try captureProxied(output) }
  }
  private func captureInterface(_ output: StandardOutput) throws {
    let name = interface ?? ""
    var settings = LiveCapture.Settings(interface: name)
    settings.filter = MailPorts.filter(filter, mailPorts: mailPorts)
    settings.snapLength = min(snapLength, PacketLimits.capturedByteCount)
    settings.packetLimit = count ?? UInt64.max
    settings.seconds = try seconds()
    let capture: LiveCapture
    do throws(LiveCaptureError) { capture = try LiveCapture(settings) } catch { throw refusal(error) }
    let file = try openFile(
      PCAPNGWriter.Interface(
        linkType: capture.linkType, snapLength: UInt32(settings.snapLength), name: name, filter: settings.filter))
    let pipeline = LivePipeline(analysis: try analysis(output), file: file, output: output)
    remark("capturing on \(Printable.line(name)); Ctrl-C ends")
    var failure: LiveCaptureError?
    do throws(LiveCaptureError) {
      try capture.run(into: pipeline) { Interruption.isRequested || pipeline.failure != nil }
    } catch { failure = error }
    try conclude(pipeline, capture.statistics(), failure)
  }
  private func captureProxied(_ output: StandardOutput) throws {
    let rules = try proxyRules()
    let capture: CaptureProxy
    do throws(LiveCaptureError) { capture = try CaptureProxy(rules) } catch {
      Terminal.complain("--proxy \(Printable.line(error.description))")
      throw ExitCode(2)
    }
    capture.packetLimit = count ?? UInt64.max
    capture.seconds = try seconds()
    capture.snapLength = min(snapLength, PacketLimits.capturedByteCount)
    capture.remark = { remark(Printable.line($0)) }
    let file = try openFile(
      PCAPNGWriter.Interface(
        linkType: capture.linkType, snapLength: UInt32(capture.snapLength), name: "proxy",
        description: "Packets synthesised by mailwire from what passed through its proxy"),
      comments: [
        "Synthesised: mailwire stood as a proxy between clients and servers (\(proxy.joined(separator: ", "))) and made "
          + "these packets of what it passed on. Addresses, octets and times are real, and so is who ended a connection "
          + "and how; sequence numbers, the handshakes' packets and acknowledgements are made up."
      ])
    let pipeline = LivePipeline(analysis: try analysis(output), file: file, output: output)
    for (rule, port) in zip(rules, capture.ports) {
      var listen = rule.listen
      listen.port = port
      remark("listening on \(Printable.line("\(listen) for \(rule.target)")); Ctrl-C ends")
    }
    var failure: LiveCaptureError?
    do throws(LiveCaptureError) {
      try capture.run(into: pipeline) { Interruption.isRequested || pipeline.failure != nil }
    } catch { failure = error }
    try conclude(pipeline, capture.statistics(), failure)
  }

  // MARK: Pieces

  /// What looks at the packets; nil when nobody asks for it.
  private func analysis(_ output: StandardOutput) throws -> (any PacketAnalysis)? {
    if quiet { return nil }
    var options = DissectionOptions()
    options.masksPasswords = maskPasswords
    options.exchanges = format == .text
    options.forced = try DecodeRule.parse(decodeAs)
    let keys = try keyLog.open(mayCome: true)
    if format == .ndjson {
      return Analysis(options, sink: NDJSONReport(name: "", questions: [], output: output), keys: keys?.reader())
    }
    let ladder = LadderRenderer(
      LadderRenderer.Look(
        width: output.columns, usesColor: output.usesColor, isFull: full, showsTransport: showsTransport))
    return NarratedAnalysis(
      options, sink: LiveReport(ladder, questions: LessonQuestions.all, output: output), keys: keys?.reader())
  }
  private func openFile(_ interface: PCAPNGWriter.Interface, comments: [String] = []) throws -> PacketFile? {
    guard let writeFile else { return nil }
    let section = PCAPNGWriter.Section(application: Release.generator, comments: comments)
    let rotation = try rotation()
    do throws(OutputFile.Failure) {
      return try PacketFile(writeFile, section, interface, rotation: rotation) {
        remark("writing \(Printable.line($0))")
      }
    } catch {
      Terminal.complain(Printable.line(error.text))
      throw ExitCode(2)
    }
  }
  private func refusal(_ error: LiveCaptureError) -> ExitCode {
    switch error {
    case .filter(let reason):
      Terminal.complain("-f: \(reason)")
      return ExitCode(2)
    case .noPermission(let interface):
      Terminal.complain(
        "\(Printable.line(error.description))\n" + PermissionRemedy.lines(interface: interface).joined(separator: "\n"))
      return ExitCode(3)
    case .noSuchInterface, .interfaceDown, .failed:
      Terminal.complain("\(Printable.line(error.description)) (mailwire interfaces lists what there is)")
      return ExitCode(2)
    }
  }
  private func remark(_ text: String) { if !quiet { Terminal.complain(text) } }

  /// The last line on standard error, which -q leaves in place: whether packets were lost matters to everybody.
  private func conclude(
    _ pipeline: LivePipeline, _ statistics: LiveStatistics, _ failure: LiveCaptureError?
  ) throws {
    let summary = pipeline.finish(statistics)
    let packets = "\(statistics.deliveredCount) packet\(statistics.deliveredCount == 1 ? "" : "s") captured"
    var pieces = [packets, "\(statistics.droppedCount) dropped by the system"]
    if statistics.interfaceDropCount > 0 { pieces.append("\(statistics.interfaceDropCount) dropped by the interface") }
    if let summary {
      pieces.append("\(summary.connections) TCP connection\(summary.connections == 1 ? "" : "s")")
      pieces.append("\(summary.counts.total) of mail")
    }
    Terminal.complain(pieces.joined(separator: " · "))
    if let failure { throw refusal(failure) }
    if let failure = pipeline.failure, !failure.isClosedPipe {
      Terminal.complain(Printable.line(failure.text))
      throw ExitCode(2)
    }
  }
}
