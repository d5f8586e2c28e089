import Dialogues
import Packets

/// What is said of a capture's irregularities to a person.
enum Irregularities {
  /// A few sentences under the summary; none when all was well.
  static func sentences(_ summary: AnalysisSummary) -> [String] {
    var sentences: [String] = []
    let met = summary.irregularities.met.filter { !$0.irregularity.isCommon && $0.irregularity != .checksumWrong }
    if !met.isEmpty {
      let kinds = met.map { "\($0.count) \($0.irregularity.name)" }.joined(separator: ", ")
      sentences.append("irregular: \(kinds) (--anomalies lists them)")
    }
    return sentences + checksums(summary.packets)
  }
  private static func checksums(_ packets: PacketTally) -> [String] {
    let (verified, wrong) = (packets.verifiedChecksums, packets.wrongChecksums)
    var sentences: [String] = []
    if wrong * 2 > verified {
      sentences.append(
        "\(wrong) of \(verified) verified TCP checksums are wrong: most likely the capture was made on a sending machine "
          + "whose network card fills them in later (checksum offload); they do not matter")
    } else if wrong > 0 {
      sentences.append(
        "\(wrong) of \(verified) verified TCP checksums \(wrong == 1 ? "is" : "are") wrong: damage, or checksum offload; "
          + "--checksums verifies all and leaves out what a receiver would")
    }
    return sentences
  }
}
