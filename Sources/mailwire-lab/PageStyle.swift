import Glibc

/// A page of Markdown as a terminal shows it: in colour, where a person looks and has not asked for none (no-color.org).
enum PageStyle {
  static func forTerminal(_ page: String) -> String {
    let refusesColor = unsafe getenv("NO_COLOR") != nil
    return isatty(STDOUT_FILENO) == 1 && !refusesColor ? styled(page) : page
  }
  static func styled(_ page: String) -> String {
    page.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("#") { return "\u{1B}[1;36m\(line.drop { $0 == "#" || $0 == " " })\u{1B}[0m" }
      if line.hasPrefix("> ") { return "\u{1B}[2m  \(line.dropFirst(2))\u{1B}[0m" }
      return bold(String(line))
    }.joined(separator: "\n")
  }
  /// `**frames 1–3**`
  private static func bold(_ line: String) -> String {
    let pieces = line.split(separator: "**", omittingEmptySubsequences: false)
    guard pieces.count == 3 else { return line }
    return "\(pieces[0])\u{1B}[1m\(pieces[1])\u{1B}[0m\(pieces[2])"
  }
}
