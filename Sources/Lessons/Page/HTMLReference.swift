/// Where the standards say so, with links to them: `RFC 5321 §3.1, RFC 9293 §3.5`.
enum HTMLReference {
  static func linked(_ text: String) -> String {
    var page = ""
    var rest = Printable.line(text)[...]
    while let match = rest.firstMatch(
      of: /RFC ([0-9]{1,5})(?![0-9])(?: §([0-9]{1,3}(?:\.[0-9]{1,3})*)| appendix ([A-Z]))?/)
    {
      page += HTML.escaped(String(rest[..<match.range.lowerBound]))
      var place = "https://www.rfc-editor.org/rfc/rfc\(match.output.1)"
      if let section = match.output.2 { place += "#section-\(section)" }
      if let appendix = match.output.3 { place += "#appendix-\(appendix)" }
      page += "<a href=\"\(place)\">\(HTML.escaped(String(match.output.0)))</a>"
      rest = rest[match.range.upperBound...]
    }
    return page + HTML.escaped(String(rest))
  }
}
