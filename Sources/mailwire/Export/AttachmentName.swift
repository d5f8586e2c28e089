import Dialogues

/// What a part may be called as a file: what its sender asks for, as far as that acts on nothing.
enum AttachmentName {
  /// Octets of a name, well below the 255 that file systems take, so that a number finds room.
  private static let byteCount = 120
  /// Octets of an ending, dot included; what is longer tells no program what the file is.
  private static let endingByteCount = 20
  /// Signs that are a path, a stream or a pattern somewhere.
  private static let foreign: Set<Unicode.Scalar> = ["/", "\\", ":", "*", "?", "\"", "<", ">", "|"]
  /// Devices, with any ending, where Windows reads the folder.
  private static let devices: Set<String> = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
  ]
  private static let endings = [
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "image/png": ".png",
    "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf", "application/zip": ".zip",
    "message/rfc822": ".eml",
  ]

  /// The name and its ending, dot included; the `number`th part of its message has a name of its own when it asks for
  /// none that is any use.
  static func safe(_ name: String?, contentType: String = "", number: Int) -> (stem: String, ending: String) {
    var safe = String.UnicodeScalarView()
    let last = name?.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last ?? Substring().unicodeScalars[...]
    for scalar in last {
      // Neither hidden, nor taken for an option.
      if safe.isEmpty, scalar == "." || scalar == " " || scalar == "-" { continue }
      safe.append(Unprintable.contains(scalar) || foreign.contains(scalar) ? "_" : scalar)
    }
    trimEnd(of: &safe)
    if safe.isEmpty { return ("part-\(number)", endings[contentType] ?? ".bin") }
    var dot = safe.lastIndex(of: ".") ?? safe.endIndex
    if String(safe[dot...]).utf8.count > endingByteCount { dot = safe.endIndex }
    let ending = String(safe[dot...])
    let stem = cut(safe[..<dot], to: byteCount - ending.utf8.count)
    let isDevice = devices.contains(stem.prefix { $0 != "." }.lowercased())
    return ((isDevice ? "_" : "") + stem, ending)
  }
  /// As much of a name as `byteCount` octets hold.
  private static func cut(_ name: Substring.UnicodeScalarView, to byteCount: Int) -> String {
    var kept = String.UnicodeScalarView()
    var count = 0
    for scalar in name {
      count += UTF8.width(scalar)
      if count > byteCount {
        trimEnd(of: &kept)
        break
      }
      kept.append(scalar)
    }
    return String(kept)
  }
  /// Dots and blanks at the end are dropped by some file systems.
  private static func trimEnd(of name: inout String.UnicodeScalarView) {
    while let scalar = name.last, scalar == "." || scalar == " " { name.removeLast() }
  }
}
