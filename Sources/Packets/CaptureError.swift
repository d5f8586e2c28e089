/// Why a capture could not be read, or not to its end. What stood before the damage has been delivered.
public enum CaptureError: Error, Equatable, Sendable {
  /// The operating system refused; `code` is its errno.
  case unreadable(code: Int32)
  /// There is not a single octet.
  case empty
  /// The first octets are those of no capture format; `hint` names the format they look like, if any.
  case notACapture(hint: String?)
  /// The file stops in the middle of a record: `needed` octets from `offset` on, `had` were there.
  case truncated(offset: UInt64, needed: Int, had: Int)
  /// The octets at `offset` contradict the format.
  case damaged(offset: UInt64, reason: String)
}

extension CaptureError {
  /// How many octets of the capture could be used: those before the damage.
  public var offset: UInt64? {
    switch self {
    case .truncated(let offset, _, _), .damaged(let offset, _): offset
    case .unreadable, .empty, .notACapture: nil
    }
  }
}

extension CaptureError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .unreadable(let code): "cannot be read (error \(code))"
    case .empty: "the file is empty; a capture begins with a header"
    case .notACapture(let hint?): "not a pcap or pcapng capture: it looks like \(hint)"
    case .notACapture(nil): "not a pcap or pcapng capture"
    case .truncated(let offset, let needed, let had):
      "cut short: the record at offset \(offset) needs \(needed) bytes and only \(had) are there"
    case .damaged(let offset, let reason): "damaged at offset \(offset): \(reason)"
    }
  }
}
