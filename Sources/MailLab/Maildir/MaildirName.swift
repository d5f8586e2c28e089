internal import Bytes
internal import Glibc
internal import MailSystem

/// A message's file name in a Maildir, as its inventor describes it and Dovecot extends it: a key that is unique, the
/// size on disk (`S=`) and with CRLF at the ends of lines (`W=`); behind `:2,` a letter for each flag.
///
///     1763948377.M204311P9142Q3.mail.example.org,S=1842,W=1889:2,FS
struct MaildirName: Equatable, Sendable {
  /// All before `:2,`; never changes.
  var key: String
  /// The letters behind it; nil where there are none, as in `new/`.
  var letters: String?

  init(key: String, letters: String? = nil) {
    self.key = key
    self.letters = letters
  }
  init(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else {
      self.init(key: text)
      return
    }
    let information = text[text.index(after: colon)...]
    self.init(key: String(text[..<colon]), letters: information.hasPrefix("2,") ? String(information.dropFirst(2)) : "")
  }
  var text: String { letters.map { "\(key):2,\($0)" } ?? key }
  /// What stands behind `S=` or `W=`. Looked for in octets, since it is asked for with every message that is read.
  private func number(_ name: UInt8) -> Int? {
    var rest = key.utf8[...]
    while let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
      rest = rest[rest.index(after: comma)...]
      guard rest.first == name, rest.dropFirst().first == UInt8(ascii: "=") else { continue }
      return Int(Substring(rest.dropFirst(2).prefix { $0 != UInt8(ascii: ",") }))
    }
    return nil
  }
  /// The octets of the file, and those with CRLF at the ends of lines, if the name tells.
  var byteCounts: (file: Int, message: Int)? {
    guard let file = number(UInt8(ascii: "S")), let message = number(UInt8(ascii: "W")) else { return nil }
    return (file, message)
  }

  /// A key that no other delivery on this machine gets.
  static func makeKey(host: String, file: Int, message: Int, counter: Int) -> String {
    let time = LabClock.now.nanoseconds
    let (second, microsecond) = (time / 1_000_000_000, time % 1_000_000_000 / 1_000)
    return "\(second).M\(microsecond)P\(getpid())Q\(counter).\(host),S=\(file),W=\(message)"
  }
}

/// The letters of a folder's flags: the five that everybody knows, and `a` to `z` for the keywords that the folder's
/// file `dovecot-keywords` names.
struct MaildirFlags: Equatable, Sendable {
  static let fileName = "dovecot-keywords"
  private static let system: [(letter: Character, flag: String)] = [
    ("D", "\\Draft"), ("F", "\\Flagged"), ("R", "\\Answered"), ("S", "\\Seen"), ("T", "\\Deleted"),
  ]
  private static let keywordLetters = Array("abcdefghijklmnopqrstuvwxyz")
  /// By letter.
  private(set) var keywords: [String] = []

  /// `0 $Forwarded` on a line for each.
  init(_ text: String = "") {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let index = Int(parts[0]), index == keywords.count, index < Self.keywordLetters.count
      else { continue }
      keywords.append(String(parts[1]))
    }
  }
  var text: String { keywords.enumerated().map { "\($0.offset) \($0.element)\n" }.joined() }

  func flags(_ letters: String?) -> MessageFlags {
    var flags = MessageFlags()
    for letter in letters ?? "" {
      if let system = Self.system.first(where: { $0.letter == letter }) {
        flags.insert(system.flag)
      } else if let index = Self.keywordLetters.firstIndex(of: letter), index < keywords.count {
        flags.insert(keywords[index])
      }
    }
    return flags
  }
  /// The letters for flags, in the order that other programs expect; keywords get a letter while there are any. Those
  /// without one are known to the index alone.
  mutating func letters(_ flags: MessageFlags) -> String {
    var letters = Self.system.filter { flags.contains($0.flag) }.map(\.letter)
    for name in flags.names where !name.hasPrefix("\\") {
      let known = keywords.firstIndex { $0.lowercased() == name.lowercased() }
      if known == nil, keywords.count < Self.keywordLetters.count { keywords.append(name) }
      guard let index = known ?? keywords.firstIndex(of: name) else { continue }
      letters.append(Self.keywordLetters[index])
    }
    return String(letters.sorted())
  }
}
