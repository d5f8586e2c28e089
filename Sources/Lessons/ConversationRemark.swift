/// What is remarkable about a conversation, for a person: octets that the capture lacks, and what is unusual.
struct ConversationRemark: Equatable, Sendable {
  /// Octets that came twice with different content.
  struct Versions: Equatable, Sendable {
    var earlier: String
    var earlierFrame: String
    var later: String
  }
  /// `missing` or `remark`.
  var label: String
  var text: String
  var frame: String
  var versions: Versions?

  /// All of them but what happens on any network.
  static func all(of conversation: Fact) -> [ConversationRemark] {
    let gaps = (conversation["gaps"]?.elements ?? []).map { gap in
      ConversationRemark(
        label: "missing",
        text: "\(gap["byteCount"]?.shown ?? "?") octets of the \(gap["by"]?.shown ?? "?") were not captured",
        frame: gap["frame"]?.shown ?? "?")
    }
    return gaps + (conversation["anomalies"]?.elements ?? []).filter { $0["isCommon"] == nil }.map(of)
  }
  private static func of(_ anomaly: Fact) -> ConversationRemark {
    var text = anomaly["text"]?.shown ?? ""
    if let count = anomaly["count"]?.integer, count > 1 { text += " (\(count) times)" }
    var remark = ConversationRemark(label: "remark", text: text, frame: anomaly["frame"]?.shown ?? "?")
    if let earlier = anomaly["earlier"]?.shown, let later = anomaly["later"]?.shown {
      remark.versions = Versions(earlier: earlier, earlierFrame: anomaly["earlierFrame"]?.shown ?? "?", later: later)
    }
    return remark
  }
  static func leftOut(_ count: Int) -> String {
    "\(count) further facts were left out: the conversation is too long to keep whole"
  }
}
