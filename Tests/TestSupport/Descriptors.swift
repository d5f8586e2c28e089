import Foundation
import Glibc

/// Lends `body` a file descriptor from which `octets` can be read: a file that has no name any more.
package func withFile<Result>(_ octets: [UInt8], _ body: (Int32) throws -> Result) rethrows -> Result {
  let folder = FileManager.default.temporaryDirectory.path
  var name = Array("\(folder)/mailwire-XXXXXX".utf8CString)
  let file = unsafe mkstemp(&name)
  precondition(file >= 0, "no temporary file")
  unsafe unlink(name)
  defer { close(file) }
  writeAll(octets, to: file)
  lseek(file, 0, SEEK_SET)
  return try body(file)
}
/// Lends `body` the reading end of a pipe that holds `octets` (no more than a pipe takes) and has no writer any more.
package func withPipe<Result>(_ octets: [UInt8], _ body: (Int32) throws -> Result) rethrows -> Result {
  let (reading, writing) = openPipe()
  writeAll(octets, to: writing)
  close(writing)
  defer { close(reading) }
  return try body(reading)
}
/// Lends `body` a socket from which each read gets one of `messages`, whole and alone, then the end.
package func withMessages<Result>(_ messages: [[UInt8]], _ body: (Int32) throws -> Result) rethrows -> Result {
  var ends: [Int32] = [0, 0]
  precondition(unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0, "no sockets")
  let (reading, writing) = (ends[0], ends[1])
  // A thread of its own: a socket holds only so many messages that were not read.
  Thread.detachNewThread {
    for message in messages {
      let sent = unsafe message.withUnsafeBytes {
        unsafe send(writing, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent < 0 { break }
    }
    close(writing)
  }
  defer { close(reading) }
  return try body(reading)
}
/// The two ends of a pipe.
package func openPipe() -> (reading: Int32, writing: Int32) {
  var ends: [Int32] = [0, 0]
  precondition(unsafe pipe(&ends) == 0, "no pipe")
  return (ends[0], ends[1])
}
/// Writes every octet, or stops where the other end is gone.
package func writeAll(_ octets: [UInt8], to file: Int32) {
  var rest = octets[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    if count <= 0 { return }
    rest = rest.dropFirst(count)
  }
}
