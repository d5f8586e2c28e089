import ArgumentParser
import Capture
import Console
import Dialogues
import Glibc
import Lessons
import Packets

/// A capture that a command reads: a file, or standard input.
struct CaptureInput {
  let descriptor: Int32
  /// As it is named to the user.
  let name: String

  struct Refusal: Error { var text: String }

  /// Opens `file`; `-` is standard input. A refusal is a line for the user.
  static func open(_ file: String) -> Result<CaptureInput, Refusal> {
    if file == "-" { return .success(CaptureInput(descriptor: STDIN_FILENO, name: "standard input")) }
    func refused(_ reason: String) -> Result<CaptureInput, Refusal> {
      .failure(Refusal(text: "\(Printable.line(file)): \(reason)"))
    }
    let descriptor = unsafe Glibc.open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return refused(unsafe String(cString: strerror(errno))) }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      Glibc.close(descriptor)
      return refused("a directory, not a capture")
    }
    return .success(CaptureInput(descriptor: descriptor, name: file))
  }
  func close() { if descriptor != STDIN_FILENO { Glibc.close(descriptor) } }

  /// Compiles `-f`, or ends the program with status 2.
  static func filter(_ expression: String?) throws -> PacketFilter? {
    do { return try expression.map { try PacketFilter($0) } } catch let error as PacketFilterError {
      Terminal.complain("-f: \(error.reason)")
      throw ExitCode(2)
    }
  }
  /// Says what went wrong, if anything did; returns the exit status.
  func conclude(_ summary: AnalysisSummary, _ damage: CaptureError?, remarksThatThereIsNoMail: Bool) -> Int32 {
    let shown = Printable.line(name)
    if let complaint = Self.complaint(summary, damage) {
      Terminal.complain("\(shown): \(complaint)")
      return 2
    }
    if remarksThatThereIsNoMail, summary.counts.total == 0 {
      Terminal.complain("\(shown): no mail conversation in this capture")
    }
    return 0
  }
  /// Why a capture could not be read, or not to its end.
  static func complaint(_ summary: AnalysisSummary, _ damage: CaptureError?) -> String? {
    if let damage { return reason(damage) }
    guard summary.packets.packets > 0, summary.packets.undecodedLinkType == summary.packets.packets else { return nil }
    let linkType = summary.packets.lastUndecodedLinkType
    let name = linkType.name.map { " (\($0))" } ?? ""
    return "packets of link type \(linkType.rawValue)\(name) cannot be read"
  }
  private static func reason(_ error: CaptureError) -> String {
    if case .unreadable(let code) = error { return unsafe String(cString: strerror(code)) }
    return error.description
  }
}
