import Bytes
import Packets
import Testing

@testable import MailSystem

@Suite struct VirtualWireTests {
  static let beginning = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

  /// A client that says so many octets to a server that answers with as many others; both close when they have all.
  struct Exchange {
    var wire: VirtualWire
    var heard: [[UInt8]] = [[], []]
    var ended: [Bool] = [false, false]
    var wasReset = false

    init(seed: UInt64, _ conditions: WireConditions, byteCounts: [Int]) {
      wire = VirtualWire(seed: seed, beginning: VirtualWireTests.beginning, conditions: conditions)
      let client = wire.addHost("192.0.2.1")
      let server = wire.addHost("192.0.2.2")
      wire.listen(server, port: 25)
      let socket = wire.connect(from: client, to: "192.0.2.2", port: 25)
      wire.send(Exchange.octets(byteCounts[0], 0), on: socket)
      while let event = wire.next() {
        switch event {
        case .accepted(let socket, _, _): wire.send(Exchange.octets(byteCounts[1], 1), on: socket)
        case .received(let socket, let octets):
          heard[socket.end] += octets
          if heard[socket.end].count == byteCounts[1 - socket.end] { wire.close(socket) }
        case .finished(let socket): ended[socket.end] = true
        case .reset: wasReset = true
        case .connected, .woke: break
        }
      }
    }
    static func octets(_ count: Int, _ end: UInt8) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) ^ end }
    }
  }

  @Test(arguments: [[1, 1], [1460, 1461], [100_000, 3], [70_000, 70_000]])
  func whatIsSaidArrivesOnAPerfectWire(_ byteCounts: [Int]) {
    let exchange = Exchange(seed: 1, WireConditions(), byteCounts: byteCounts)
    #expect(exchange.heard[1] == Exchange.octets(byteCounts[0], 0))
    #expect(exchange.heard[0] == Exchange.octets(byteCounts[1], 1))
    #expect(exchange.ended == [true, true] && !exchange.wasReset)
  }
  @Test(arguments: 1...60) func whatIsSaidArrivesOnABadWire(_ seed: UInt64) {
    var conditions = WireConditions()
    conditions.lostPerMille = Int(seed % 4) * 30
    conditions.reorderedPerMille = Int(seed / 4 % 4) * 60
    conditions.duplicatedPerMille = Int(seed / 16 % 4) * 60
    let exchange = Exchange(seed: seed, conditions, byteCounts: [50_000, 20_000])
    #expect(!exchange.wasReset)
    #expect(exchange.heard[1] == Exchange.octets(50_000, 0), "seed \(seed)")
    #expect(exchange.heard[0] == Exchange.octets(20_000, 1), "seed \(seed)")
    #expect(exchange.ended == [true, true])
  }
  @Test func theSameSeedPlaysTheSame() {
    var conditions = WireConditions()
    conditions.lostPerMille = 50
    let packets = (0..<2).map { _ in Exchange(seed: 7, conditions, byteCounts: [9_000, 9_000]).wire.packets }
    #expect(packets[0] == packets[1])
    #expect(Exchange(seed: 8, conditions, byteCounts: [9_000, 9_000]).wire.packets != packets[0])
  }
  @Test func whereNobodyListensTheConnectionIsRefused() {
    var wire = VirtualWire(seed: 1, beginning: Self.beginning)
    let client = wire.addHost("192.0.2.1")
    _ = wire.addHost("192.0.2.2")
    let socket = wire.connect(from: client, to: "192.0.2.2", port: 25)
    #expect(wire.next() == .reset(socket))
    #expect(wire.next() == nil)
    #expect(wire.packets.count == 2)
  }
  @Test func whoeverIsGoneIsGivenUp() {
    var wire = VirtualWire(seed: 1, beginning: Self.beginning)
    let client = wire.addHost("2001:db8::1")
    let server = wire.addHost("2001:db8::2")
    wire.setGone(server, true)
    let socket = wire.connect(from: client, to: "2001:db8::2", port: 25)
    #expect(wire.next() == .reset(socket))
    // The first SYN and six more, each after twice the time.
    #expect(wire.packets.count == 7)
  }
  /// RFC 9293 §3.5.1: who was off knows nothing of its connections.
  @Test func whoeverComesBackHasForgotten() {
    var wire = VirtualWire(seed: 1, beginning: Self.beginning)
    let client = wire.addHost("192.0.2.1")
    let server = wire.addHost("192.0.2.2")
    wire.listen(server, port: 25)
    let socket = wire.connect(from: client, to: "192.0.2.2", port: 25)
    while let event = wire.next(), event != .connected(socket) {}
    wire.setGone(server, true)
    wire.setGone(server, false)
    wire.send([1, 2, 3], on: socket)
    var events: [VirtualWire.Event] = []
    while let event = wire.next() { events.append(event) }
    #expect(events.last == .reset(socket))
  }
  @Test func timeIsAskedFor() {
    var wire = VirtualWire(seed: 1, beginning: Self.beginning)
    wire.wake(2, after: 2_000_000_000)
    wire.wake(1, after: 1_000_000_000)
    #expect(wire.next() == .woke(1))
    #expect(wire.next() == .woke(2))
    #expect(wire.time.nanoseconds - Self.beginning.nanoseconds == 2_000_000_000)
  }
}
