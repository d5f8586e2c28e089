/// The frame of a page: what stands before and behind its parts. It needs nothing but itself, runs no program, and asks
/// nothing of the network; that it could not if it wanted to, its policy says to the browser.
///
/// The page is HTML, and as XML it is well-formed, so that any tool may check it.
package enum HTMLPage {
  /// Nothing may be loaded, run or sent; the page's own style is known by its digest, another has no effect.
  static let policy =
    "default-src 'none'; style-src 'sha256-\(HTMLStyle.digest)'; base-uri 'none'; form-action 'none'"

  /// The beginning; `program` is named as what made it.
  package static func beginning(title: String, program: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="\(policy)"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta name="referrer" content="no-referrer"/>
    <meta name="generator" content="\(HTML.escaped(program))"/>
    <title>\(HTML.escaped(title))</title>
    <style>\(HTMLStyle.sheet)</style>
    </head>
    <body>
    <header>
    <p class="kind">E-mail on the wire</p>
    <h1>\(HTML.escaped(title))</h1>
    </header>
    <main>

    """
  }
  /// The end; `notices` are said before it, such as that the capture was not read to its end.
  package static func end(notices: [String]) -> String {
    notices.map { notice($0) }.joined() + "</main>\n</body>\n</html>\n"
  }
  /// The beginning of what is said of one capture; with a heading where there are several.
  package static func sectionBeginning(heading: String?) -> String {
    guard let heading else { return "<section class=\"capture\" aria-label=\"Capture\">\n" }
    let shown = HTML.escaped(heading)
    return "<section class=\"capture\" aria-label=\"\(shown)\">\n<h2>\(shown)</h2>\n"
  }
  package static let sectionEnd = "</section>\n"

  /// Where the table of contents stands at the end: of many conversations it is known only then.
  package static func contentsLater(anchor: String) -> String {
    "<p class=\"later\"><a href=\"#\(anchor)\">The table of contents</a> stands at the end.</p>\n"
  }
  /// What is wrong with the capture, or with the reading of it.
  package static func notice(_ text: String) -> String {
    "<p class=\"notice\" role=\"note\">\(HTML.escaped(text))</p>\n"
  }
  /// What is said of a whole capture, a paragraph each.
  package static func summary(_ lines: [String], level: Int) -> String {
    if lines.isEmpty { return "" }
    let paragraphs = lines.map { "<p>\(HTML.escaped($0))</p>\n" }.joined()
    return "<section class=\"summary\">\n<h\(level)>Summary</h\(level)>\n\(paragraphs)</section>\n"
  }
}
