internal import Bytes
internal import MailProtocols

extension MailboxSnapshot {
  /// Looks at every folder of an account that holds something, INBOX in any case.
  package static func take(_ account: String, user: String, machine: String, of store: some MailStore)
    -> MailboxSnapshot
  {
    let folders = store.folders(of: account).map { folder in
      Folder(
        name: folder.name,
        messages: store.messages(in: folder.id).map { message in
          Message(
            summary: MessageSummary(store.octets(of: message.uid, in: folder.id) ?? []), flags: message.flags.names)
        })
    }
    return MailboxSnapshot(
      machine: machine, user: user, folders: folders.filter { $0.name == FolderName.inbox || !$0.messages.isEmpty })
  }
}

extension QueueSnapshot {
  package init(machine: String, _ queue: MailQueue) {
    self.machine = machine
    entries = queue.entries.map { entry in
      Entry(
        recipients: entry.envelope.recipients.map(\.path.text), attemptCount: entry.attemptCount,
        lastReply: entry.lastReplies.compactMap { $0?.text }.last)
    }
  }
}

extension MessageSummary {
  /// Reads the header of a message.
  package init(_ octets: [UInt8]) {
    var values: [String: String] = [:]
    var start = 0
    var last: String?
    while start < octets.count {
      let end = octets.span.firstOffset(of: ASCII.lineFeed, from: start) ?? octets.count
      let line = octets.span.extracting(start..<end)
      start = end + 1
      if line.isEmpty || line.count == 1 && line[0] == ASCII.carriageReturn { break }
      if ASCII.isBlank(line[0]) {
        // A folded field goes on.
        if let last { values[last, default: ""] += " " + Self.trimmed(line) }
        continue
      }
      guard let field = HeaderField.parse(line) else { continue }
      let name = line.extracting(line.bounds(field.name)).text().lowercased()
      last = values[name] == nil ? name : nil
      if last != nil { values[name] = Self.trimmed(line.extracting(line.bounds(field.value))) }
    }
    subject = EncodedWord.decode(Array((values["subject"] ?? "(no subject)").utf8).span)
    from = values["from"] ?? ""
    let id = (values["message-id"] ?? "").filter { !"<> ".contains($0) }
    messageID = id.isEmpty ? subject : id
    byteCount = octets.count
  }
  /// The text of a line without its end.
  private static func trimmed(_ line: Span<UInt8>) -> String {
    let whole = line.trimmed(OctetRange(0, line.count))
    let text = line.extracting(line.bounds(whole)).text()
    return String(text.prefix { $0 != "\r" && $0 != "\r\n" && $0 != "\n" })
  }
}
