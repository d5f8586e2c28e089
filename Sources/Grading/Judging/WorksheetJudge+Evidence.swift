internal import Lessons

/// Whether what an answer cites shows it. Frames that are cited and frames that a filter finds are judged alike: each of them
/// has to show it.
extension WorksheetJudge {
  /// What is wrong with the evidence; nil when it is right.
  func evidenceFault(_ text: String, _ key: AnswerKey, _ table: inout FrameTable?) -> String? {
    let right = Set(AnswerKey.frames(key.evidence))
    switch CitedEvidence(text) {
    case .nothing: return "no frame is cited."
    case .unreadable: return "it names no frame. Write it as in 'frame 7'."
    case .frames(let frames): return fault(of: frames, right)
    case .octets(let places):
      if let fault = fault(of: places.map(\.frame), right) { return fault }
      return places.lazy.compactMap { fault(of: $0, key) }.first
    case .filter(let spelled):
      guard let filter = DisplayFilter(spelled) else {
        return "the grader does not understand this filter. Cite the frame, as in 'frame 7'."
      }
      let frames = table ?? FrameTable(facts)
      table = frames
      return fault(ofFilter: filter.frames(in: frames), right)
    }
  }
  private func fault(of frames: [Int], _ right: Set<Int>) -> String? {
    let wrong = frames.filter { !right.contains($0) }
    if wrong.isEmpty { return nil }
    let exist = wrong.filter { (1...max(1, facts.packets.count)).contains($0) }
    if exist.isEmpty { return "the capture has only \(facts.packets.count) frames." }
    return "\(Self.named(exist)) show it" + (wrong.count < frames.count ? ", though another one does." : ".")
  }
  private func fault(of place: CitedEvidence.Octets, _ key: AnswerKey) -> String? {
    let ranges = key.evidence.bytes.filter { $0.count == 3 && $0[0] == place.frame }
    if ranges.isEmpty || ranges.contains(where: { place.range.overlaps($0[1]...max($0[1], $0[1] + $0[2] - 1)) }) {
      return nil
    }
    let octets = "\(place.range.lowerBound)–\(place.range.upperBound)"
    return "frame \(place.frame) is right, and its octets \(octets) are something else."
  }
  private func fault(ofFilter found: [Int], _ right: Set<Int>) -> String? {
    if found.isEmpty { return "the filter finds no frame." }
    let wrong = found.filter { !right.contains($0) }
    if wrong.isEmpty { return nil }
    if wrong.count == found.count { return "the filter does not find the frame that shows it." }
    let others = wrong.count == 1 ? "another frame that does" : "\(wrong.count) other frames that do"
    return
      "the filter finds the frame that shows it, and \(others) not. Narrow it with '&&', or cite the frame, as in 'frame 7'."
  }
  /// `frame 3 does not`, `frames 3, 4 do not`
  private static func named(_ frames: [Int]) -> String {
    let shown = 4
    let list = frames.prefix(shown).map(String.init).joined(separator: ", ") + (frames.count > shown ? ", …" : "")
    return frames.count == 1 ? "frame \(list) does not" : "frames \(list) do not"
  }
}
