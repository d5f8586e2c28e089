public import Bytes

/// What a pcapng capture says besides its packets (draft-ietf-opsawg-pcapng, the section beside each case). Octets
/// that belong to it are lent with it: a text without its NULs, a name, secrets.
///
/// Notes come in the order of the file. What is said of a packet comes just before the packet.
public enum CaptureNote: BitwiseCopyable, Equatable, Sendable {
  /// Of what an option speaks.
  public enum Subject: BitwiseCopyable, Equatable, Sendable {
    case section
    case interface(UInt32)
    /// The packet with this frame number.
    case packet(UInt32)
    case names
    case statistics(interface: UInt32)
    case secrets
  }
  /// Texts that options hold.
  public enum Text: BitwiseCopyable, Sendable {
    /// opt_comment (§3.5): a person's words.
    case comment
    /// shb_hardware, if_hardware.
    case hardware
    /// shb_os, if_os.
    case operatingSystem
    /// shb_userappl: the program that wrote the section.
    case application
    /// if_name, if_description.
    case name
    case description
    /// if_filter, where it is a libpcap filter string.
    case filter
  }
  /// Counts that options hold.
  public enum Count: BitwiseCopyable, Sendable {
    /// isb_ifrecv, isb_ifdrop, isb_filteraccept, isb_osdrop, isb_usrdeliv (§4.6).
    case received
    case droppedByInterface
    case accepted
    case droppedBySystem
    case delivered
    /// epb_dropcount (§4.3): packets lost between the interface's packet before and this one.
    case droppedBefore
  }

  /// A section begins (§4.1): interfaces are numbered anew, from 0.
  case section
  /// An interface of the section (§4.2); `snapLength` 0 is no limit.
  case interface(UInt32, LinkType, snapLength: UInt32)
  /// The packet that follows has no time of its own (§4.4, a simple packet block); its timestamp is 0.
  case untimed(frame: UInt32)
  /// Records of names follow (§4.5).
  case names
  /// A name of an address (§4.5); the endpoint's port is 0. Lent: the name.
  case name(of: Endpoint)
  /// Counts of an interface follow (§4.6), taken at this moment.
  case statistics(interface: UInt32, at: Timestamp)
  /// Keys for what is encrypted in packets that follow (§4.7); `kind` is 0x544C534B for a TLS key log. Lent: the keys.
  case secrets(kind: UInt32)
  /// A custom block (§4.8) of an enterprise's number. Lent: its data and options.
  case custom(enterprise: UInt32, mayBeCopied: Bool)
  /// A block of a kind that is not read here, such as a journal entry (type 9). Lent: its body.
  case unread(type: UInt32)

  /// Lent: the text.
  case text(Text, of: Subject)
  case count(Count, UInt64, of: Subject)
  /// isb_starttime and isb_endtime (§4.6).
  case started(interface: UInt32, at: Timestamp)
  case ended(interface: UInt32, at: Timestamp)
  /// epb_flags (§4.3.1): in the lowest two bits 1 for inbound, 2 for outbound.
  case flags(UInt32, frame: UInt32)
  /// Any other option. Lent: its value, in the section's byte order.
  case option(code: UInt16, of: Subject)
  /// The options that follow cannot be read: a length reaches beyond the block.
  case damagedOptions(of: Subject)
}
