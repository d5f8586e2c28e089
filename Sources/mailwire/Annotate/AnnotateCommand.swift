import ArgumentParser
import Bytes
import Capture
import Console
import Dialogues
import Glibc
import Lessons
import Packets

/// `mailwire annotate FILE -w OUT.pcapng`: the same packets, those that answer a question with a comment that says so.
struct AnnotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotate", abstract: "Write a capture with the answers as comments on its packets, for Wireshark.",
    discussion: """
      Every packet that answers one of the lesson's questions gets a comment with the question and the answer; Wireshark \
      shows it above the packet's details, and lists all of them with the display filter frame.comment. Packets, names, \
      secrets, and comments that were there before stay as they are. A capture in another format is written as pcapng.

      The capture is read twice, so that of standard input a copy is kept until the end.

      EXAMPLES:
        mailwire annotate smtp.pcapng -w answers.pcapng
        mailwire annotate big.pcap.gz -f 'host 192.0.2.1' -w - | wireshark -k -i -
        mailwire annotate smtp.pcapng --questions own.json -w answers.pcapng

      EXIT STATUS: 0 done; 2 unusable arguments or input (what could be read is written); 130 interrupted.
      """)

  @OptionGroup var reading: ReadingOptions
  @Option(
    name: [.customShort("w"), .customLong("write")],
    help: ArgumentHelp("The pcapng file to write; - for standard output.", valueName: "file"),
    completion: .file(extensions: ["pcapng"]))
  var writeFile: String
  @OptionGroup var own: QuestionOptions

  mutating func validate() throws {
    if reading.files.count > 1 { throw ValidationError("one capture at a time is annotated") }
    if writeFile.isEmpty { throw ValidationError("-w needs the name of a file, or -") }
    if writeFile == "-", isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("-w - would write a capture to the terminal; it wants a file or a pipe")
    }
  }
  func run() throws {
    let options = try reading.dissection()
    let keys = try reading.keyLog.open()
    let packetFilter = try CaptureInput.filter(reading.filter)
    let questions = try LessonQuestions.all + own.asked()
    let output = StandardOutput()
    try reading.eachCapture(to: output, whenInterrupted: "the capture was not written, or not to its end") { input in
      do throws(CaptureInput.Refusal) {
        return annotate(try input.rereadable(), options, packetFilter, keys, questions, output)
      } catch {
        if !Interruption.isRequested { Terminal.complain(error.text) }
        return 2
      }
    }
  }
  /// Reads the capture for its answers, then again to write it with them; returns the exit status.
  private func annotate(
    _ input: CaptureInput, _ options: DissectionOptions, _ packetFilter: PacketFilter?, _ keys: KeyLogFile?,
    _ questions: [Question], _ output: StandardOutput
  ) -> Int32 {
    if isSameFile(input) {
      Terminal.complain("\(Printable.line(writeFile)): that is the capture itself, which stays as it is")
      return 2
    }
    let start = lseek(input.descriptor, 0, SEEK_CUR)
    let book = CommentBook()
    let analysis = Analysis(
      options, predicate: packetFilter, sink: CommentReport(questions, book), keys: keys?.reader())
    var (_, damage) = reading.read(input, into: analysis, output)
    let summary = analysis.finish()
    if Interruption.isRequested { return 0 }
    if summary.packets.packets > 0 {
      book.sort()
      lseek(input.descriptor, start, SEEK_SET)
      do throws(OutputFile.Failure) { damage = try write(input, book, until: damage, output) } catch {
        // Who read along and has gone knows what was enough.
        if error.isClosedPipe { return 0 }
        Terminal.complain(Printable.line(error.text))
        return 2
      }
    }
    return input.conclude(summary, damage, remarksThatThereIsNoMail: !reading.quiet)
  }
  /// Whether the file to write is the one that is read.
  private func isSameFile(_ input: CaptureInput) -> Bool {
    var (read, written) = (stat(), stat())
    guard writeFile != "-", unsafe fstat(input.descriptor, &read) == 0, unsafe stat(writeFile, &written) == 0 else {
      return false
    }
    return read.st_dev == written.st_dev && read.st_ino == written.st_ino
  }
  /// Writes the capture with its comments, and says how many; returns why it could not be read to its end, if that is so.
  private func write(
    _ input: CaptureInput, _ book: CommentBook, until damage: CaptureError?, _ output: StandardOutput
  ) throws(OutputFile.Failure) -> CaptureError? {
    let file = try OutputFile(writeFile)
    defer { file.close() }
    var reader = CaptureReader(fileDescriptor: input.descriptor)
    if let count = reading.count { reader.packetLimit = count }
    reader.isInterrupted = { Interruption.isRequested }
    let bar = ProgressBar(file: input.descriptor, isQuiet: reading.quiet)
    reader.progress = { bar.advance($0) }
    var copied = CopiedPackets()
    var damage = damage
    do throws(CaptureError) {
      try reader.copy(
        commenting: { book.comments(on: $0) }, section: PCAPNGWriter.Section(application: Release.generator),
        until: damage?.offset ?? .max, counting: &copied, to: { file.write($0) })
    } catch {
      // Where it is damaged is known already, unless it has become so since.
      damage = damage ?? error
    }
    bar.erase()
    if let failure = file.failure { throw failure }
    if reading.quiet { return damage }
    if writeFile != "-" {
      output.write(
        "\(Printable.line(writeFile)): \(copied.count) packet\(copied.count == 1 ? "" : "s"), "
          + "\(copied.commentedCount) with comments\n")
      output.flush()
    }
    if copied.roomlessCount > 0 {
      Terminal.complain("\(copied.roomlessCount) simple packet blocks have no room for the comments on them")
    }
    return damage
  }
}

/// Notes every conversation's answers as it ends.
private final class CommentReport: ConversationSink {
  private let questions: [Question]
  private let book: CommentBook

  init(_ questions: [Question], _ book: CommentBook) {
    self.questions = questions
    self.book = book
  }
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard let fact = try? FactParser.parse(conversation) else { return }
    book.note(questions.compactMap { $0.answer(from: fact) }, of: fact)
  }
  func idle() {}
}
