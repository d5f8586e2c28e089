/// Gradescope's export names folders by number; who they are stands in `submission_metadata.yml` beside them:
///
///     submission_123:
///       :submitters:
///       - :name: Ada Lovelace
///         :sid: ada
enum GradescopeSubmitters {
  /// The student's id, else the name, by the folder.
  static func read(_ text: String) -> [String: String] {
    var submitters: [String: String] = [:]
    var folder: String?
    for line in text.split(whereSeparator: \.isNewline) {
      if !line.hasPrefix(" "), line.hasSuffix(":") {
        folder = String(line.dropLast())
      } else if let folder, submitters[folder] == nil || line.contains(":sid:") {
        for key in [":sid:", ":name:"] {
          guard let place = line.firstRange(of: key) else { continue }
          let value = line[place.upperBound...].trimmingBlanks.filter { $0 != "\"" && $0 != "'" }
          if !value.isEmpty { submitters[folder] = value }
        }
      }
    }
    return submitters
  }
}
