internal import CTLS

/// A world of OpenSSL's of its own (`OSSL_LIB_CTX`): with the system's randomness, or with octets that somebody hands
/// it, so that the same octets give the same keys, certificates and records.
@safe final class TLSLibrary {
  /// nil where the process' own world, with its randomness, will do.
  let context: OpaquePointer?
  private let takeOctets: ((Int) -> [UInt8])?
  /// More than a handshake's step or a signature ever asks for.
  private static let octetCount = 4_096

  /// `takeOctets` hands out so many octets, the next ones each time; without it the system's randomness is used.
  init(takeOctets: ((Int) -> [UInt8])?) throws(TLSError) {
    self.takeOctets = takeOctets
    guard takeOctets != nil else {
      unsafe context = nil
      return
    }
    unsafe context = OSSL_LIB_CTX_new()
    guard unsafe context != nil, unsafe RAND_set_DRBG_type(context, "TEST-RAND", nil, nil, nil) == 1 else {
      throw .last("no TLS without a generator")
    }
  }
  deinit { unsafe OSSL_LIB_CTX_free(context) }

  /// To be called before whatever may want randomness or fail. Generators belong to threads, and so do errors: what somebody
  /// else has left would be taken for an error of the next call (SSL_get_error(3)).
  func prepare() {
    ERR_clear_error()
    guard let takeOctets else { return }
    unsafe feed(RAND_get0_public(context), takeOctets(Self.octetCount))
    unsafe feed(RAND_get0_private(context), takeOctets(Self.octetCount))
  }
  private func feed(_ generator: OpaquePointer?, _ octets: [UInt8]) {
    var octets = octets
    _ = unsafe mailwire_set_octets(generator, &octets, octets.count)
  }
}

/// What OpenSSL says of a failure.
package struct TLSError: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String

  /// The last failure of this thread, behind what was to be done.
  static func last(_ purpose: String) -> TLSError {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    guard code != 0, let reason = unsafe ERR_reason_error_string(code) else { return TLSError(description: purpose) }
    return TLSError(description: "\(purpose): \(unsafe String(cString: reason))")
  }
}
