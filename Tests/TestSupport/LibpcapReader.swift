import CPcap

/// What libpcap makes of a capture: the reader that every other one is compared with.
package enum LibpcapReader {
  /// A packet as libpcap delivers it.
  package struct Packet: Equatable, Sendable {
    package var octets: [UInt8]
    package var originalByteCount: UInt32
    package var nanoseconds: Int64

    package init(octets: [UInt8], originalByteCount: UInt32, nanoseconds: Int64) {
      self.octets = octets
      self.originalByteCount = originalByteCount
      self.nanoseconds = nanoseconds
    }
  }
  /// How far it came, and what it says where it stopped before the end.
  package struct Reading: Sendable {
    package var linkType: UInt32
    package var packets: [Packet] = []
    package var complaint: String?
  }
  /// Why it does not begin.
  package struct Refusal: Error { package var reason: String }

  /// Reads a file to its end, or to what libpcap cannot read.
  package static func read(path: String) throws(Refusal) -> Reading {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let handle = unsafe pcap_open_offline_with_tstamp_precision(
      path, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
    guard let handle = unsafe handle else {
      throw Refusal(
        reason: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    defer { unsafe pcap_close(handle) }
    var reading = Reading(linkType: UInt32(bitPattern: unsafe pcap_datalink(handle)))
    while true {
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var octets: UnsafePointer<UInt8>?
      let status = unsafe pcap_next_ex(handle, &header, &octets)
      guard status == 1, let header = unsafe header?.pointee else {
        if status != PCAP_ERROR_BREAK { reading.complaint = unsafe String(cString: pcap_geterr(handle)) }
        return reading
      }
      reading.packets.append(
        Packet(
          octets: unsafe Array(UnsafeBufferPointer(start: octets, count: Int(header.caplen))),
          originalByteCount: header.len,
          nanoseconds: Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec)))
    }
  }
}
