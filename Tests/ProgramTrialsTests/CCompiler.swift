import Foundation
import TestSupport

@testable import Grading

/// The C compiler of the system, else the one that comes with Swift.
struct CCompiler {
  let url: URL
  /// Whether programs can be made that need no library where they run.
  let linksStatically: Bool

  /// nil where there is none; prints that.
  static let system: CCompiler? = {
    for peer in [Peer.cc, .gcc, .clang] {
      guard let url = peer.url else { continue }
      let isUsable = { (isStatic: Bool) in (try? compile("int main(void) { return 0; }", with: url, isStatic)) != nil }
      if isUsable(false) { return CCompiler(url: url, linksStatically: isUsable(true)) }
    }
    print("skipped: none of cc, gcc and clang makes a program here")
    return nil
  }()

  /// The octets of the program, linked statically where that is wanted and possible.
  func compile(_ source: String, isStatic: Bool) throws -> [UInt8] {
    try Self.compile(source, with: url, isStatic && linksStatically)
  }
  private static func compile(_ source: String, with url: URL, _ isStatic: Bool) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let (input, output) = ("\(folder.path)/client.c", "\(folder.path)/client")
    try source.write(toFile: input, atomically: true, encoding: .utf8)
    let run = try Program.run(
      ["-std=gnu99", "-w", "-o", output, input] + (isStatic ? ["-static"] : []), program: url, seconds: 60)
    guard run.status == 0, !run.wasKilled else { throw WorksheetError("\(run.diagnostics)\n\(source)") }
    return Array(try Data(contentsOf: URL(filePath: output)))
  }
}
