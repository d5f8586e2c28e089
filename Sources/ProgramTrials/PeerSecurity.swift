internal import Bytes
internal import Grading
internal import TransportSecurity

/// The certificates of a case: whom the program is told to believe, and what our server shows it.
struct PeerSecurity {
  /// The name of the file that lies beside the program.
  static let fileName = "ca.pem"
  /// The certificate of the authority that the program believes, as PEM.
  let pem: String
  private let credential: TLSCredential

  /// Makes an authority of its own for the case, and a certificate for the server's name, or for another.
  init(_ offer: TLSOffer, hostName: String) throws(TrialFault) {
    let time = Int(Clock.timeOfDay.nanoseconds / 1_000_000_000)
    do throws(TLSError) {
      let believed = try TLSAuthority(at: time, identifiesKeys: true)
      pem = believed.pem
      switch offer {
      case .good, .missing: credential = try believed.issue(to: [hostName])
      case .wrongName: credential = try believed.issue(to: ["other.example.com"])
      case .unknownAuthority: credential = try TLSAuthority(at: time, identifiesKeys: true).issue(to: [hostName])
      }
    } catch {
      throw TrialFault("TLS cannot be had: \(error)")
    }
  }
  func connection() throws(TLSError) -> TLSConnection { try credential.connection() }
}
