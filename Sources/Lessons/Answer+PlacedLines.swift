internal import Bytes

extension Answer {
  /// The lines with the evidence of each where it is seen best: a login's lines share that of its whole exchange. What came
  /// in several pieces is a line each.
  package var placedLines: [Line] {
    guard question.name == "credentials" else { return lines }
    var mechanism = ""
    var isNameLast = false
    return lines.indices.flatMap { index in
      let line = lines[index]
      if line.label == "mechanism" {
        mechanism = line.text
        isNameLast = mechanism == "LOGIN" && Self.saysNameLast(lines[(index + 1)...])
      }
      var placed = line
      placed.evidence = Self.place(line, mechanism, isNameLast: isNameLast)
      return placed.label == "on the wire" ? Self.pieces(placed) : [placed]
    }
  }
  /// Whether the user name is the last of a login's answers: a server may ask for the password first. The lines begin behind
  /// the mechanism's.
  private static func saysNameLast(_ lines: ArraySlice<Line>) -> Bool {
    let login = lines.prefix { $0.label != "mechanism" }
    guard let name = login.first(where: { $0.label == "user name" }),
      let answers = login.first(where: { $0.label == "on the wire" })?.text.split(separator: "\n"), answers.count > 1
    else { return false }
    let encoded = String(decoding: Base64.encode(Array(name.text.utf8).span), as: UTF8.self)
    return answers[answers.count - 1] == encoded && answers[answers.count - 2] != encoded
  }
  private static func pieces(_ line: Line) -> [Line] {
    let texts = line.text.split(separator: "\n", omittingEmptySubsequences: false)
    let said = line.evidence.lines
    guard texts.count == said.count else { return [line] }
    return texts.indices.map { index in
      var piece = line
      piece.text = String(texts[index])
      piece.evidence = evidence(said[index...index])
      return piece
    }
  }
  /// Of the client's lines (their octets are told) the first names the mechanism, the last ones bring what proves who the
  /// user is; the last frame is the reply's.
  private static func place(_ line: Line, _ mechanism: String, isNameLast: Bool) -> Evidence {
    let said = line.evidence.lines
    guard said.count > 0 else { return line.evidence }
    switch line.label {
    case "mechanism": return evidence(said.prefix(1))
    case "user name":
      // What proves it comes after the name, or together with it.
      let comesBefore =
        mechanism == "LOGIN" && !isNameLast || mechanism == "USER/PASS" || mechanism.hasPrefix("SCRAM-")
      return evidence(said.dropLast(comesBefore && said.count > 1 ? 1 : 0).suffix(1))
    case "password", "token": return evidence(said.dropLast(isNameLast ? 1 : 0).suffix(1))
    case "on the wire": return evidence(said.suffix(line.text.utf8.count { $0 == 10 } + 1))
    case "result":
      var evidence = Evidence()
      evidence.frames = line.evidence.frames.suffix(1)
      return evidence
    default: return line.evidence
    }
  }
  private static func evidence(_ lines: ArraySlice<[[Int]]>) -> Evidence {
    var evidence = Evidence()
    evidence.bytes = lines.flatMap(\.self)
    if lines.contains(where: { $0.count > 1 }) { evidence.pieces = lines.map(\.count) }
    evidence.frames = Evidence.once(evidence.bytes.compactMap(\.first))
    return evidence
  }
}
