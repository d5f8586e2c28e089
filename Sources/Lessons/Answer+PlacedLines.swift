internal import Bytes

extension Answer {
  /// The lines with the evidence of each where it is seen best: a login's lines share that of its whole exchange. What came
  /// in several pieces is a line each.
  package var placedLines: [Line] {
    guard question.name == "credentials" else { return lines }
    var login = Login()
    return lines.indices.flatMap { index in
      let line = lines[index]
      if line.label == "mechanism" { login = Login(lines[index...]) }
      var placed = line
      placed.evidence = login.place(line)
      return placed.label == "on the wire" ? Self.pieces(placed) : [placed]
    }
  }
  /// One login of the answer: its lines tell which of the client's lines brought what.
  private struct Login {
    var mechanism = ""
    /// What stood on the wire, line by line, where it was encoded.
    var encoded: [Substring] = []
    /// The user name is the last of LOGIN's answers: a server may ask for the password first.
    var isNameLast = false

    init() {}
    /// The lines begin with the mechanism's.
    init(_ lines: ArraySlice<Line>) {
      mechanism = lines.first?.text ?? ""
      let lines = lines.dropFirst().prefix { $0.label != "mechanism" }
      encoded =
        lines.first { $0.label == "on the wire" }?.text.split(separator: "\n", omittingEmptySubsequences: false) ?? []
      guard mechanism == "LOGIN", encoded.count > 1, let name = lines.first(where: { $0.label == "user name" }) else {
        return
      }
      let wanted = String(decoding: Base64.encode(Array(name.text.utf8).span), as: UTF8.self)
      isNameLast = encoded[encoded.count - 1] == wanted && encoded[encoded.count - 2] != wanted
    }
    /// Of the client's lines (their octets are told) the first names the mechanism, the last ones bring what proves who the
    /// user is; the last frame is the reply's.
    func place(_ line: Line) -> Evidence {
      let said = line.evidence.lines
      guard said.count > 0 else { return line.evidence }
      switch line.label {
      case "mechanism": return Answer.evidence(said.prefix(1))
      case "user name":
        if let found = lineHolding(line.text, said) { return found }
        // What proves it comes after the name, or together with it.
        let comesBefore =
          mechanism == "LOGIN" && !isNameLast || mechanism == "USER/PASS" || mechanism.hasPrefix("SCRAM-")
        return Answer.evidence(said.dropLast(comesBefore && said.count > 1 ? 1 : 0).suffix(1))
      case "password", "token":
        return lineHolding(line.text, said) ?? Answer.evidence(said.dropLast(isNameLast ? 1 : 0).suffix(1))
      case "on the wire": return Answer.evidence(said.suffix(line.text.utf8.count { $0 == 10 } + 1))
      case "result":
        var evidence = Evidence()
        evidence.frames = line.evidence.frames.suffix(1)
        return evidence
      default: return line.evidence
      }
    }
    /// The first answer that says `text` among other things; behind it may come others that say nothing of it (RFC 5802 §3,
    /// RFC 7628 §3.2.3). LOGIN's answers say one thing each.
    private func lineHolding(_ text: String, _ said: [[[Int]]]) -> Evidence? {
      guard mechanism != "LOGIN", !text.isEmpty, encoded.count <= said.count else { return nil }
      let index = encoded.firstIndex { answer in
        String(decoding: Base64.decodeLenient(Array(answer.utf8).span), as: UTF8.self).contains(text)
      }
      return index.map { index in
        let place = said.count - encoded.count + index
        return Answer.evidence(said[place...place])
      }
    }
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
  fileprivate static func evidence(_ lines: ArraySlice<[[Int]]>) -> Evidence {
    var evidence = Evidence()
    evidence.bytes = lines.flatMap(\.self)
    if lines.contains(where: { $0.count > 1 }) { evidence.pieces = lines.map(\.count) }
    evidence.frames = Evidence.once(evidence.bytes.compactMap(\.first))
    return evidence
  }
}
