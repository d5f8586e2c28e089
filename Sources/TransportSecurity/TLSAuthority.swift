internal import CTLS

/// A certificate authority for machines that nobody else knows (RFC 5280): it signs the certificates of servers, and
/// clients trust nobody but it.
///
///     let authority = try TLSAuthority(at: time, takeOctets: octets)
///     let credential = try authority.issue(to: ["mail.example.edu"])
///     let (client, server) = (try authority.connection(to: "mail.example.edu"), try credential.connection())
@safe package final class TLSAuthority {
  let library: TLSLibrary
  let certificate: OpaquePointer
  private let key: OpaquePointer
  private let clientContext: OpaquePointer
  /// Seconds since 1970, at which its certificates are believed.
  let time: Int
  private var serialNumber = 1
  private let identifiesKeys: Bool

  /// `time` is in seconds since 1970. With `takeOctets`, which hands out the next so many octets of some sequence, the
  /// same sequence gives the same certificates and, record by record, the same connections: for a wire that is
  /// simulated, and for nothing that is secret. With `identifiesKeys` its certificates say whose key is whose (RFC 5280
  /// §4.2.1.1, §4.2.1.2), without which strict clients believe none.
  package init(
    at time: Int, identifiesKeys: Bool = false, takeOctets: ((Int) -> [UInt8])? = nil
  ) throws(TLSError) {
    self.time = time
    self.identifiesKeys = identifiesKeys
    library = try TLSLibrary(takeOctets: takeOctets)
    let made = try unsafe Self.make(
      library, at: time, subject: "mailwire virtual authority", issuer: nil, serialNumber: serialNumber,
      extensions: [
        (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
      ] + (identifiesKeys ? [(NID_subject_key_identifier, "hash")] : []))
    unsafe (certificate, key) = unsafe made
    guard let context = unsafe SSL_CTX_new_ex(library.context, nil, TLS_client_method()) else {
      throw .last("no client of TLS")
    }
    unsafe clientContext = unsafe context
    unsafe mailwire_set_oldest_version_12(context)
    unsafe mailwire_forget_sessions(context)
    unsafe X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate)
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    unsafe TLSConnection.logKeys(of: context)
  }
  deinit {
    unsafe SSL_CTX_free(clientContext)
    unsafe X509_free(certificate)
    unsafe EVP_PKEY_free(key)
  }

  /// A certificate for a server that has these names, and its key.
  package func issue(to hostNames: [String]) throws(TLSError) -> TLSCredential {
    serialNumber += 1
    let (certificate, key) = try unsafe Self.make(
      library, at: time, subject: hostNames.first ?? "", issuer: (self.certificate, self.key),
      serialNumber: serialNumber,
      extensions: [
        (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
        (NID_ext_key_usage, "serverAuth"),
        (NID_subject_alt_name, hostNames.map { "DNS:\($0)" }.joined(separator: ",")),
      ] + (identifiesKeys ? [(NID_authority_key_identifier, "keyid:always")] : []))
    return try unsafe TLSCredential(certificate, key, authority: self)
  }
  /// A client's side of a connection to the server of this name; it begins the handshake at once.
  package func connection(to hostName: String) throws(TLSError) -> TLSConnection {
    guard let connection = unsafe SSL_new(clientContext) else { throw .last("no connection") }
    unsafe SSL_set_connect_state(connection)
    unsafe mailwire_set_server_name(connection, hostName)
    unsafe SSL_set1_host(connection, hostName)
    unsafe X509_VERIFY_PARAM_set_time(SSL_get0_param(connection), time)
    return unsafe TLSConnection(connection, library: library)
  }
  /// The authority's certificate as PEM (RFC 7468), for programs that are to trust it.
  package var pem: String {
    guard let output = unsafe BIO_new(BIO_s_mem()) else { return "" }
    defer { unsafe BIO_free(output) }
    unsafe PEM_write_bio_X509(output, certificate)
    var octets = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe BIO_read(output, &octets, Int32(octets.count))
    return String(decoding: octets.prefix(max(0, Int(count))), as: UTF8.self)
  }

  /// Characters of a common name (ub-common-name, RFC 5280 appendix A.1). Clients go by the other names, which may be longer.
  private static let commonNameCount = 64

  /// A certificate from a day before until ten years after `time`, and its key; without an issuer it signs itself.
  private static func make(
    _ library: TLSLibrary, at time: Int, subject: String, issuer: (certificate: OpaquePointer, key: OpaquePointer)?,
    serialNumber: Int, extensions: [(kind: Int32, value: String)]
  ) throws(TLSError) -> (certificate: OpaquePointer, key: OpaquePointer) {
    library.prepare()
    guard let key = unsafe mailwire_make_p256_key(library.context) else { throw .last("no key") }
    guard let certificate = unsafe X509_new_ex(library.context, nil) else {
      unsafe EVP_PKEY_free(key)
      throw .last("no certificate")
    }
    unsafe X509_set_version(certificate, Int(X509_VERSION_3))
    unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), serialNumber)
    unsafe ASN1_TIME_set(X509_getm_notBefore(certificate), time - 86_400)
    unsafe ASN1_TIME_set(X509_getm_notAfter(certificate), time + 10 * 365 * 86_400)
    unsafe X509_set_pubkey(certificate, key)
    let name = unsafe X509_get_subject_name(certificate)
    let words = Array(String(subject.unicodeScalars.prefix(commonNameCount)).utf8)
    var isMade =
      unsafe X509_NAME_add_entry_by_txt(name, "CN", V_ASN1_UTF8STRING, words, Int32(words.count), -1, 0) == 1
    unsafe X509_set_issuer_name(certificate, issuer.map { unsafe X509_get_subject_name($0.certificate) } ?? name)
    for (kind, value) in extensions {
      if unsafe mailwire_add_extension(certificate, issuer?.certificate ?? certificate, kind, value) != 1 {
        isMade = false
      }
    }
    if isMade { library.prepare() }
    guard isMade, unsafe X509_sign(certificate, issuer?.key ?? key, EVP_sha256()) > 0 else {
      let error = TLSError.last("no certificate")
      unsafe X509_free(certificate)
      unsafe EVP_PKEY_free(key)
      throw error
    }
    return unsafe (certificate, key)
  }
}
