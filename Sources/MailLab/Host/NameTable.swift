internal import NIOCore

/// Where the lab's domains have their mail servers: what MX and address records say elsewhere (RFC 5321 §5.1).
final class NameTable {
  struct Address {
    var host: String
    var port: Int
  }
  private var addresses: [String: Address] = [:]

  func set(_ domain: String, to address: Address) { addresses[domain.lowercased()] = address }
  func address(of domain: String) -> Address? { addresses[domain.lowercased()] }
}
