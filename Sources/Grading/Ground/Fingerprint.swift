internal import Bytes
internal import Ciphers

/// The SHA-256 of some parts, each with its length before it, so that no two lists of parts are digested alike.
package enum Fingerprint {
  package static func octets(_ parts: [[UInt8]]) -> [UInt8] {
    var hash = SHA256()
    for part in parts {
      hash.add(Array("\(part.count):".utf8).span)
      hash.add(part.span)
    }
    let digest = hash.finish()
    return digest.indices.map { digest[$0] }
  }
  package static func text(_ parts: [[UInt8]]) -> String {
    octets(parts).map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
  }
}
