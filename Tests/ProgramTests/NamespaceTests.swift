import Dialogues
import Foundation
import TestSupport
import Testing

/// Live capture in network namespaces of its own, which no packet can leave.
@Suite(
  .serialized,
  .enabled(if: Namespaces.arePossible, "needs user namespaces (unshare -Urn), ip and python3"))
struct NamespaceTests {
  /// Runs a script within a namespace; `$mailwire` is the program, `$folder` a folder of its own.
  private func run(_ script: String, in launcher: [String], _ check: (URL, Program.Run) throws -> Void) throws {
    try Folder.temporary { folder in
      // An ordinary user may not reach the build's folder.
      let copy = folder.appending(path: "mailwire")
      try Program.copy(to: copy)
      _ = unsafe chmod(folder.path, 0o777)
      let prelude = """
        set -eu
        mailwire='\(copy.path)' folder='\(folder.path)' PATH=$PATH:/usr/sbin:/sbin
        # until_true COMMAND: tries it for a minute, which other suites may make short.
        until_true() {
          for _ in $(seq 1200); do eval "$1" > /dev/null 2>&1 && return; sleep 0.05; done
          echo "never: $1" >&2; cat "$folder/err" >&2; exit 1
        }
        started=""
        # Whoever runs tests may have blocked all signals that can be blocked.
        trap 'for process in $started; do kill -KILL "$process" 2> /dev/null || true; done' EXIT
        """
      try check(
        folder,
        try Program.run(launcher + ["bash", "-c", prelude + "\n" + script], program: Namespaces.env, seconds: 120))
    }
  }
  /// The rows of a ladder without its headings.
  private func rows(_ text: String) -> [Substring] {
    text.split(separator: "\n").filter { $0.contains("│") || $0.contains("├") || $0.contains("◀") }
  }

