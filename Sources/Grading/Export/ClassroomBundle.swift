/// What belongs into the template repository of a GitHub Classroom assignment: the grader, and the workflow that runs it
/// at every push and reports the points.
package enum ClassroomBundle {
  private static let folder = ".github/mailwire"

  package static func files(_ bundle: GraderBundle) -> [ExportFile] {
    let files = bundle.files.map { file in
      var file = file
      file.path = "\(folder)/\(file.path)"
      return file
    }
    return [ExportFile(".github/workflows/classroom.yml", text: workflow(bundle))] + files
  }
  /// Ubuntu's machines do not let every program make the namespaces of which a sandbox consists.
  private static let sandbox = """
          - name: Prepare the sandbox
            run: |
              sudo apt-get update
              sudo apt-get install -y --no-install-recommends bubblewrap
              sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 || true

    """
  private static func workflow(_ bundle: GraderBundle) -> String {
    let id = bundle.exercise.id
    let runner = id.lowercased()
    return """
      name: Autograding
      on: [push, repository_dispatch, workflow_dispatch]
      permissions:
        checks: write
        actions: read
        contents: read
      jobs:
        autograding:
          runs-on: ubuntu-latest
          if: github.actor != 'github-classroom[bot]'
          steps:
            - uses: actions/checkout@v4
      \(bundle.runsPrograms ? sandbox : "")      - name: Grade \(id)
              id: \(runner)
              run: |
                grade() {
                  \(folder)/mailwire grade \(id) . --one --exercises \(folder)/Exercises --reveal \(bundle.reveal.rawValue) \\
                    --format "$1" || [ $? -eq 1 ]
                }
                grade text
                grade github
                echo "result=$(grade classroom | base64 -w0)" >> "$GITHUB_OUTPUT"
            - name: Report the points
              uses: classroom-resources/autograding-grading-reporter@v1
              env:
                \(id.uppercased())_RESULTS: "${{ steps.\(runner).outputs.result }}"
              with:
                runners: \(runner)

      """
  }
}
