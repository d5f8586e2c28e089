internal import Bytes
internal import MailSystem
internal import Glibc
internal import NIOCore

/// An agent's side of a connection on a real socket: the player has the session, this carries its octets.
final class AgentChannel: Conversation {
  /// Longer than any step that an open connection lies idle in.
  static let patience = TimeAmount.minutes(10)
  private let id: Int
  private let play: SocketPlay

  init(_ id: Int, _ play: SocketPlay) {
    self.id = id
    self.play = play
  }
  func begin() {}
  func receive(_ octets: Span<UInt8>) { play.player.received(id, octets, at: LabClock.now) }
  func takeOutput() -> [UInt8] { play.player.takeOutput(id) }
  func work(_ context: ChannelHandlerContext) -> Progress {
    defer { play.advanceSoon() }
    switch play.player.takeAction(id, at: LabClock.now) {
    case nil: return .listening
    case .startTLS: return .protect { self.play.player.beginProtected(self.id) }
    case .close: return .over
    case .abort:
      context.breakOff()
      return .over
    }
  }
  func expire() { play.player.ended(id, reason: "nobody answered in time", at: LabClock.now) }
  func shutDown() { end() }
  func end() { play.ended(id, reason: "the server hung up") }
}

extension ChannelHandlerContext {
  /// Ends the connection with RST, as a system does that has forgotten it.
  func breakOff() {
    if let options = channel as? any SocketOptionProvider {
      _ = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
    channel.close(promise: nil)
  }
}
