/// `LISTEN=TARGET`: where the proxy listens, and whom it asks.
///
///     127.0.0.1:2525=127.0.0.1:25     [::1]:2525=mail.example.org:25     2525=mail.example.org:25
public struct ProxyRule: Equatable, Sendable {
  /// A name or an address, and a port.
  public struct Place: Equatable, Sendable, CustomStringConvertible {
    public var name: String
    public var port: UInt16
    public var description: String { name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)" }

    /// Reads `name:port`, `[address]:port`, or a port alone where `loopback` may be meant.
    init?(_ text: Substring, isListening: Bool) {
      guard let colon = text.lastIndex(of: ":") else {
        guard isListening, let port = UInt16(text) else { return nil }
        (name, self.port) = ("127.0.0.1", port)
        return
      }
      guard let port = UInt16(text[text.index(after: colon)...]), port > 0 || isListening else { return nil }
      var name = text[..<colon]
      if name.first == "[", name.last == "]" {
        name = name.dropFirst().dropLast()
      } else if name.contains(":") {
        return nil
      }
      guard !name.isEmpty else { return nil }
      (self.name, self.port) = (String(name), port)
    }
  }
  public var listen: Place
  public var target: Place

  /// nil when `text` is no such rule.
  public init?(_ text: String) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, let listen = Place(sides[0], isListening: true),
      let target = Place(sides[1], isListening: false), listen != target
    else { return nil }
    self.listen = listen
    self.target = target
  }
}
