/// Where `truth/_hand-notes.json`, which is prose, or the capture itself says that the truth is wrong.
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
    case "arkime+arkime__80211http.pcap":
      // Not in the notes: frame 24 repeats the request of frame 21, and the truth has both answers.
      truth.streams[0].requests?.append(["POST", "/post.php", "qq.com"])
    case "arkime+arkime__gre-erspan-vxlan.pcap":
      // Not in the notes: frame 4 is a request with a space in its target, which frame 5 answers.
      truth.streams[0].requests?.append(["GET", "/Hello Arkime", nil])
    case "DanieleDeSensi+peafowl__6in4tunnel.pcap":
      // Not in the notes: number 0 went to a connection that is only quoted, by the ICMPv6 error in frame 3.
      for index in truth.streams.indices { truth.streams[index].tsharkStream -= 1 }
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
