public import Bytes

/// Decides which packets are looked at.
public protocol PacketPredicate: AnyObject {
  func passes(_ packet: Span<UInt8>, _ header: PacketHeader) -> Bool
}

/// Hands on the packets that pass, all when there is no predicate; frames keep their numbers.
public struct PacketGate<Sink: PacketSink & ~Copyable>: PacketSink, ~Copyable {
  public var sink: Sink
  @usableFromInline let predicate: (any PacketPredicate)?

  @inlinable public init(_ predicate: (any PacketPredicate)?, sink: consuming Sink) {
    self.predicate = predicate
    self.sink = sink
  }
  @inlinable @inline(__always) public mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    if let predicate, !predicate.passes(packet, header) { return sink.advance(to: header.timestamp) }
    sink.receive(packet, header)
  }
  @inlinable public mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) { sink.receive(note, octets) }
  @inlinable public mutating func advance(to now: Timestamp) { sink.advance(to: now) }
  @inlinable public mutating func idle() { sink.idle() }
}
