/// The grader as a folder that needs nothing around it: the program with the libraries that it was linked with, one
/// exercise without its solutions, and, for a class, its secret.
///
///     mailwire                   a script that starts the program with its own libraries
///     program/mailwire-grade     program/lib/ld-linux-x86-64.so.2, program/lib/libsqlite3.so.0, …
///     Exercises/W3/exercise.yaml, scenario.yaml
///     class/class.json
package struct GraderBundle: Sendable {
  package let exercise: Exercise
  /// The program's own file, and its loader and libraries by their names; no loader where it is linked statically.
  package let program: [UInt8]
  package let loader: String?
  package let libraries: [(name: String, octets: [UInt8])]
  /// The files of the exercise's folder that grading needs.
  package let exerciseFiles: [(name: String, octets: [UInt8])]
  /// `class.json`; nil for practice.
  package let classFile: [UInt8]?
  /// How much students are shown.
  package let reveal: Reveal

  package init(
    _ exercise: Exercise, program: [UInt8], loader: String?, libraries: [(name: String, octets: [UInt8])],
    exerciseFiles: [(name: String, octets: [UInt8])], classFile: [UInt8]?, reveal: Reveal
  ) {
    self.exercise = exercise
    self.program = program
    self.loader = loader
    self.libraries = libraries
    self.exerciseFiles = exerciseFiles
    self.classFile = classFile
    self.reveal = reveal
  }

  /// Whether students' programs are run, for which a sandbox is needed.
  var runsPrograms: Bool { exercise.trial != nil }
  /// The arguments of `mailwire grade` that the bundle's scripts add; `$here` is the bundle.
  var gradeArguments: String {
    let group = classFile == nil ? "" : " --class \"$here/class\""
    return "--exercises \"$here/Exercises\"\(group) --reveal \(reveal.rawValue)"
  }
  package var files: [ExportFile] {
    let start =
      loader.map {
        "exec \"$here/program/lib/\($0)\" --library-path \"$here/program/lib\" \"$here/program/mailwire-grade\""
      }
      ?? "exec \"$here/program/mailwire-grade\""
    var files = [
      ExportFile(
        "mailwire",
        text: """
          #!/bin/sh
          # mailwire exercise … and mailwire grade …, with the libraries that lie beside the program.
          here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
          \(start) "$@"

          """, isExecutable: true),
      ExportFile("program/mailwire-grade", program, isExecutable: true),
    ]
    files += libraries.map { ExportFile("program/lib/\($0.name)", $0.octets, isExecutable: $0.name == loader) }
    files += exerciseFiles.map { ExportFile("Exercises/\(exercise.id)/\($0.name)", $0.octets) }
    if let classFile { files.append(ExportFile("class/class.json", classFile, isPrivate: true)) }
    return files
  }
}
