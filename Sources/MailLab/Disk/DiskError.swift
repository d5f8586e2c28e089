internal import Glibc
internal import MailSystem

/// What a disk did not do.
enum DiskError: Error, Equatable {
  /// The disk, or what this user may use of it, is full.
  case noRoom(path: String)
  case missing(path: String)
  case failed(path: String, reason: String)

  /// What the last call said of a path.
  static func last(_ path: String) -> DiskError {
    switch errno {
    case ENOSPC, EDQUOT, EFBIG: return .noRoom(path: path)
    case ENOENT: return .missing(path: path)
    default: return unsafe .failed(path: path, reason: String(cString: strerror(errno)))
    }
  }
  var storeError: MailStoreError { if case .noRoom = self { .full } else { .unavailable } }
  var deliveryFault: DeliveryFault { if case .noRoom = self { .noRoom } else { .broken } }
}

extension DiskError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noRoom(let path): "\(path): no room is left"
    case .missing(let path): "\(path): there is no such file or folder"
    case .failed(let path, let reason): "\(path): \(reason)"
    }
  }
}
