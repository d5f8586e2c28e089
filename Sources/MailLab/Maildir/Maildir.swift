internal import MailSystem
internal import Synchronization

/// One folder of mail on disk: `tmp/` for what is being written, `new/` for what nobody has seen, `cur/` for the rest.
/// A message is a file; it is written in `tmp/` and gets its name in another when all of it is on disk, so that nobody
/// ever sees a part of one.
struct Maildir: Equatable, Sendable {
  enum Place: String, Sendable { case new, cur }
  /// A message that lies there.
  struct File: Equatable, Sendable {
    var place: Place
    var name: MaildirName
    var path: String { "\(place.rawValue)/\(name.text)" }
  }
  let path: String

  private static let counter = Atomic(0)

  func make() throws(DiskError) {
    for name in ["tmp", "new", "cur"] { try Disk.makeFolder("\(path)/\(name)") }
  }
  var exists: Bool { Disk.status("\(path)/cur")?.isFolder == true && Disk.status("\(path)/new")?.isFolder == true }

  /// Writes a message; it is on disk, but its name may not be until `synchronize`. With `letters` it counts as seen by
  /// somebody. `host` tells whose delivery it is.
  func write(
    _ octets: [UInt8], letters: String?, seconds: Int64, host: String
  ) throws(DiskError) -> File {
    // As this system writes text, where no octet is lost by it.
    let text = LineEnds.local(octets) ?? octets
    let counter = Self.counter.add(1, ordering: .relaxed).newValue
    let key = MaildirName.makeKey(host: host, file: text.count, message: octets.count, counter: counter)
    let temporary = "\(path)/tmp/\(key)"
    try Disk.write(text, to: temporary, modified: seconds)
    let file = File(place: letters == nil ? .new : .cur, name: MaildirName(key: key, letters: letters))
    do throws(DiskError) {
      try Disk.rename(temporary, to: "\(path)/\(file.path)")
    } catch {
      try? Disk.remove(temporary)
      throw error
    }
    return file
  }
  /// Gives a message of another folder a place here, too.
  func link(
    _ file: File, of source: Maildir, byteCounts: (file: Int, message: Int), letters: String, host: String
  ) throws(DiskError) -> File {
    let counter = Self.counter.add(1, ordering: .relaxed).newValue
    let key = MaildirName.makeKey(
      host: host, file: byteCounts.file, message: byteCounts.message, counter: counter)
    let copy = File(place: .cur, name: MaildirName(key: key, letters: letters))
    try Disk.link("\(source.path)/\(file.path)", as: "\(path)/\(copy.path)")
    return copy
  }
  /// Waits until the names of its messages are on disk.
  func synchronize() throws(DiskError) {
    try Disk.synchronize(folder: "\(path)/new")
    try Disk.synchronize(folder: "\(path)/cur")
  }
  /// The message with CRLF at the ends of lines.
  func read(_ file: File) throws(DiskError) -> [UInt8] {
    let octets = try Disk.read("\(path)/\(file.path)")
    if let counts = file.name.byteCounts, counts.file == counts.message { return octets }
    return LineEnds.canonical(octets)
  }
  /// Renames a file to what tells its flags.
  func setLetters(_ letters: String, of file: File) throws(DiskError) -> File {
    let renamed = File(place: .cur, name: MaildirName(key: file.name.key, letters: letters))
    if renamed != file { try Disk.rename("\(path)/\(file.path)", to: "\(path)/\(renamed.path)") }
    return renamed
  }
  func remove(_ file: File) throws(DiskError) { try Disk.remove("\(path)/\(file.path)") }

  /// Every message, in no order.
  func files() throws(DiskError) -> [File] {
    var files: [File] = []
    for place in [Place.new, .cur] {
      for name in try Disk.names(in: "\(path)/\(place.rawValue)") where name.first != "." {
        files.append(File(place: place, name: MaildirName(name)))
      }
    }
    return files
  }
  /// What changes whenever a message comes, goes or gets another name.
  var stamp: [Disk.Status?] { [Disk.status("\(path)/new"), Disk.status("\(path)/cur")] }

  /// Removes what was being written when a program ended, and has lain there for a day and a half.
  func removeRemains(before seconds: Int64) {
    for name in (try? Disk.names(in: "\(path)/tmp")) ?? [] {
      let file = "\(path)/tmp/\(name)"
      // What cannot be removed does no harm there.
      if let status = Disk.status(file), status.modified < seconds - 129_600 { try? Disk.remove(file) }
    }
  }
}
