import ArgumentParser
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
    program = try Self.octets(path)
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
  private static func octets(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  /// What the loader says that the program needs; nothing of one that is linked statically.
  private static func linked(_ path: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/ldd")
    process.arguments = [path]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
