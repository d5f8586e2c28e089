/// Gradescope's autograder: a zip archive with `setup.sh`, which runs once when the image is made, and `run_autograder`,
/// which runs for each submission in `/autograder` and leaves `results/results.json`.
package enum GradescopeBundle {
  package static func files(_ bundle: GraderBundle) -> [ExportFile] {
    [
      ExportFile(
        "setup.sh",
        text: """
          #!/bin/sh
          # Installs nothing and fetches nothing: the program has brought its libraries. It is only tried once.
          here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
          chmod +x "$here/mailwire" "$here"/program/mailwire-grade "$here"/program/lib/ld-* 2>/dev/null
          "$here/mailwire" exercise show \(bundle.exercise.id) --exercises "$here/Exercises" || {
            echo "mailwire does not run here: it was built for another processor, or for a newer Linux." >&2
            exit 1
          }

          """, isExecutable: true),
      ExportFile(
        "run_autograder",
        text: """
          #!/bin/sh
          # Grades /autograder/submission. When it cannot, there is no results.json, and Gradescope says that the autograder
          # has failed: the fault of the lab is never the student's.
          here=/autograder/source
          results=/autograder/results
          "$here/mailwire" grade \(bundle.exercise.id) /autograder/submission \(bundle.gradeArguments) \\
            --metadata /autograder/submission_metadata.json --format gradescope > "$results/results.json.new"
          status=$?
          case $status in
            0 | 1 | 4) mv "$results/results.json.new" "$results/results.json" ;;
            *) rm -f "$results/results.json.new"; exit "$status" ;;
          esac

          """, isExecutable: true),
    ] + bundle.files
  }
}
