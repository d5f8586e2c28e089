/// Where secrets of TLS come from while a capture is read or made: a key log (RFC 9850) that may still grow.
package protocol TLSKeySource: AnyObject {
  /// What the log holds more than when it was asked last; nil when it is nothing. Pieces may end anywhere.
  func more() -> [UInt8]?
}
