internal import Crypto
internal import Foundation
internal import MailSystem
internal import SwiftASN1
internal import X509

/// The lab's own certificate authority: made at the first start, trusted by whoever imports its certificate. It signs a
/// certificate for each machine (RFC 5280).
struct LabAuthority: Sendable {
  let certificate: Certificate
  private let key: Certificate.PrivateKey

  private init(_ certificate: Certificate, _ key: Certificate.PrivateKey) {
    self.certificate = certificate
    self.key = key
  }
  /// A new one.
  init() throws {
    key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let name = try DistinguishedName {
      CommonName("mailwire lab authority")
      OrganizationName("mailwire")
    }
    certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
      notValidBefore: Self.beginning, notValidAfter: Self.end(years: 10), issuer: name, subject: name,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
      }, issuerPrivateKey: key)
  }
  /// The one that a folder keeps in `ca.pem` and `ca.key`; a new one where there is none.
  init(folder: String) throws {
    let (certificatePath, keyPath) = ("\(folder)/ca.pem", "\(folder)/ca.key")
    if Disk.status(certificatePath) != nil, Disk.status(keyPath) != nil {
      self.init(
        try Certificate(pemEncoded: String(decoding: try Disk.read(certificatePath), as: UTF8.self)),
        try Certificate.PrivateKey(pemEncoded: String(decoding: try Disk.read(keyPath), as: UTF8.self)))
      return
    }
    try self.init()
    try Disk.remove(certificatePath)
    try Disk.remove(keyPath)
    try Disk.write(Array(try key.serializeAsPEM().pemString.utf8), to: keyPath)
    try Disk.write(Array(try certificate.serializeAsPEM().pemString.utf8), to: certificatePath)
  }
  var pem: String { get throws { try certificate.serializeAsPEM().pemString } }

  /// A certificate for a machine's names and address, and its key, both as PEM.
  func issue(for machine: LabConfiguration.Machine) throws -> (certificate: String, key: String) {
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    var names: [GeneralName] = [machine.hostName, machine.domain, "localhost"].map { .dnsName($0) }
    let octets = machine.address.split(separator: ".").compactMap { UInt8($0) }
    if octets.count == 4 { names.append(.ipAddress(ASN1OctetString(contentBytes: ArraySlice(octets)))) }
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
      notValidBefore: Self.beginning, notValidAfter: Self.end(years: 1), issuer: certificate.subject,
      subject: try DistinguishedName { CommonName(machine.hostName) },
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth])
        SubjectAlternativeNames(names)
      }, issuerPrivateKey: self.key)
    return (try certificate.serializeAsPEM().pemString, try key.serializeAsPEM().pemString)
  }
  /// A machine whose clock is a day behind still believes it.
  private static var beginning: Date { Date(timeIntervalSinceNow: -86_400) }
  private static func end(years: Double) -> Date { Date(timeIntervalSinceNow: years * 365 * 86_400) }
}
