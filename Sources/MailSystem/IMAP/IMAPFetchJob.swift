internal import MailProtocols

/// A FETCH under way: its answer may be too long to be put together at once.
struct IMAPFetchJob: Sendable {
  let tag: String
  let command: IMAPCommand
  let items: [IMAPFetchItem]
  /// Indices of messages, which stay as they are until the command is over.
  let indices: [Int]
  /// How many messages have been answered for.
  var messageCount = 0
  /// How many items of the next one.
  var itemCount = 0
  /// Whether the next one's flags must be told because it was seen just now.
  var tellsFlags = false
  /// Messages were asked for that are gone.
  var isMissing = false
  /// A part has an encoding that is not known (RFC 3516 §4.3).
  var hasUnknownEncoding = false
}
