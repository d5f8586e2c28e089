internal import Bytes
public import Packets

/// Looking at a connection from outside.
extension Reassembler where Sink: ~Copyable {
  /// The number under which a connection is known to the sink; nil when it is not followed.
  public func flow(of key: FlowKey) -> Int? { table.find(key, hash: key.hash(seed: table.seed)) }

  /// What is known so far of the connection `flow`, as given by `flow(of:)`.
  public func summary(of flow: Int) -> FlowSummary { table.flows[flow].summary }
}
