internal import Bytes
package import Packets

/// A play on the virtual wire when it is over.
package struct VirtualRun: Sendable {
  /// What was said on a connection, whatever became of its packets.
  package struct Spoken: Equatable, Sendable {
    package var client: Host
    package var server: Host
    package var byClient: [UInt8]
    package var byServer: [UInt8]
  }
  package var record: ScenarioRecord
  package var packets: [VirtualWire.Packet]
  package var link: Link
  package var addresses: ScenarioAddresses
  package var seed: UInt64
  package var choice: String?
  package var scenario: Scenario
  package var spoken: [Spoken]
  /// The secrets of its TLS connections, line by line as Wireshark reads them.
  package var keyLog: [String]

  /// The packets as a pcapng file, which says how it was made and what the hosts are called.
  package func capture(application: String) -> [UInt8] {
    let with = choice.map { ", with \($0)" } ?? ""
    return capture(
      application: application,
      comment:
        "Simulated: the scenario '\(scenario.name)'\(with) played on a virtual wire from seed \(seed). No network "
        + "carried these packets; the servers, the clients and what they say are those of the lab.")
  }
  /// The same with another comment, and without the hosts' names where they would tell too much.
  package func capture(application: String, comment: String, namesHosts: Bool = true) -> [UInt8] {
    var output = ByteWriter(minimumCapacity: packets.reduce(4_096) { $0 + $1.frame.count + 40 })
    var writer = PCAPNGWriter()
    writer.append(PCAPNGWriter.Section(application: application, comments: [comment]), to: &output)
    writer.append(
      PCAPNGWriter.Interface(linkType: link.linkType, snapLength: 262_144, name: "virtual"), to: &output)
    if namesHosts { writer.append(names: hostNames, to: &output) }
    for packet in packets { writer.append(packet.frame.span, at: packet.timestamp, to: &output) }
    return output.withOctets { $0.copied() }
  }
  private var hostNames: [(address: IPAddress, names: [String])] {
    addresses.places.map { name, address in (address, [scenario.cast.machine(name)?.hostName ?? name]) }
  }
}
