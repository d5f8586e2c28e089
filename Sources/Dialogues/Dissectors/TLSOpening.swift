internal import Bytes
internal import Streams
internal import WebProtocols

/// Where TLS begins in one direction, and what its first record shows.
enum TLSOpening {
  /// Whether the octets begin as a TLS handshake or alert record does (RFC 8446 §5.1).
  static func isPlausible(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    guard bytes.count > start else { return false }
    if bytes[start] != 22 && bytes[start] != 21 { return bytes[start] & 0x80 != 0 && isVersion2(bytes, from: start) }
    if bytes.count > start + 1, bytes[start + 1] != 3 { return false }
    return bytes.count <= start + 2 || bytes[start + 2] <= 4
  }
  /// Whether the octets are, or may become, a client's hello in a record of its own.
  static func mayBeHello(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 0, bytes[0] == 22, isPlausible(bytes, from: 0) else { return false }
    return bytes.count <= TLSRecordHeader.byteCount || bytes[TLSRecordHeader.byteCount] == 1
  }
  /// An SSL 2.0 hello, as old clients open with (RFC 5246 appendix E.2).
  private static func isVersion2(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    bytes.count > start + 4 && bytes[start + 2] == 1 && (bytes[start + 3] == 3 || bytes[start + 3] == 0)
  }
  static func record(
    _ bytes: Span<UInt8>, from start: Int, fromClient: Bool, _ mark: LineMark, _ recorder: inout Recorder,
    _ log: inout ConversationLog, isImplicit: Bool = false
  ) {
    let name = fromClient ? TLSClientHello.serverName(of: bytes.extracting(start...)) : nil
    let agreed = fromClient ? nil : TLSHello(firstRecord: bytes.extracting(start...), isServer: true)
    let record = Record(
      .protected, flags: fromClient ? .fromClient : .none, word: isImplicit ? 1 : 0,
      number: agreed.map { TLSAgreement($0.version, $0.cipherSuite).number } ?? 0, mark: mark)
    if let name {
      recorder.record(record, bytes.extracting(start...).extracting(name.lower..<name.upper), in: &log)
    } else {
      recorder.record(record, in: &log)
    }
  }
}

/// Which sides of a conversation have begun to speak TLS.
struct ProtectedSides: BitwiseCopyable {
  private var began: UInt8 = 0
  /// Something was sent inside: an alert in clear is nobody's that speaks TLS.
  private var hasContent = false

  /// Notes where TLS begins in one direction. False when what follows STARTTLS is plain text after all.
  mutating func receive(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, fromClient: Bool, _ recorder: inout Recorder,
    _ log: inout ConversationLog, isImplicit: Bool = false
  ) -> Bool {
    let bit: UInt8 = fromClient ? 1 : 2
    if began != 0, receiveAlert(bytes, from: start, at: position, fromClient: fromClient, &recorder, &log) {
      return true
    }
    if began & bit != 0 { return true }
    let mark = LineMark(position, offset: start, byteCount: bytes.count &- start)
    if began == 0, !TLSOpening.isPlausible(bytes, from: start) {
      if !isImplicit { recorder.anomaly(.plaintextAfterStartTLS, fromClient: fromClient, at: mark, in: &log) }
      return false
    }
    began |= bit
    TLSOpening.record(bytes, from: start, fromClient: fromClient, mark, &recorder, &log, isImplicit: isImplicit)
    return true
  }
  /// Notes a fatal alert in clear, behind which nothing was sent inside. False when `bytes` begin with none.
  mutating func receiveAlert(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, fromClient: Bool, _ recorder: inout Recorder,
    _ log: inout ConversationLog
  ) -> Bool {
    // Application data (RFC 8446 §5.1).
    if bytes.count > start, bytes[start] == 23 { hasContent = true }
    guard !hasContent, let alert = TLSAlert.fatal(at: start, of: bytes) else { return false }
    began |= fromClient ? 1 : 2
    recorder.record(
      Record(
        .protected, flags: fromClient ? .fromClient : .none, code: UInt16(alert) + Record.alertOffset,
        mark: LineMark(position, offset: start, byteCount: 7)), in: &log)
    return true
  }
}
