/// The files of a zip archive that one student has handed in, unpacked in memory.
package struct ZipArchive: Sendable {
  package struct Entry: Equatable, Sendable {
    package var name: String
    package var octets: [UInt8]
  }
  package private(set) var entries: [Entry] = []
  package private(set) var leftOut: [LeftOut] = []

  /// Throws a line for who handed it in where the octets are no archive, or a larger one than is taken.
  package init(_ octets: [UInt8]) throws(WorksheetError) {
    guard octets.count <= GradingLimits.archiveByteCount else { throw WorksheetError("the zip file is too large") }
    let directory = try ZipDirectory(octets, entryCount: GradingLimits.archiveEntryCount)
    leftOut = directory.leftOut
    var room = GradingLimits.archiveByteCount
    for item in directory.items {
      let content = try directory.content(of: item, room: room)
      room -= content.count
      entries.append(Entry(name: item.name, octets: content))
    }
  }
}
