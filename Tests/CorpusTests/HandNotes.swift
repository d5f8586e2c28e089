/// Where `truth/_hand-notes.json`, which is prose, says that the truth is wrong. What we contest is no note: it is listed
/// in `differences.txt`, and counts.
enum HandNotes {
  /// Corrects the truth of the capture named `file`.
  static func correct(_ truth: inout Truth, of file: String) {
    switch file {
    case "zeek+zeek__almost-resp.pcap":
      // "Redis on 6379 that looks like POP3 (+OK): NOT mail"
      truth.streams[1].protocol = "other"
    case "snort3+snort3_demo__appids_smtp.pcap":
      // "server accepts "\n.\n" as end of DATA (250 queued), then quit->221 […] message is "sdlkfjlkj\n""
      endWithBareLineFeed(
        &truth, quit: "quit", byteCount: 10,
        sha256: "30ab425b5b8b07d728d08ae0d3f61eb95251d108ca2d3848d9e10ecd77955398")
    case "snort3+snort3_demo__alert_before_server_response.pcap":
      // "bare LF client as above; message "Subject: Very long A...\n\nLong header line.\n", 250, QUIT->221"
      endWithBareLineFeed(
        &truth, quit: "QUIT", byteCount: 113,
        sha256: "15ca61ab188447337e4c8a4a2eeb5eb5d7ea97b869d0f21f09bdcb0221caaa21")
    default: break
    }
  }

  private static func endWithBareLineFeed(_ truth: inout Truth, quit: String, byteCount: Int, sha256: String) {
    guard let last = truth.streams[0].commands?.indices.last else { return }
    truth.streams[0].commands?[last].afterDataCode = 250
    truth.streams[0].commands?.append(Truth.Command(verb: "QUIT", line: quit, code: 221))
    truth.streams[0].messages = [Truth.Message(via: "DATA", unstuffedLen: byteCount, unstuffedSha256: sha256)]
    truth.streams[0].ended.app = "QUIT->221"
  }
}
