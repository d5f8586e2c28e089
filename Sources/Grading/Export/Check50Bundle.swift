/// A folder of checks for check50 (`check50 --dev FOLDER`, or a repository of such folders), and beside it `check`, which
/// prints check50's JSON without check50. Whose a submission is, check50 does not tell: it is for practice, where the name in
/// the worksheet decides.
package enum Check50Bundle {
  package static func files(_ bundle: GraderBundle) -> [ExportFile] {
    let id = bundle.exercise.id
    return [
      ExportFile(
        ".cs50.yml",
        text: bundle.runsPrograms
          ? "check50:\n  checks: __init__.py\n"
          : """
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
          # check FOLDER: what check50 -o json would print of what lies in it.
          here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
          exec "$here/mailwire" grade \(id) "${1:-.}" --one \(bundle.gradeArguments) --format check50

          """, isExecutable: true),
    ] + bundle.files
  }
  private static func checks(_ bundle: GraderBundle) -> String {
    let lacking =
      bundle.exercise.trial.map { trial in
        "There is no program: " + trial.role.programs.map { "\($0).py" }.joined(separator: " and ") + "."
      } ?? "There is no worksheet: a file such as \(bundle.exercise.id).md."
    var page = """
      \"\"\"The checks of \(bundle.exercise.id), judged by the grader that lies beside this file.\"\"\"

      import json
      import os
      import subprocess

      import check50

      HERE = os.path.dirname(os.path.abspath(__file__))


      def grade():
          run = subprocess.run(
              [f"{HERE}/mailwire", "grade", "\(bundle.exercise.id)", ".", "--one", "--exercises", f"{HERE}/Exercises",
               "--reveal", "\(bundle.reveal.rawValue)", "--format", "check50"],
              capture_output=True, text=True, timeout=120)
          if run.returncode not in (0, 1, 4):
              raise RuntimeError(run.stderr)
          return {result["name"]: result for result in json.loads(run.stdout)["results"]}


      def judge(name):
          \(bundle.runsPrograms ? "with open(RESULTS) as file:\n        results = json.load(file)" : "results = grade()")
          if name not in results:
              raise check50.Failure("\(lacking)")
          result = results[name]
          if result["passed"] is None and result["log"] and result["log"][0].startswith("This could not be judged"):
              # The grader's own fault, which check50 shows as an error of the checks.
              raise RuntimeError(" ".join(result["log"]))
          for line in result["log"]:
              check50.log(line)
          if result["passed"] is not True:
              cause = result["cause"] or {}
              raise check50.Failure(cause.get("rationale") or "This did not pass.", help=cause.get("help"))

      """
    if bundle.runsPrograms {
      // check50 runs checks side by side; those that build on one find its files.
      page += """


        RESULTS = ".mailwire.json"


        @check50.check()
        def runs():
            "The programs are tried"
            with open(RESULTS, "w") as file:
                json.dump(grade(), file)

        """
    }
    for check in bundle.exercise.checks {
      let name = check.id.map { $0 == "-" ? "_" : String($0) }.joined()
      page += """


        @check50.check(\(bundle.runsPrograms ? "runs" : ""))
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
