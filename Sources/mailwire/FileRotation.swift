import Glibc

/// `-b`: a capture into one file after the other, of which the last ones are kept, as dumpcap does it.
///
///     -w mail.pcapng -b filesize:100000 -b files:10      mail_00001_20261127134502.pcapng, mail_00002_…
struct FileRotation: Equatable {
  /// Octets that a file holds at most, unless a single packet takes more.
  private var byteCount: Int?
  /// How much time a file holds at most.
  private var nanoseconds: Int64?
  private var packetCount: Int?
  /// How many files are kept; all of them when nil.
  private(set) var fileCount: Int?

  /// Why the options cannot be kept, in a line for the user.
  struct Refusal: Error, Equatable { var text: String }

  /// Nil when there are none.
  init?(_ options: [String]) throws(Refusal) {
    if options.isEmpty { return nil }
    for option in options {
      let pieces = option.split(separator: ":", maxSplits: 1).map(String.init)
      guard pieces.count == 2, let number = Int(pieces[1]), (1...1_000_000_000).contains(number) else {
        throw Self.refusal(option)
      }
      switch pieces[0] {
      // Units of 1,000 octets, as dumpcap counts.
      case "filesize": byteCount = number * 1_000
      case "duration": nanoseconds = Int64(number) * 1_000_000_000
      case "packets": packetCount = number
      case "files": fileCount = number
      default: throw Self.refusal(option)
      }
    }
    if byteCount == nil, nanoseconds == nil, packetCount == nil {
      throw Refusal(text: "-b files:N wants -b filesize:KB, duration:SECONDS or packets:N beside it")
    }
  }
  private static func refusal(_ option: String) -> Refusal {
    Refusal(text: "-b wants filesize:KB, duration:SECONDS, packets:N or files:N, not '\(option)'")
  }
  /// What a file holds so far.
  struct Content {
    var byteCount = 0
    var packetCount = 0
    /// When its first packet came, in nanoseconds since 1970.
    var firstNanoseconds: Int64 = 0
  }
  /// Whether a packet of `byteCount` octets, which came at `nanoseconds`, belongs into the next file.
  func isFull(_ content: Content, byteCount packet: Int, at nanoseconds: Int64) -> Bool {
    guard content.packetCount > 0 else { return false }
    if let byteCount, content.byteCount + packet > byteCount { return true }
    if let packetCount, content.packetCount >= packetCount { return true }
    return self.nanoseconds.map { nanoseconds - content.firstNanoseconds >= $0 } ?? false
  }
  /// `mail_00002_20261127134502.pcapng`: what `path` becomes for the file with this number, begun at this time.
  static func name(_ path: String, number: Int, second: Int) -> String {
    var time = time_t(second)
    var local = unsafe tm()
    unsafe localtime_r(&time, &local)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let year = unsafe padded(Int(local.tm_year) + 1_900, 4)
    let rest = unsafe [local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec]
    let stem = "_\(padded(number, 5))_\(year)" + rest.map { padded(Int($0), 2) }.joined()
    // A dot in a folder's name begins no ending.
    let folder = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[folder...].lastIndex(of: "."), dot > folder else { return path + stem }
    return path[..<dot] + stem + path[dot...]
  }
}
