import Bytes

/// A file that grows while the capture is read: what is written waits in memory until it is worth a system call, and no
/// file stays open, because thousands of messages may be under way at a time.
final class GrowingFile {
  /// What waits in memory of all files of an export.
  final class Budget {
    fileprivate var waitingByteCount = 0
    /// Beyond this whatever is written goes to its file at once.
    fileprivate static let limit = 16 << 20
  }
  /// What one file may keep waiting.
  private static let pieceByteCount = 1 << 16

  private let folder: ExportFolder
  private let budget: Budget
  /// What it is to be called, if that is free.
  let wantedName: String
  let ending: String
  private var waiting = ByteWriter(minimumCapacity: 512)
  /// What it is called, once it is there.
  private(set) var name: String?
  private(set) var byteCount: UInt64 = 0

  /// Nothing is made yet.
  init(_ name: String, ending: String, in folder: ExportFolder, _ budget: Budget) {
    self.folder = folder
    self.budget = budget
    wantedName = name
    self.ending = ending
  }
  deinit { budget.waitingByteCount -= waiting.count }

  /// Lets `body` add octets.
  func write(_ body: (inout ByteWriter) -> Void) throws(ExportFailure) {
    let before = waiting.count
    body(&waiting)
    byteCount += UInt64(waiting.count - before)
    budget.waitingByteCount += waiting.count - before
    if waiting.count >= Self.pieceByteCount {
      try flush()
    } else if budget.waitingByteCount > Budget.limit {
      try flush()
      waiting = ByteWriter(minimumCapacity: 512)
    }
  }
  func write(_ octets: Span<UInt8>) throws(ExportFailure) { try write { $0.append(octets) } }

  /// Sees to it that the file is there, with all its octets; returns its name.
  @discardableResult func flush() throws(ExportFailure) -> String {
    budget.waitingByteCount -= waiting.count
    defer { waiting.removeAll() }
    if let name {
      if waiting.count > 0 {
        try waiting.withOctets { octets throws(ExportFailure) in try folder.append(octets, to: name) }
      }
      return name
    }
    let made = try waiting.withOctets { octets throws(ExportFailure) in
      try folder.create(wantedName, ending: ending, octets)
    }
    name = made
    return made
  }
  /// The same when nothing more will be written: the memory is given back.
  @discardableResult func close() throws(ExportFailure) -> String {
    let name = try flush()
    waiting = ByteWriter(minimumCapacity: 0)
    return name
  }
  /// Moves what was written to the end of `other`; nothing of this file is left.
  func pour(into other: GrowingFile) throws(ExportFailure) {
    if let name {
      try flush()
      try folder.consume(name) { octets throws(ExportFailure) in try other.write(octets) }
    } else {
      try waiting.withOctets { octets throws(ExportFailure) in try other.write(octets) }
      budget.waitingByteCount -= waiting.count
      waiting.removeAll()
    }
  }
}
