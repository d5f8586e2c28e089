/// TCP's control bits as they stand in the header (RFC 9293 §3.1).
package struct TCPFlags: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let fin = TCPFlags(rawValue: 1)
  package static let syn = TCPFlags(rawValue: 2)
  package static let rst = TCPFlags(rawValue: 4)
  package static let psh = TCPFlags(rawValue: 8)
  package static let ack = TCPFlags(rawValue: 16)
  package static let urg = TCPFlags(rawValue: 32)
}
