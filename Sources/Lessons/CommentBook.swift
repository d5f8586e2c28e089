internal import Bytes
internal import Dialogues

/// What is said of packets in a capture that is written anew: by frame, the questions that it answers and the answers.
///
/// Sorted once, then read from the first frame to the last.
package final class CommentBook {
  private struct Place {
    var frame: UInt32
    var comment: Range<Int>
  }
  private var text = ByteWriter(minimumCapacity: 1 << 12)
  private var places: [Place] = []
  private var position = 0

  package init() {}

  /// Notes a conversation's answers at the frames that show them.
  package func note(_ answers: [Answer], of conversation: Fact) {
    let first = conversation["frameRange"]?.elements.first?.integer ?? 1
    let stream = conversation["stream"]?.integer ?? 0
    for answer in answers {
      for (frame, lines) in CommentLines.lines(of: answer, firstFrame: first) {
        let start = text.count
        text.append(string: "mailwire: \(answer.question.ask) (tcp.stream \(stream))")
        for line in lines { text.append(string: "\n\(line)") }
        places.append(Place(frame: UInt32(clamping: frame), comment: start..<text.count))
      }
    }
  }
  /// Puts the comments in the order of the frames; those of one frame stay in that in which they were noted.
  package func sort() {
    let order = places.indices.sorted { (places[$0].frame, $0) < (places[$1].frame, $1) }
    places = order.map { places[$0] }
    position = 0
  }
  /// The comments on `frame`; frames are asked for in ascending order.
  package func comments(on frame: UInt32) -> [String] {
    while position < places.count, places[position].frame < frame { position += 1 }
    var comments: [String] = []
    while position < places.count, places[position].frame == frame {
      let range = places[position].comment
      comments.append(text.withOctets { String(decoding: $0.extracting(range).copied(), as: UTF8.self) })
      position += 1
    }
    return comments
  }
}
