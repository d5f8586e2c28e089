/// What Zeek says of a connection in every line about it.
struct ZeekConnection: Sendable {
  let client: String
  let clientPort: String
  let server: String
  let serverPort: String
  /// `CKbZ2rdGuuVnnClWu5`: Zeek draws it by lot; here the same connection of the same capture has the same one.
  let uid: String

  init(_ conversation: Fact) {
    client = conversation["client"]?["address"]?.shown ?? ""
    clientPort = conversation["client"]?["port"]?.shown ?? ""
    server = conversation["server"]?["address"]?.shown ?? ""
    serverPort = conversation["server"]?["port"]?.shown ?? ""
    let begin = conversation["begin"]?.shown ?? ""
    uid = Self.uid("\(client) \(clientPort) \(server) \(serverPort) \(begin)")
  }

  /// 96 bits in letters and digits, as Zeek writes them.
  static func uid(_ text: String) -> String {
    "C" + spelled(hash(text, from: 0xCBF2_9CE4_8422_2325)) + spelled(hash(text, from: 0x9E37_79B9_7F4A_7C15) >> 32)
  }
  /// FNV-1a, whose result is stirred so that texts that differ at the end differ everywhere.
  private static func hash(_ text: String, from basis: UInt64) -> UInt64 {
    var hash = basis
    for octet in text.utf8 { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ hash >> 33
  }
  private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

  private static func spelled(_ number: UInt64) -> String {
    var text = ""
    var rest = number
    repeat {
      text.append(digits[Int(rest % 62)])
      rest /= 62
    } while rest > 0
    return text
  }
}
