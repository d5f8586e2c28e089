/// Which of two octets for one place of a stream counts, as receivers' systems decide it (J. Novak, S. Sturges:
/// Target-Based TCP Stream Reassembly, 2007).
///
/// A policy decides among octets that wait for their turn behind a hole. What was delivered stands: a receiver hands
/// octets that are next in order to its application at once.
public enum OverlapPolicy: String, Sendable, CaseIterable {
  /// The first to arrive.
  case first
  /// The later segment's where it begins before the earlier one (BSD, macOS, AIX).
  case bsd
  /// As `bsd`, and where both begin at one place the later segment's if it is longer (Linux).
  case linux
  /// As `linux`, also if both are of one length (Linux before 2.2).
  case oldLinux = "old-linux"
  /// The last to arrive (old HP-UX, Cisco IOS).
  case last
  /// The later segment's where it ends behind the earlier one, or with it and begins no later (Solaris, HP-UX 11).
  case solaris
  /// The first to arrive (Windows since Vista).
  case windows

  /// A segment's place: the sequence numbers of its first octet and of the one behind its last.
  struct Extent: BitwiseCopyable {
    var lower: UInt32
    var upper: UInt32
  }
  /// Whether the octets of `later` count where both segments have one.
  func prefers(_ later: Extent, over earlier: Extent) -> Bool {
    let begins = SequenceNumber.distance(from: earlier.lower, to: later.lower)
    let ends = SequenceNumber.distance(from: earlier.upper, to: later.upper)
    return switch self {
    case .first, .windows: false
    case .last: true
    case .bsd: begins < 0
    case .linux: begins < 0 || begins == 0 && ends > 0
    case .oldLinux: begins < 0 || begins == 0 && ends >= 0
    case .solaris: ends > 0 || ends == 0 && begins <= 0
    }
  }
}
