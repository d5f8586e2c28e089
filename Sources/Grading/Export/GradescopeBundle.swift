/// Gradescope's autograder: a zip archive with `setup.sh`, which runs once when the image is made, and `run_autograder`,
/// which runs for each submission in `/autograder` and leaves `results/results.json`.
package enum GradescopeBundle {
  package static func files(_ bundle: GraderBundle) -> [ExportFile] {
    [
      ExportFile(
        "setup.sh",
        text: """
          #!/bin/sh
          # The program has brought its libraries, and is only tried once.\(bundle.runsPrograms ? " What students' programs need is installed." : " Nothing is installed and nothing fetched.")
          here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
          chmod +x "$here/mailwire" "$here"/program/mailwire-grade "$here"/program/lib/ld-* 2>/dev/null
          "$here/mailwire" exercise show \(bundle.exercise.id) --exercises "$here/Exercises" || {
            echo "mailwire does not run here: it was built for another processor, or for a newer Linux." >&2
            exit 1
          }
          \(bundle.runsPrograms ? sandbox(bundle) : "")
          """, isExecutable: true),
      ExportFile(
        "run_autograder",
        text: """
          #!/bin/sh
          # Grades /autograder/submission. What cannot be judged is told in results.json. When nothing can be told there is
          # none, and Gradescope says that the autograder has failed: the fault of the lab is never the student's.
          here=/autograder/source
          results=/autograder/results
          "$here/mailwire" grade \(bundle.exercise.id) /autograder/submission \(bundle.gradeArguments) \\
            --metadata /autograder/submission_metadata.json --format gradescope > "$results/results.json.new"
          status=$?
          case $status in
            0 | 1 | 4) ;;
            *) rm -f "$results/results.json.new"; exit "$status" ;;
          esac
          if [ -s "$results/results.json.new" ]; then
            mv "$results/results.json.new" "$results/results.json"
          else
            rm -f "$results/results.json.new"
            exit 4
          fi

          """, isExecutable: true),
    ] + bundle.files
  }
  /// Installs what the sandbox is made of, and tries it: with a program that does nothing, anything but status 4 is well.
  private static func sandbox(_ bundle: GraderBundle) -> String {
    let programs = bundle.exercise.trial?.role.programs ?? []
    return """
      missing=
      command -v bwrap > /dev/null || missing="$missing bubblewrap"
      command -v prlimit > /dev/null || missing="$missing util-linux"
      command -v python3 > /dev/null || missing="$missing python3"
      if [ -n "$missing" ]; then
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } || {
          echo "Students' programs run in a sandbox, for which$missing must be installed." >&2
          exit 1
        }
      fi
      trial=$(mktemp -d)
      for name in \(programs.joined(separator: " ")); do echo pass > "$trial/$name.py"; done
      "$here/mailwire" grade \(bundle.exercise.id) "$trial" --one --exercises "$here/Exercises" > "$trial/page" 2>&1
      if [ $? -eq 4 ]; then
        cat "$trial/page"
        echo "WARNING: no sandbox can be made while this image is built. If that is so when students hand in, too, every" >&2
        echo "result says 'could not judge': grade the submissions on a computer of yours, with mailwire grade." >&2
      fi
      rm -rf "$trial"

      """
  }
}
