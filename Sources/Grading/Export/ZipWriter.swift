internal import Bytes
internal import Inflation
internal import MailSystem

/// Writes files into a zip archive (APPNOTE 4.3): deflated, with their permissions, and with the same octets for the same
/// files, whenever it is made.
package enum ZipWriter {
  /// What a zip archive without extensions can count.
  private static let largestByteCount = Int(UInt32.max) - 1

  /// Throws an `ExerciseError` where the files are too many or too large for an archive.
  package static func archive(_ files: [ExportFile]) throws -> [UInt8] {
    guard files.count < Int(UInt16.max) else { throw ExerciseError("there are too many files for a zip archive") }
    var output: [UInt8] = []
    var directory: [UInt8] = []
    for file in files {
      guard let packed = Deflation.raw(file.octets.span), output.count + packed.count < largestByteCount else {
        throw ExerciseError("'\(file.path)' is too large for a zip archive")
      }
      let offset = output.count
      // The version that knows DEFLATE, UTF-8 names, method 8, and the first moment that DOS knows: 1980-01-01.
      let common: [UInt8] = [20, 0, 0, 8, 8, 0, 0, 0, 0x21, 0]
      let sizes =
        number(Int(Deflation.crc32(file.octets.span)), 4) + number(packed.count, 4) + number(file.octets.count, 4)
      let name = Array(file.path.utf8)
      output += number(0x0403_4B50, 4) + common + sizes + number(name.count, 2) + number(0, 2) + name + packed
      // Made by Unix, whose permissions stand in the upper half of the attributes.
      directory += number(0x0201_4B50, 4) + [20, 3] + common + sizes + number(name.count, 2)
      directory += number(0, 2) + number(0, 2) + number(0, 2) + number(0, 2)
      directory += number((0x8000 | file.permissions) << 16, 4) + number(offset, 4) + name
    }
    let end = number(0x0605_4B50, 4) + number(0, 4) + number(files.count, 2) + number(files.count, 2)
    return output + directory + end + number(directory.count, 4) + number(output.count, 4) + number(0, 2)
  }
  /// Little-endian.
  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
