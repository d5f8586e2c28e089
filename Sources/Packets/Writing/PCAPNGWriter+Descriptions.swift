package import Bytes

extension PCAPNGWriter {
  /// What a section header block says of the machine that captured (§4.1).
  package struct Section: Sendable {
    package var hardware: String?
    package var operatingSystem: String?
    /// The program that wrote the capture.
    package var application: String?
    package var comments: [String]

    package init(
      hardware: String? = nil, operatingSystem: String? = nil, application: String? = nil, comments: [String] = []
    ) {
      self.hardware = hardware
      self.operatingSystem = operatingSystem
      self.application = application
      self.comments = comments
    }
    func options(_ byteOrder: ByteOrder) -> [UInt8] {
      var options = PCAPNGOptions(byteOrder)
      options.add(.comment, comments)
      options.add(.hardware, hardware)
      options.add(.operatingSystem, operatingSystem)
      options.add(.application, application)
      return options.encoded
    }
  }

  /// What an interface description block says (§4.2).
  package struct Interface: Sendable {
    package var linkType: LinkType
    /// The most octets of a packet that are written; 0 sets no limit.
    package var snapLength: UInt32
    package var timeUnit: CaptureTimeUnit
    package var name: String?
    package var description: String?
    /// The capture filter, in libpcap's words.
    package var filter: String?
    package var comments: [String]

    package init(
      linkType: LinkType, snapLength: UInt32 = 0, timeUnit: CaptureTimeUnit = .nanoseconds, name: String? = nil,
      description: String? = nil, filter: String? = nil, comments: [String] = []
    ) {
      self.linkType = linkType
      self.snapLength = snapLength
      self.timeUnit = timeUnit
      self.name = name
      self.description = description
      self.filter = filter
      self.comments = comments
    }
    func options(_ byteOrder: ByteOrder) -> [UInt8] {
      var options = PCAPNGOptions(byteOrder)
      options.add(.comment, comments)
      options.add(.interfaceName, name)
      options.add(.interfaceDescription, description)
      options.add(.timeResolution, [timeUnit == .nanoseconds ? 9 : 6])
      // The first octet says that a libpcap filter string follows.
      if let filter { options.add(.filter, [0] + filter.utf8) }
      return options.encoded
    }
    /// How many octets are written of a packet of `byteCount`.
    func captured(_ byteCount: Int) -> Int {
      min(byteCount, PacketLimits.capturedByteCount, snapLength == 0 ? byteCount : Int(snapLength))
    }
  }

  /// What an interface statistics block counts (§4.6); what is nil is not told.
  package struct Statistics: Sendable {
    package var interface: UInt32
    /// When these counts were taken.
    package var timestamp: Timestamp
    package var start: Timestamp?
    package var end: Timestamp?
    /// Packets that the interface received (isb_ifrecv).
    package var receivedCount: UInt64?
    /// Packets that the interface dropped for want of room (isb_ifdrop).
    package var interfaceDropCount: UInt64?
    /// Packets that the operating system dropped (isb_osdrop).
    package var systemDropCount: UInt64?

    package init(
      interface: UInt32 = 0, timestamp: Timestamp, start: Timestamp? = nil, end: Timestamp? = nil,
      receivedCount: UInt64? = nil, interfaceDropCount: UInt64? = nil, systemDropCount: UInt64? = nil
    ) {
      self.interface = interface
      self.timestamp = timestamp
      self.start = start
      self.end = end
      self.receivedCount = receivedCount
      self.interfaceDropCount = interfaceDropCount
      self.systemDropCount = systemDropCount
    }
    func options(_ timeUnit: CaptureTimeUnit, _ byteOrder: ByteOrder) -> [UInt8] {
      var options = PCAPNGOptions(byteOrder)
      options.add(.startTime, units: start.map { timeUnit.count($0) })
      options.add(.endTime, units: end.map { timeUnit.count($0) })
      options.add(.receivedCount, number: receivedCount)
      options.add(.interfaceDropCount, number: interfaceDropCount)
      options.add(.systemDropCount, number: systemDropCount)
      return options.encoded
    }
  }
}
