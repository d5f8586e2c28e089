internal import Foundation
internal import Packets
internal import Scenarios

/// A worksheet as it was handed in, in Markdown or in YAML.
package enum SubmittedWorksheet {
  package static func read(_ text: String, name: String, for exercise: Exercise) throws(WorksheetError)
    -> FilledWorksheet
  {
    let lowered = name.lowercased()
    guard lowered.hasSuffix(".yaml") || lowered.hasSuffix(".yml") else {
      return try MarkdownWorksheet.read(text, for: exercise)
    }
    var sheet = try YAMLWorksheet.read(text)
    sheet.settle(for: exercise)
    return sheet
  }
}

/// A capture as it was handed in.
package enum SubmittedCapture {
  /// What the analyzer says of a file; nil when it is no capture. Throws when it cannot be opened.
  package static func facts(path: String) throws -> CaptureFacts? {
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    return CaptureFacts.read(fileDescriptor: file.fileDescriptor)
  }
  /// The packets of a capture file; nil when it is none.
  static func packets(octets: [UInt8]) throws -> (packets: [PlayedPacket], linkType: LinkType)? {
    guard !octets.isEmpty else { return nil }
    let path = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)")
    try Data(octets).write(to: path, options: .withoutOverwriting)
    defer { try? FileManager.default.removeItem(at: path) }
    let file = try FileHandle(forReadingFrom: path)
    return CaptureFacts.packets(fileDescriptor: file.fileDescriptor)
  }
  /// The same of octets that came out of a zip file.
  package static func facts(octets: [UInt8]) throws -> CaptureFacts? {
    let path = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)")
    try Data(octets).write(to: path, options: .withoutOverwriting)
    defer { try? FileManager.default.removeItem(at: path) }
    return try facts(path: path.path)
  }
}
