import ArgumentParser
import Dialogues

/// `-d tcp.port==2525,smtp`, as tshark spells it: the protocol that is spoken on a server's port.
enum DecodeRule {
  /// The protocols by port; throws what the user is told.
  static func parse(_ rules: [String]) throws -> [UInt16: DissectedProtocol] {
    var forced: [UInt16: DissectedProtocol] = [:]
    for rule in rules {
      let pieces = rule.split(separator: ",")
      guard pieces.count == 2, pieces[0].hasPrefix("tcp.port=="), let port = UInt16(pieces[0].dropFirst(10)),
        let dissected = DissectedProtocol.named(String(pieces[1]))
      else { throw ValidationError("-d wants a rule like tcp.port==2525,smtp, not '\(rule)'") }
      forced[port] = dissected
    }
    return forced
  }
}
