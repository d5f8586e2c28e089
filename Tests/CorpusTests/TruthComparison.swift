import Dialogues

/// Compares what the program found in a capture with what is true of it.
struct TruthComparison {
  /// One field of one stream that differs; the texts are for a person.
  struct Difference {
    var stream: Int
    var field: String
    var truth: String
    var ours: String
  }

  let truth: Truth
  let conversations: [Conversation]

  /// Every field that differs, stream by stream.
  func differences() -> [Difference] {
    var found: [Difference] = []
    var matched: Set<Int> = []
    for stream in truth.streams {
      let index = index(of: stream)
      if let index { matched.insert(index) }
      compare(stream, with: index.map { conversations[$0] }, &found)
    }
    for (index, conversation) in conversations.enumerated() where !matched.contains(index) {
      let endpoints = "\(conversation.client.endpoint) \(conversation.server.endpoint)"
      found.append(Difference(stream: conversation.stream, field: "stream", truth: "none", ours: endpoints))
    }
    return found
  }

  /// By the stream's number, else by its endpoints and frames.
  private func index(of stream: Truth.Stream) -> Int? {
    let isSame = { (conversation: Conversation) in
      Set([conversation.client.endpoint, conversation.server.endpoint]) == Set([stream.client, stream.server])
    }
    return conversations.firstIndex { $0.stream == stream.tsharkStream && isSame($0) }
      ?? conversations.firstIndex { ours in
        isSame(ours) && (ours.frameRange.first ?? 0) <= stream.frames[1]
          && (ours.frameRange.last ?? 0) >= stream.frames[0]
          && !truth.streams.contains { $0.tsharkStream == ours.stream && $0.protocol == stream.protocol }
      }
  }

  private func compare(_ stream: Truth.Stream, with conversation: Conversation?, _ found: inout [Difference]) {
    let expected = Self.protocolNames[stream.protocol] ?? "none"
    let ours = conversation?.protocol ?? "none"
    // Whether bytes in the middle of a connection are TLS is a matter of taste.
    if stream.protocol == "tls?" && (ours == "tls" || ours == "none") { return }

    var fields = [(name: "protocol", truth: expected, ours: ours)]
    if let conversation, expected == ours {
      fields.append(("stream", String(stream.tsharkStream), String(conversation.stream)))
      fields.append(("client", stream.client, conversation.client.endpoint))
      fields.append(("server", stream.server, conversation.server.endpoint))
      for (name, lists) in StreamFields(truth: stream, ours: conversation).all() where lists.truth != lists.ours {
        let place = zip(lists.truth, lists.ours).prefix { $0 == $1 }.count
        fields.append((name, Self.text(of: lists.truth, at: place), Self.text(of: lists.ours, at: place)))
      }
    }
    for field in fields where field.truth != field.ours {
      found.append(
        Difference(stream: stream.tsharkStream, field: field.name, truth: field.truth, ours: field.ours))
    }
  }

  private static func text(of list: [String], at place: Int) -> String {
    list.indices.contains(place) ? "\(place + 1) of \(list.count): \(list[place])" : "only \(list.count)"
  }

  private static let protocolNames = ["smtp": "smtp", "pop": "pop3", "imap": "imap", "http": "http", "tls": "tls"]
}

extension Conversation.Peer {
  /// `address:port`, as the truth writes it.
  var endpoint: String { "\(address):\(port)" }
}
