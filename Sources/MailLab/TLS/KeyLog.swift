internal import Glibc
internal import NIOCore

/// The secrets of TLS connections, in the form that Wireshark reads (`tls.keylog_file`): the lab's own conversations can
/// be looked into.
///
///     CLIENT_TRAFFIC_SECRET_0 <client random> <secret>
final class KeyLog: Sendable {
  let path: String
  private let file: Int32

  init(path: String) throws(DiskError) {
    self.path = path
    file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .last(path) }
  }
  deinit { close(file) }

  /// A line goes there in one piece, so that connections do not mix.
  func append(_ line: ByteBuffer) {
    var octets = Array(line.readableBytesView)
    if octets.last != 10 { octets.append(10) }
    _ = unsafe octets.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
  }
}
