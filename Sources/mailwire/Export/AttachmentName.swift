import Dialogues

/// What a part may be called as a file: what its sender asks for, as far as that acts on nothing.
enum AttachmentName {
  /// Octets of a name, well below the 255 that file systems take, so that a number finds room.
  private static let byteCount = 120
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
    var count = 0
    for scalar in last {
      // Neither hidden, nor taken for an option.
      if safe.isEmpty, scalar == "." || scalar == " " || scalar == "-" { continue }
      let kept: Unicode.Scalar = Unprintable.contains(scalar) || foreign.contains(scalar) ? "_" : scalar
      count += UTF8.width(kept)
      if count > byteCount { break }
      safe.append(kept)
    }
    while let scalar = safe.last, scalar == "." || scalar == " " { safe.removeLast() }
    if safe.isEmpty { return ("part-\(number)", endings[contentType] ?? ".bin") }
    let dot = safe.lastIndex(of: ".") ?? safe.endIndex
    let stem = String(safe[..<dot])
    let isDevice = devices.contains(stem.prefix { $0 != "." }.lowercased())
    return ((isDevice ? "_" : "") + stem, String(safe[dot...]))
  }
}
