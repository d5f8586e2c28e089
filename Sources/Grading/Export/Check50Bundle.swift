/// A folder of checks for check50 (`check50 --dev FOLDER`, or a repository of such folders), and beside it `check`, which
/// prints check50's JSON without check50. Whose a submission is, check50 does not tell: it is for practice, where the name in
/// the worksheet decides.
package enum Check50Bundle {
  package static func files(_ bundle: GraderBundle) -> [ExportFile] {
    let id = bundle.exercise.id
    return [
      ExportFile(
        ".cs50.yml",
        text: """
          check50:
            checks: __init__.py
            files:
              - !exclude "*"
              - !include "*.md"
              - !include "*.yaml"
              - !include "*.yml"
              - !include "*.pcapng"

          """),
      ExportFile("__init__.py", text: checks(bundle)),
      ExportFile(
        "check",
        text: """
          #!/bin/sh
          # check FOLDER: what check50 -o json would print of the worksheet in it.
          here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
          exec "$here/mailwire" grade \(id) "${1:-.}" --one \(bundle.gradeArguments) --format check50

          """, isExecutable: true),
    ] + bundle.files
  }
  private static func checks(_ bundle: GraderBundle) -> String {
    var page = """
      \"\"\"The checks of \(bundle.exercise.id), judged by the grader that lies beside this file.\"\"\"

      import json
      import os
      import subprocess

      import check50

      HERE = os.path.dirname(os.path.abspath(__file__))


      def judge(name):
          run = subprocess.run(
              [f"{HERE}/mailwire", "grade", "\(bundle.exercise.id)", ".", "--one", "--exercises", f"{HERE}/Exercises",
               "--reveal", "\(bundle.reveal.rawValue)", "--format", "check50"],
              capture_output=True, text=True, timeout=120)
          if run.returncode not in (0, 1, 4):
              raise RuntimeError(run.stderr)
          results = {result["name"]: result for result in json.loads(run.stdout)["results"]}
          if name not in results:
              raise check50.Failure("There is no worksheet: a file such as \(bundle.exercise.id).md.")
          result = results[name]
          for line in result["log"]:
              check50.log(line)
          if result["passed"] is not True:
              cause = result["cause"] or {}
              raise check50.Failure(cause.get("rationale") or "This did not pass.", help=cause.get("help"))

      """
    for check in bundle.exercise.checks {
      let name = check.id.map { $0 == "-" ? "_" : String($0) }.joined()
      page += """


        @check50.check()
        def \(name)():
            \(quoted(check.title))
            judge(\(quoted(check.id)))

        """
    }
    return page
  }
  /// As a Python string, which is not a template for anything.
  private static func quoted(_ text: String) -> String {
    var quoted = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      case _ where scalar.value < 32: quoted += " "
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return "\"\(quoted)\""
  }
}
