import Bytes
import Console
import Dialogues
import Glibc
import Lessons
import MailProtocols
import Packets

/// Writes the messages of a capture to files as they pass, and says of each what it is called.
final class MessageExport: MessageTap, ConversationSink {
  /// What is made of the messages.
  enum Form: String { case eml, mbox, maildir }
  struct Choice {
    var form: Form
    var attachments: Bool
    /// Also what is a piece of a message only.
    var pieces: Bool
    /// These connections, by their `tcp.stream`; all when there is none.
    var streams: Set<UInt32>
  }
  /// A message on its way to its file.
  private final class Underway {
    let head: MessageHead
    let name: String
    let file: GrowingFile
    var text: MailboxText?
    var attachments: [Attachment] = []
    var folder: ExportFolder?
    var partCount = 0

    init(_ head: MessageHead, _ name: String, _ file: GrowingFile, _ text: MailboxText?) {
      self.head = head
      self.name = name
      self.file = file
      self.text = text
    }
  }
  private final class Attachment {
    let file: GrowingFile
    let contentType: String
    var decoder: PartDecoder

    init(_ part: PartHead, _ file: GrowingFile) {
      self.file = file
      contentType = part.contentType
      decoder = part.decoder
    }
  }

  private let choice: Choice
  private let folder: ExportFolder
  private let mailbox: GrowingFile?
  private let maildir: (arriving: ExportFolder, new: ExportFolder)?
  private let list: ExportList
  private let output: StandardOutput
  private let budget = GrowingFile.Budget()
  /// By their numbers.
  private var underway: [Underway?] = []
  private(set) var messageCount = 0
  private(set) var attachmentCount = 0
  private(set) var incompleteCount = 0
  private(set) var pieceCount = 0

  init(_ choice: Choice, to folder: ExportFolder, list: ExportList, _ output: StandardOutput) throws(ExportFailure) {
    self.choice = choice
    self.folder = folder
    self.list = list
    self.output = output
    mailbox = choice.form == .mbox ? GrowingFile("messages", ending: ".mbox", in: folder, budget) : nil
    if choice.form == .maildir {
      _ = try folder.subfolder("cur")
      maildir = (try folder.subfolder("tmp"), try folder.subfolder("new"))
    } else {
      maildir = nil
    }
  }

  func begin(_ message: Int, _ head: MessageHead) {
    while underway.count <= message { underway.append(nil) }
    guard choice.streams.isEmpty || choice.streams.contains(head.streamNumber) else { return }
    if head.isSection, !choice.pieces {
      pieceCount += 1
      return
    }
    let name = "stream\(head.streamNumber)-message\(head.ordinal)"
    // A mail program takes no file for a message while it is being written.
    let (place, wanted, ending): (ExportFolder, String, String) =
      switch choice.form {
      case .eml: (folder, name, ".eml")
      case .mbox: (folder, ".\(name)", ".part")
      case .maildir: (maildir?.arriving ?? folder, "\(head.timestamp.nanoseconds / 1_000_000_000).\(name)", ".mailwire")
      }
    underway[message] = Underway(
      head, name, GrowingFile(wanted, ending: ending, in: place, budget),
      choice.form == .eml ? nil : MailboxText(quotesFrom: choice.form == .mbox))
  }
  func receive(_ octets: Span<UInt8>, of message: Int) {
    guard let current = underway[message] else { return }
    attempt { () throws(ExportFailure) in
      try current.file.write { writer in
        if current.text != nil { current.text?.append(octets, to: &writer) } else { writer.append(octets) }
      }
    }
  }
  func beginPart(_ part: PartHead, of message: Int) -> Bool {
    guard let current = underway[message] else { return false }
    current.partCount += 1
    guard choice.attachments, part.isAttachment else { return false }
    attempt { () throws(ExportFailure) in
      let place = if let made = current.folder { made } else { try folder.folder(current.name) }
      current.folder = place
      let name = AttachmentName.safe(part.name, contentType: part.contentType, number: current.partCount)
      current.attachments.append(
        Attachment(part, GrowingFile(name.stem, ending: name.ending, in: place, budget)))
    }
    return true
  }
  func receive(part octets: Span<UInt8>, of message: Int) {
    guard let part = underway[message]?.attachments.last else { return }
    attempt { () throws(ExportFailure) in try part.file.write { part.decoder.decode(octets, into: &$0) } }
  }
  func endPart(boundaryByteCount: Int, of message: Int) {
    guard let part = underway[message]?.attachments.last else { return }
    attempt { () throws(ExportFailure) in
      try part.file.write { part.decoder.finish(boundaryByteCount: boundaryByteCount, into: &$0) }
      try part.file.close()
    }
  }
  func end(_ message: Int, _ tail: MessageTail) {
    guard let current = underway[message] else { return }
    underway[message] = nil
    attempt { () throws(ExportFailure) in
      let name = try keep(current)
      messageCount += 1
      attachmentCount += current.attachments.count
      if !tail.isComplete { incompleteCount += 1 }
      list.add(
        ExportList.Entry(
          file: name, head: current.head, tail: tail,
          attachments: current.attachments.map { attachment in
            ExportList.Entry.Part(
              file: "\(current.folder?.path ?? "")/\(attachment.file.name ?? "")", contentType: attachment.contentType,
              byteCount: attachment.file.byteCount)
          }))
    }
  }
  /// Brings a message to where it stays; returns the path of its file.
  private func keep(_ message: Underway) throws(ExportFailure) -> String {
    try message.file.write { message.text?.finish(to: &$0) }
    if let mailbox {
      try mailbox.write {
        $0.append("From MAILER-DAEMON ")
        $0.append(
          string: MessageDate(secondsSinceEpoch: message.head.timestamp.nanoseconds / 1_000_000_000).encodeForMailbox())
        $0.append("\n")
      }
      try message.file.pour(into: mailbox)
      try mailbox.write { $0.append("\n") }
      // What it is called is known once it is there.
      let name = if let known = mailbox.name { known } else { try mailbox.flush() }
      return "\(folder.path)/\(name)"
    }
    let name = try message.file.flush()
    guard let maildir else { return "\(folder.path)/\(name)" }
    let kept = try maildir.arriving.move(
      name, to: maildir.new, as: message.file.wantedName, ending: message.file.ending)
    return "\(maildir.new.path)/\(kept)"
  }
  /// The capture is over.
  func finish() {
    attempt { () throws(ExportFailure) in
      if let mailbox, messageCount > 0 { try mailbox.flush() }
    }
  }

  /// Says on standard error what the list does not.
  func remark(on name: String) {
    func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
    var pieces = [counted(messageCount, "message")]
    if attachmentCount > 0 { pieces.append(counted(attachmentCount, "attachment")) }
    if incompleteCount > 0 { pieces.append("\(incompleteCount) not captured whole") }
    if pieceCount > 0 {
      pieces.append("\(counted(pieceCount, "piece")) of messages left out (--pieces writes them)")
    }
    Terminal.complain("\(Printable.line(name)): " + pieces.joined(separator: ", "))
  }

  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {}
  func idle() { output.flush() }

  private func attempt(_ body: () throws(ExportFailure) -> Void) { ExportFailure.orEnd(output, body) }
}
