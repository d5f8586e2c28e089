internal import CTLS

/// A server's certificate and key, with which it meets its clients.
@safe package final class TLSCredential {
  private let authority: TLSAuthority
  private let context: OpaquePointer

  /// Takes the certificate and the key, which are its own from then on.
  init(_ certificate: OpaquePointer, _ key: OpaquePointer, authority: TLSAuthority) throws(TLSError) {
    defer {
      unsafe X509_free(certificate)
      unsafe EVP_PKEY_free(key)
    }
    self.authority = authority
    guard let context = unsafe SSL_CTX_new_ex(authority.library.context, nil, TLS_server_method()) else {
      throw .last("no server of TLS")
    }
    unsafe self.context = unsafe context
    unsafe mailwire_set_oldest_version_12(context)
    unsafe mailwire_forget_sessions(context)
    // A ticket for another session holds the time of day, which is not the time of a simulated wire.
    unsafe SSL_CTX_set_num_tickets(context, 0)
    guard unsafe SSL_CTX_use_certificate(context, certificate) == 1, unsafe SSL_CTX_use_PrivateKey(context, key) == 1
    else { throw .last("the certificate cannot be used") }
    unsafe TLSConnection.logKeys(of: context)
  }
  deinit { unsafe SSL_CTX_free(context) }

  /// A server's side of a connection; it waits for the client's first record.
  package func connection() throws(TLSError) -> TLSConnection {
    guard let connection = unsafe SSL_new(context) else { throw .last("no connection") }
    unsafe SSL_set_accept_state(connection)
    return unsafe TLSConnection(connection, library: authority.library)
  }
}