  /// What an ordinary user can do without any permission, as the remedy says; client and server are Python's.
  @Test func anOrdinaryUserHasAPrivateLoopback() throws {
    let server = """
      import socketserver
      class Mail(socketserver.StreamRequestHandler):
        def say(self, text): self.wfile.write(text.encode() + b'\\r\\n')
        def handle(self):
          self.say('220 mail.someschool.example ESMTP')
          while line := self.rfile.readline().strip().lower():
            if line == b'data':
              self.say('354 go on')
              while self.rfile.readline().strip() != b'.': pass
            self.say('221 Bye' if line == b'quit' else '250 Ok')
            if line == b'quit': return
      socketserver.ThreadingTCPServer(('127.0.0.1', 2525), Mail).serve_forever()
      """
    let client = """
      import smtplib
      with smtplib.SMTP('127.0.0.1', 2525, local_hostname='laptop') as agent:
        agent.sendmail('alice@crepes.example', ['bob@someschool.example'], 'Subject: Crepes\\r\\n\\r\\nOn Friday?\\r\\n')
      """
    let script = """
      ip link set lo up
      python3 -c "\(server)" & started="$!"
      "$mailwire" capture -i lo --mail-ports --tcp -w "$folder/x.pcapng" > "$folder/out" 2> "$folder/err" & capture=$!
      started="$started $capture"
      until_true 'grep "capturing on" "$folder/err"'
      until_true ': < /dev/tcp/127.0.0.1/2525'
      python3 -c "\(client)"
      until_true 'grep "ends  *in order" "$folder/out"'
      kill -INT "$capture"; wait "$capture"
      """
    let launcher = Permission.isRoot ? Namespaces.ordinary + ["unshare", "-Urn"] : ["unshare", "-Urn"]
    try run(script, in: launcher) { folder, run in
      #expect(run.status == 0, "\(run.diagnostics)")
      let shown = try String(contentsOf: folder.appending(path: "out"), encoding: .utf8)
      #expect(shown.contains("├─ mail FROM:<alice@crepes.example>") && shown.contains("= Subject: Crepes"))
      let file = folder.appending(path: "x.pcapng").path
      #expect(try Program.analyze(path: file).flatMap(\.messages).count == 1)
      let diagnostics = try String(contentsOf: folder.appending(path: "err"), encoding: .utf8)
      #expect(diagnostics.contains(" 0 dropped by the system"), "\(diagnostics)")
    }
  }
  /// A name that has an address of each family, and a server at the second: asked as every client asks.
  @Test(.enabled(if: Namespaces.haveSink, "needs root, smtp-sink and swaks"))
  func everyAddressOfANameIsTried() throws {
    let script = """
      ip link set lo up
      printf '127.0.0.1 localhost\\n::1 localhost\\n' > "$folder/hosts"
      mount --bind "$folder/hosts" /etc/hosts
      smtp-sink -u nobody 127.0.0.1:2525 10 & started="$!"
      until_true ': < /dev/tcp/127.0.0.1/2525'
      "$mailwire" capture --proxy localhost:2500=localhost:2525 > "$folder/out" 2> "$folder/err" & capture=$!
      started="$started $capture"
      until_true 'grep "Ctrl-C ends" "$folder/err"'
      for host in 127.0.0.1 ::1; do
        exec 3<> "/dev/tcp/$host/2500"
        printf 'QUIT\\r\\n' >&3
        cat <&3 | grep 220
        exec 3>&-
      done
      until_true 'test "$(grep -c "ends  *in order" "$folder/out")" = 2'
      kill -INT "$capture"; wait "$capture"
      """
    try run(script, in: ["unshare", "-nm"]) { _, run in
      #expect(run.status == 0, "\(run.text) \(run.diagnostics)")
    }
  }
  /// Two hosts with a cable between them, swaks and Postfix's smtp-sink: on the interface, and on any, which sees a
  /// packet once.
  @Test(.enabled(if: Namespaces.haveSink, "needs root, smtp-sink and swaks"), arguments: ["v0", "any"])
  func betweenTwoHosts(_ interface: String) throws {
    let script = """
      unshare -n sleep 180 & other=$! ; started="$other"
      until_true '! test /proc/$other/ns/net -ef /proc/self/ns/net && grep -q sleep /proc/$other/comm'
      ip link add v0 type veth peer name v1
      ip link set v1 netns "$other"
      there() { nsenter --net=/proc/$other/ns/net "$@"; }
      ip address add 192.0.2.1/24 dev v0 ; ip link set v0 up
      there ip address add 192.0.2.2/24 dev v1 ; there ip link set v1 up
      nsenter --net=/proc/$other/ns/net smtp-sink -u nobody 192.0.2.2:25 10 & started="$started $!"
      until_true ': < /dev/tcp/192.0.2.2/25'
      "$mailwire" capture -i \(interface) --tcp -f 'tcp port 25' -w "$folder/x.pcapng" > "$folder/out" 2> "$folder/err" &
      capture=$! ; started="$started $capture"
      until_true 'grep "capturing on" "$folder/err"'
      swaks --server 192.0.2.2:25 --from alice@crepes.example --to bob@someschool.example --helo laptop --silent 3
      until_true 'grep "ends  *in order" "$folder/out"'
      kill -INT "$capture"; wait "$capture"
      """
    try run(script, in: ["unshare", "-n"]) { folder, run in
      #expect(run.status == 0, "\(run.diagnostics)")
      let shown = try String(contentsOf: folder.appending(path: "out"), encoding: .utf8)
      let followed = try Program.run(["follow", "--tcp", folder.appending(path: "x.pcapng").path]).text
      #expect(shown.contains("server 192.0.2.2:25") && shown.contains("├─ QUIT"))
      #expect(!shown.contains("(repeated)"), "\(shown)")
      #expect(rows(followed) == rows(shown), "\(shown)\n\(followed)")
    }
  }
}

enum Namespaces {
  static let env = URL(filePath: "/usr/bin/env")
  static let ordinary = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

  static let arePossible: Bool = {
    guard Peer.python3.url != nil, Peer.ip.url != nil, Peer.unshare.url != nil else { return false }
    return (try? Program.run(["unshare", "-Urn", "true"], program: env))?.status == 0
  }()
  static let haveSink = Permission.isRoot && Peer.swaks.url != nil && Peer.smtpSink.url != nil
}
