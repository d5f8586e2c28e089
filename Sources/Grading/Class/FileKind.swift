internal import Foundation

/// What lies under a name in a folder or an archive, by the bits of its mode (POSIX `sys/stat.h`; a zip archive made by Unix
/// keeps the same bits, APPNOTE 4.4.15).
package enum FileKind: Sendable {
  case file, folder, symbolicLink, namedPipe, socket, device
  /// None of those, or nobody may look.
  case unknown

  package init(mode: Int) {
    switch mode & 0xF000 {
    case 0x8000: self = .file
    case 0x4000: self = .folder
    case 0xA000: self = .symbolicLink
    case 0x1000: self = .namedPipe
    case 0xC000: self = .socket
    case 0x2000, 0x6000: self = .device
    default: self = .unknown
    }
  }
  /// Of what lies at `path`, without following a link; nil when there is nothing.
  package init?(path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      self = .unknown
      return
    }
    self.init(mode: Int(status.st_mode))
  }
  /// Why nobody can have handed this in, in the middle of a sentence; nil for a file and a folder.
  package var obstacle: String? {
    switch self {
    case .file, .folder: nil
    case .symbolicLink: "it is a symbolic link"
    case .namedPipe: "it is a named pipe"
    case .socket: "it is a socket"
    case .device: "it is a device"
    case .unknown: "it is neither a file nor a folder that can be read"
    }
  }
}
