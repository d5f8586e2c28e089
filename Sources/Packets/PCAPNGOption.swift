/// The code of an option of a pcapng block. All but the first mean something else in every kind of block.
struct PCAPNGOption: RawRepresentable, Hashable, Sendable {
  let rawValue: UInt16
  init(rawValue: UInt16) { self.rawValue = rawValue }
  private init(_ code: UInt16) { rawValue = code }

  /// opt_comment (§3.5), in every block.
  static let comment = PCAPNGOption(1)

  /// Of a section header block (§4.1): shb_hardware, shb_os, shb_userappl.
  static let hardware = PCAPNGOption(2)
  static let operatingSystem = PCAPNGOption(3)
  static let application = PCAPNGOption(4)

  /// Of an interface description block (§4.2): if_name, if_description, if_tsresol, if_filter, if_os, if_tsoffset,
  /// if_hardware.
  static let interfaceName = PCAPNGOption(2)
  static let interfaceDescription = PCAPNGOption(3)
  static let timeResolution = PCAPNGOption(9)
  static let filter = PCAPNGOption(11)
  static let interfaceOperatingSystem = PCAPNGOption(12)
  static let timeOffset = PCAPNGOption(14)
  static let interfaceHardware = PCAPNGOption(15)

  /// Of an enhanced packet block (§4.3): epb_flags, epb_dropcount.
  static let packetFlags = PCAPNGOption(2)
  static let packetDropCount = PCAPNGOption(4)

  /// Of an interface statistics block (§4.6): isb_starttime, isb_endtime, isb_ifrecv, isb_ifdrop, isb_filteraccept,
  /// isb_osdrop, isb_usrdeliv.
  static let startTime = PCAPNGOption(2)
  static let endTime = PCAPNGOption(3)
  static let receivedCount = PCAPNGOption(4)
  static let interfaceDropCount = PCAPNGOption(5)
  static let acceptedCount = PCAPNGOption(6)
  static let systemDropCount = PCAPNGOption(7)
  static let deliveredCount = PCAPNGOption(8)
}
