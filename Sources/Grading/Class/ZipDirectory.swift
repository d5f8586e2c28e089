internal import Bytes
internal import Inflation

/// The directory of a zip archive, and its files one by one: each is unpacked when it is asked for, in memory, and nothing
/// is written anywhere, so no name can lead out of a folder.
///
/// Stored and deflated entries are read (APPNOTE 4.4.5), by the central directory at the end. Links, devices and names that lead
/// out are left out, and named; folders, hidden files and what macOS adds beside files are passed over.
package struct ZipDirectory: Sendable {
  package struct Item: Sendable {
    /// With slashes between folders, also where Windows has written backslashes.
    package var name: String
    /// Where it stands in the central directory.
    fileprivate var offset: Int
  }
  package let items: [Item]
  /// What is no file, and names that begin at the root or lead upwards.
  package let leftOut: [LeftOut]
  private let octets: [UInt8]

  /// Throws a line for who handed it in where the octets are no archive, or one of more than `entryCount` entries.
  package init(_ octets: [UInt8], entryCount: Int) throws(WorksheetError) {
    guard let end = Self.endRecord(octets) else { throw WorksheetError("this is no zip file, or it is damaged") }
    let count = Self.number(octets, end + 10, 2)
    guard count <= entryCount else { throw WorksheetError("the zip file has too many files") }
    var offset = Self.number(octets, end + 16, 4)
    var items: [Item] = []
    var leftOut: [LeftOut] = []
    for _ in 0..<count {
      guard offset + 46 <= octets.count, Self.number(octets, offset, 4) == 0x0201_4B50 else {
        throw WorksheetError("the zip file's directory is damaged")
      }
      let nameLength = Self.number(octets, offset + 28, 2)
      guard offset + 46 + nameLength <= octets.count else {
        throw WorksheetError("the zip file's directory is damaged")
      }
      var name = String(decoding: octets[offset + 46..<offset + 46 + nameLength], as: UTF8.self)
        .replacing("\\", with: "/")
      if name.hasPrefix("./") { name.removeFirst(2) }
      let mode = Self.number(octets, offset + 38, 4) >> 16
      if !Self.isPassedOver(name, mode: mode) {
        if let reason = Self.obstacle(name, mode: mode) {
          leftOut.append(LeftOut(name, reason))
        } else {
          items.append(Item(name: name, offset: offset))
        }
      }
      offset += 46 + nameLength + Self.number(octets, offset + 30, 2) + Self.number(octets, offset + 32, 2)
    }
    self.items = items
    self.leftOut = leftOut
    self.octets = octets
  }
  /// Folders, and what is hidden.
  private static func isPassedOver(_ name: String, mode: Int) -> Bool {
    name.isEmpty || name.hasSuffix("/") || FileKind(mode: mode) == .folder
      || name.split(separator: "/").contains { ($0.hasPrefix(".") && $0 != "..") || $0 == "__MACOSX" }
  }
  /// Why an entry is no file; nil for a file, and where the archive does not tell what it is.
  private static func obstacle(_ name: String, mode: Int) -> String? {
    if name.hasPrefix("/") || name.split(separator: "/").contains("..") { return LeftOut.leadsOut }
    return mode & 0xF000 == 0 ? nil : FileKind(mode: mode).obstacle
  }
  /// The file's octets, of which there may be `room`; throws a line for who handed it in.
  package func content(of item: Item, room: Int) throws(WorksheetError) -> [UInt8] {
    let (entry, name) = (item.offset, item.name)
    let (flags, method) = (Self.number(octets, entry + 8, 2), Self.number(octets, entry + 10, 2))
    let (packed, local) = (Self.number(octets, entry + 20, 4), Self.number(octets, entry + 42, 4))
    guard flags & 1 == 0 else { throw WorksheetError("'\(name)' in the zip file is encrypted") }
    guard local + 30 <= octets.count, Self.number(octets, local, 4) == 0x0403_4B50 else {
      throw WorksheetError("'\(name)' in the zip file is damaged")
    }
    let begin = local + 30 + Self.number(octets, local + 26, 2) + Self.number(octets, local + 28, 2)
    guard begin + packed <= octets.count else { throw WorksheetError("'\(name)' in the zip file is damaged") }
    let body = Array(octets[begin..<begin + packed])
    switch method {
    case 0:
      guard body.count <= room else { throw WorksheetError("the zip file unpacks to too much") }
      return body
    case 8: return try Self.inflated(body, name, room: room)
    default: throw WorksheetError("'\(name)' in the zip file is packed in a way that is not read here")
    }
  }
  private static func inflated(_ body: [UInt8], _ name: String, room: Int) throws(WorksheetError) -> [UInt8] {
    var pool = InflatePool(limit: 1)
    let handle = pool.allocate(.raw)
    defer { pool.release(handle) }
    var content: [UInt8] = []
    var isOver = false
    let isSound = pool.inflate(body.span, with: handle) { piece in
      isOver = content.count + piece.count > room
      if !isOver { content += piece.copied() }
      return !isOver
    }
    if isOver { throw WorksheetError("the zip file unpacks to too much") }
    guard isSound else { throw WorksheetError("'\(name)' in the zip file is damaged") }
    return content
  }
  /// Where the record at the end stands: behind it is only a comment of at most 65,535 octets.
  private static func endRecord(_ octets: [UInt8]) -> Int? {
    guard octets.count >= 22 else { return nil }
    for offset in stride(from: octets.count - 22, through: max(0, octets.count - 22 - 65_535), by: -1)
    where number(octets, offset, 4) == 0x0605_4B50 { return offset }
    return nil
  }
  /// Little-endian; 0 where the octets end.
  private static func number(_ octets: [UInt8], _ offset: Int, _ count: Int) -> Int {
    guard offset >= 0, offset + count <= octets.count else { return 0 }
    return (0..<count).reduce(0) { $0 | Int(octets[offset + $1]) << (8 * $1) }
  }
}
