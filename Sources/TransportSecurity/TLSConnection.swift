internal import CTLS

/// One side of a TLS connection (RFC 8446) without I/O: octets of the wire go in and out on one side, what is said
/// inside on the other.
///
///     receive(fromWire) → takePlaintext()        send(plaintext) → takeOutput() → wire
///
/// After every call there may be something in `takeOutput`. It is not for several threads.
@safe package final class TLSConnection {
  package enum State: Equatable, Sendable {
    case handshaking, open
    /// The peer has said that it says no more (close_notify, RFC 8446 §6.1).
    case closedByPeer
    case failed(TLSError)
  }
  package private(set) var state = State.handshaking
  /// The secrets of the connection as Wireshark reads them from a key log.
  package private(set) var keyLog: [String] = []
  private let connection: OpaquePointer
  private let library: TLSLibrary
  private let input: OpaquePointer?
  private let output: OpaquePointer?
  private var plaintext: [UInt8] = []
  /// Whether close_notify was said.
  private var isClosed = false
  /// Octets that are taken out of OpenSSL at once: a record's plaintext (RFC 8446 §5.1).
  private static let blockByteCount = 16_384

  /// Takes the connection, whose role is set, and begins.
  init(_ connection: OpaquePointer, library: TLSLibrary) {
    unsafe self.connection = unsafe connection
    self.library = library
    unsafe input = BIO_new(BIO_s_mem())
    unsafe output = BIO_new(BIO_s_mem())
    unsafe SSL_set_bio(connection, input, output)
    unsafe SSL_set_ex_data(connection, 0, Unmanaged.passUnretained(self).toOpaque())
    advance()
  }
  deinit { unsafe SSL_free(connection) }

  /// Octets that have come from the wire.
  package func receive(_ octets: [UInt8]) {
    if octets.isEmpty { return }
    unsafe BIO_write(input, octets, Int32(octets.count))
    advance()
  }
  /// What the peer has said inside, as far as it has come.
  package func takePlaintext() -> [UInt8] {
    defer { plaintext = [] }
    return plaintext
  }
  /// Says something inside; nothing happens before the handshake is over, or after a failure.
  package func send(_ octets: [UInt8]) {
    guard state == .open || state == .closedByPeer, !isClosed, !octets.isEmpty else { return }
    library.prepare()
    if unsafe SSL_write(connection, octets, Int32(octets.count)) <= 0 { fail() }
  }
  /// Says that nothing more will be said (close_notify); once is enough.
  package func close() {
    guard state == .open || state == .closedByPeer, !isClosed else { return }
    isClosed = true
    _ = unsafe SSL_shutdown(connection)
  }
  /// Octets for the wire.
  package func takeOutput() -> [UInt8] {
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: Self.blockByteCount)
    while true {
      let count = unsafe BIO_read(output, &block, Int32(block.count))
      if count <= 0 { return result }
      result += block.prefix(Int(count))
    }
  }

  /// Does what can be done with what has come.
  private func advance() {
    library.prepare()
    if state == .handshaking {
      let result = unsafe SSL_do_handshake(connection)
      if result == 1 { state = .open } else if !isWaiting(result) { return fail() }
    }
    guard state == .open else { return }
    var block = [UInt8](repeating: 0, count: Self.blockByteCount)
    while true {
      let count = unsafe SSL_read(connection, &block, Int32(block.count))
      guard count > 0 else {
        if unsafe SSL_get_error(connection, count) == SSL_ERROR_ZERO_RETURN { return state = .closedByPeer }
        return isWaiting(count) ? () : fail()
      }
      plaintext += block.prefix(Int(count))
    }
  }
  private func isWaiting(_ result: Int32) -> Bool {
    let error = unsafe SSL_get_error(connection, result)
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE
  }
  private func fail() {
    let verification = unsafe SSL_get_verify_result(connection)
    if verification != Int(X509_V_OK), let text = unsafe X509_verify_cert_error_string(verification) {
      ERR_clear_error()
      return state = .failed(TLSError(description: "the certificate is not believed: \(unsafe String(cString: text))"))
    }
    state = .failed(.last("TLS"))
  }

  /// Lets the connections of a context keep their secrets.
  static func logKeys(of context: OpaquePointer) {
    unsafe SSL_CTX_set_keylog_callback(context) { connection, line in
      guard let line = unsafe line, let object = unsafe SSL_get_ex_data(connection, 0) else { return }
      unsafe Unmanaged<TLSConnection>.fromOpaque(object).takeUnretainedValue().keyLog.append(
        unsafe String(cString: line))
    }
  }
}
