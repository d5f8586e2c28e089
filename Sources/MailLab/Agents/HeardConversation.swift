internal import Bytes
internal import NIOCore

/// A client's conversation with somebody who writes down what both say, in clear also where TLS hides it.
final class HeardConversation<Inner: Conversation>: Conversation {
  static var patience: TimeAmount { Inner.patience }
  private let inner: Inner
  private let talk: Talk

  init(_ inner: Inner, _ talk: Talk) {
    self.inner = inner
    self.talk = talk
  }
  func begin() { inner.begin() }
  func receive(_ octets: Span<UInt8>) {
    talk.note(.said(octets.copied(), byClient: false))
    inner.receive(octets)
  }
  func takeOutput() -> [UInt8] {
    let output = inner.takeOutput()
    if !output.isEmpty { talk.note(.said(output, byClient: true)) }
    return output
  }
  func work(_ context: ChannelHandlerContext) -> Progress {
    let progress = inner.work(context)
    switch progress {
    case .protect: talk.beginProtected()
    case .over: talk.finish(byClient: true)
    case .listening, .again, .until: break
    }
    return progress
  }
  func expire() { inner.expire() }
  func shutDown() { inner.shutDown() }
  func end() {
    talk.finish(byClient: false)
    inner.end()
  }
}

/// What was said in one conversation; lives on one event loop.
final class Talk {
  private(set) var events: [RecordedEvent] = []
  /// The event from which on TLS hid what was said; nil where it did not.
  private(set) var firstHidden: Int?
  private var finished: Set<Bool> = []

  func note(_ kind: RecordedEvent.Kind) {
    events.append(RecordedEvent(timestamp: LabClock.now, connection: 0, kind: kind))
  }
  /// The connection stands, with what was noted before.
  func open(client: (String, Int), server: (String, Int), isProtected: Bool) {
    let time = events.first?.timestamp ?? LabClock.now
    events.insert(
      RecordedEvent(timestamp: time, connection: 0, kind: .opened(client: client, server: server)), at: 0)
    if let hidden = firstHidden { firstHidden = hidden + 1 }
    if isProtected { firstHidden = 1 }
  }
  func beginProtected() { if firstHidden == nil { firstHidden = events.count } }
  func finish(byClient: Bool) { if finished.insert(byClient).inserted { note(.finished(byClient: byClient)) } }
}
