import ArgumentParser
import Capture
import Console
import Lessons

/// `mailwire interfaces`: on what can be captured, and what to do where permission is missing.
struct InterfacesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interfaces", abstract: "List the network interfaces, and whether you may capture on them.",
    discussion: """
      EXAMPLES:
        mailwire interfaces
        mailwire capture -i lo        then, on one of them

      EXIT STATUS: 0 done, also where permission is missing.
      """)

  func run() throws {
    let interfaces: [CaptureInterface]
    do throws(LiveCaptureError) { interfaces = try CaptureInterface.all() } catch {
      Terminal.complain(error.description)
      throw ExitCode(2)
    }
    let output = StandardOutput()
    let width = max(9, interfaces.map(\.name.count).max() ?? 0) + 2
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    output.write(padded("INTERFACE", width) + padded("STATE", 16) + padded("CAPTURE", 16) + "ADDRESSES\n")
    for interface in interfaces {
      let state = (interface.isUp ? "up" : "down") + (interface.isLoopback ? ", loopback" : "")
      let capture =
        switch interface.obstacle {
        case nil: "permitted"
        case .noPermission: "no permission"
        case .interfaceDown: "is down"
        default: "not possible"
        }
      let about =
        interface.addresses.isEmpty
        ? interface.description.map { "(\($0))" } ?? "" : interface.addresses.joined(separator: ", ")
      var line =
        padded(Printable.line(interface.name), width) + padded(state, 16) + padded(capture, 16) + Printable.line(about)
      while line.last == " " { line.removeLast() }
      output.write(line + "\n")
    }
    let refused = interfaces.first { if case .noPermission = $0.obstacle { true } else { false } }
    if let refused {
      let chosen = interfaces.first { $0.isLoopback }?.name ?? refused.name
      output.write("\nTo get permission:\n" + PermissionRemedy.lines(interface: chosen).joined(separator: "\n") + "\n")
    }
    output.flush()
  }
}
