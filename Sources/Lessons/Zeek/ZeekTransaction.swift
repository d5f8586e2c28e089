/// One line of Zeek's `smtp.log` while it is put together: a mail transaction, and what the header of its message says.
struct ZeekTransaction: Sendable {
  /// When the first thing of it was heard, in seconds since 1970 as the transcript spells them.
  var time: String
  /// Which message of the connection it is, from 1.
  var depth: Int
  var helo: String?
  var mailFrom: String?
  var recipients: ZeekSet?
  var lastReply: String?
  var isProtected = false
  /// Whether there is anything to log: MAIL, RCPT, STARTTLS, or a message.
  var isActive = false
  /// Through which hosts the message came: the two of this connection, then those of its Received fields.
  var path: [String]
  private var values: [String: String] = [:]
  private var to: ZeekSet?
  private var cc: ZeekSet?
  private var originatingAddress: String?
  private var received: [String] = []

  init(time: String, depth: Int, helo: String?, path: [String]) {
    self.time = time
    self.depth = depth
    self.helo = helo
    self.path = path
  }

  /// Takes a field of the message's own header; of several with one name the last counts.
  mutating func hear(field name: String, _ value: String) {
    switch name {
    case "MESSAGE-ID", "IN-REPLY-TO", "SUBJECT", "FROM", "REPLY-TO", "DATE": values[name] = value
    case "X-MAILER", "USER-AGENT", "X-USER-AGENT": values["USER-AGENT"] = value
    case "TO": ZeekAddresses.parted(value).forEach { Self.insert($0, into: &to) }
    case "CC": ZeekAddresses.parted(value).forEach { Self.insert($0, into: &cc) }
    case "X-ORIGINATING-IP":
      if let address = ZeekHosts.addresses(in: value, areWrapped: false).first { originatingAddress = address }
    case "RECEIVED": hear(received: value)
    default: break
    }
  }
  /// Received fields stand with the latest first; Zeek logs the last of them as the first, and the one above it.
  private mutating func hear(received value: String) {
    received = received.suffix(1) + [value]
    let addresses = ZeekHosts.addresses(in: value, areWrapped: true)
    // `from name ([192.0.2.1]) by name ([192.0.2.2])` or, of more, the second, as Zeek takes it.
    guard let address = addresses.count > 1 ? addresses[1] : addresses.first else { return }
    if path.last != address, path.count < ZeekSet.limit { path.append(address) }
  }
  static func insert(_ element: String, into set: inout ZeekSet?) {
    var grown = set ?? ZeekSet()
    grown.insert(element)
    set = grown
  }

  /// The values in the order of `ZeekLog.fields`.
  func values(of connection: ZeekConnection) -> [ZeekLog.Value] {
    [
      .plain(Self.microseconds(time)), .plain(connection.uid), .plain(connection.client), .plain(connection.clientPort),
      .plain(connection.server), .plain(connection.serverPort), .plain(String(depth)), .init(helo), .init(mailFrom),
      .init(recipients?.elements), .init(values["DATE"]), .init(values["FROM"]), .init(to?.elements),
      .init(cc?.elements), .init(values["REPLY-TO"]), .init(values["MESSAGE-ID"]), .init(values["IN-REPLY-TO"]),
      .init(values["SUBJECT"]), originatingAddress.map { .plain($0) } ?? .unset, .init(received.last),
      .init(received.count > 1 ? received.first : nil), .init(lastReply), .list(path), .init(values["USER-AGENT"]),
      .boolean(isProtected),
    ]
  }
  /// Seconds with six digits behind the point, as Zeek writes a time; further ones are rounded.
  static func microseconds(_ time: String) -> String {
    let pieces = time.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let digits = pieces.count > 1 ? String(pieces[1]) : ""
    guard let seconds = Int(pieces[0]), var fraction = Int(padded(String(digits.prefix(6)))) else { return "0.000000" }
    var whole = seconds
    if let next = digits.dropFirst(6).first, next >= "5" { fraction += 1 }
    if fraction == 1_000_000 {
      fraction = 0
      whole += 1
    }
    let shown = String(fraction)
    return "\(whole).\(String(repeating: "0", count: 6 - shown.count))\(shown)"
  }
  private static func padded(_ digits: String) -> String { digits + String(repeating: "0", count: 6 - digits.count) }
}
