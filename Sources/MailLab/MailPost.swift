internal import MailSystem
internal import NIOCore

/// Where an SMTP server's messages go: into mailboxes here, or into the queue.
protocol MailPost {
  /// Takes a message over, so that what is promised for it is kept; false when nothing can be kept at present.
  func take(_ envelope: Envelope, _ message: [UInt8], id: String) -> EventLoopFuture<Bool>
}

/// Told to every channel when the lab goes down.
struct ShutDown: Sendable {}
