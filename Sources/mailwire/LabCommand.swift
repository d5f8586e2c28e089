import ArgumentParser
import Console
import Glibc

/// `mailwire lab …`: the mail servers, which are a second program.
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab", abstract: "The mail servers, mailboxes and agents of the lesson, on this machine.",
    discussion: "The lab is a second program, mailwire-lab; it lists its own commands with 'mailwire lab --help'.")

  @Argument(parsing: .captureForPassthrough, help: "What the lab is to do.") var arguments: [String] = []

  func run() throws {
    try SecondProgram.replaceThisOne(arguments: ["lab"] + arguments)
  }
}

/// `mailwire send`, `mailwire fetch`, `mailwire imap`: user agents, which are in the second program, too.
struct SendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send a message as a user agent does, by SMTP; --explain shows every step.")
  @Argument(parsing: .captureForPassthrough, help: "What is to be sent.") var arguments: [String] = []

  func run() throws { try SecondProgram.replaceThisOne(arguments: ["send"] + arguments) }
}
struct FetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch mail as a user agent does, by POP3; --explain shows every step.")
  @Argument(parsing: .captureForPassthrough, help: "What is to be fetched.") var arguments: [String] = []

  func run() throws { try SecondProgram.replaceThisOne(arguments: ["fetch"] + arguments) }
}
struct IMAPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "imap", abstract: "Work in a mailbox as a user agent does, by IMAP; --explain shows every step.")
  @Argument(parsing: .captureForPassthrough, help: "What is to be done.") var arguments: [String] = []

  func run() throws { try SecondProgram.replaceThisOne(arguments: ["imap"] + arguments) }
}

/// `mailwire exercise`, `mailwire grade`: a program of its own, so that whoever only analyzes does not build it, and
/// whoever does exercises does not build the lab.
struct ExerciseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exercise", abstract: "Exercises with a capture of your own: list, show, start, check.")
  @Argument(parsing: .captureForPassthrough, help: "What is to be done.") var arguments: [String] = []

  func run() throws { try SecondProgram.replaceThisOne(arguments: ["exercise"] + arguments, by: "mailwire-grade") }
}
struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Grade what students have handed in, one or a whole class.")
  @Argument(parsing: .captureForPassthrough, help: "What is to be graded.") var arguments: [String] = []

  func run() throws { try SecondProgram.replaceThisOne(arguments: ["grade"] + arguments, by: "mailwire-grade") }
}

/// The other programs of the house, `mailwire-lab` and `mailwire-grade`: looked for beside this one, then on PATH, as git finds its own.
enum SecondProgram {
  /// Goes on as the second program; returns only if there is none.
  static func replaceThisOne(arguments: [String], by name: String = "mailwire-lab") throws {
    let words = [name] + arguments
    var pointers = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { for place in unsafe pointers.indices { unsafe free(pointers[place]) } }
    if let folder { unsafe execv("\(folder)/\(name)", &pointers) }
    unsafe execvp(name, &pointers)
    Terminal.complain(
      "this is done by another program, \(name), which is neither beside this one nor on PATH; "
        + "build it: swift build -c release --product \(name)")
    throw ExitCode(2)
  }
  /// The folder of this program.
  private static var folder: Substring? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &path, path.count)
    guard count > 0, let text = String(validating: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self),
      let slash = text.lastIndex(of: "/")
    else { return nil }
    return text[..<slash]
  }
}
