import ArgumentParser
import Console
import Foundation
import Grading

/// A program's file with the loader and the libraries that it was linked with, so that it runs where they are not: on any
/// Linux with the same processor and no older kernel.
struct PortableProgram {
  let program: [UInt8]
  let loader: String?
  let libraries: [(name: String, octets: [UInt8])]

  /// The program at `path`, or this one. Ends with status 2 where that is no program of Linux.
  init(path: String?) throws {
    let path = path ?? Bundle.main.executablePath ?? CommandLine.arguments[0]
    let copy = try Self.stripped(path)
    defer { if let copy { try? FileManager.default.removeItem(atPath: copy) } }
    program = try Self.octets(copy ?? path)
    guard program.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      Terminal.complain("\(path) is no program of Linux; --program names one")
      throw ExitCode(2)
    }
    var (loader, libraries): (String?, [(name: String, octets: [UInt8])]) = (nil, [])
    for line in try Self.linked(path) {
      guard let place = line.split(whereSeparator: \.isWhitespace).first(where: { $0.hasPrefix("/") }) else {
        if line.contains("not found") {
          Terminal.complain("\(path) lacks a library here: \(line.trimmingBlanks)")
          throw ExitCode(2)
        }
        continue
      }
      // `libz.so.1 => /lib/libz.so.1 (0x…)`; the loader stands there by its path alone.
      let name = String(place.split(separator: "/").last ?? "")
      if !line.contains("=>") { loader = name }
      libraries.append((name, try Self.octets(String(place))))
    }
    self.loader = loader
    self.libraries = libraries
  }
  /// A copy without what only debuggers need, which is a third of it; nil where `strip` is not installed or does not like
  /// the file.
  private static func stripped(_ path: String) throws -> String? {
    let copy = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)").path
    return try run("/usr/bin/strip", ["-o", copy, path]) == nil ? nil : copy
  }
  private static func octets(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  /// What the loader says that the program needs; nothing of one that is linked statically.
  private static func linked(_ path: String) throws -> [String] {
    try run("/usr/bin/ldd", [path])?.split(separator: "\n").map(String.init) ?? []
  }
  /// What a program prints; nil where it is not there, or ends badly.
  private static func run(_ program: String, _ arguments: [String]) throws -> String? {
    guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: text, as: UTF8.self) : nil
  }
}
