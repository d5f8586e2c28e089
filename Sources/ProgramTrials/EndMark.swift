internal import Ciphers
internal import Glibc

/// A datagram to ourselves that no program can have sent: when it has come, everything before it has.
struct EndMark {
  let octets: [UInt8]

  init() { octets = Array("mailwire ends".utf8) + RandomOctets.make(16) }

  /// Sends it from a socket to itself, so that nobody answers.
  func send() {
    guard let (file, port) = FreePort.datagram("127.0.0.1") else { return }
    defer { close(file) }
    FreePort.send(octets, by: file, to: "127.0.0.1", port)
  }
}
