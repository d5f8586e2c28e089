import Foundation
import TestSupport
import Testing

@testable import Grading

/// Servers that are ended while a client is connected, and started again: with and without SO_REUSEADDR, in several
/// languages, and wherever packets come from.
@Suite(.enabled(if: Trials.isPossible)) struct RestartTests {
  struct Server: CustomTestStringConvertible, Sendable {
    var name: String
    var file = "server.py"
    var text: String
    var verdict: Verdict
    var testDescription: String { name }
  }
  private static func python(_ option: String, bind: String = "l.bind(place)", greet: String = "") -> String {
    """
    import socket, struct, sys, time
    l = socket.socket()
    place = (sys.argv[1], int(sys.argv[2]))
    \(option)
    \(bind)
    l.listen()
    while True:
        c, _ = l.accept()
        \(greet)
        c.sendall(b"220 ready\\r\\n")
        for line in c.makefile("rb"):
            word = line.strip().upper()[:4]
            if word == b"QUIT":
                c.sendall(b"221 bye\\r\\n")
                break
            c.sendall(b"250 ok\\r\\n" if word in (b"HELO", b"EHLO", b"NOOP") else b"500 what\\r\\n")
        c.close()

    """
  }
  private static func perl(_ option: String) -> String {
    """
    #!/usr/bin/perl
    use IO::Socket::INET;
    my $l = IO::Socket::INET->new(LocalAddr => $ARGV[0], LocalPort => $ARGV[1], Listen => 5, Proto => 'tcp'\(option))
      or die "cannot listen: $@";
    while (my $c = $l->accept) {
      $c->autoflush(1);
      print $c "220 ready\\r\\n";
      while (<$c>) {
        if (/^(HELO|EHLO|NOOP)/i) { print $c "250 ok\\r\\n"; }
        elsif (/^QUIT/i) { print $c "221 bye\\r\\n"; last; }
        else { print $c "500 what\\r\\n"; }
      }
      close $c;
    }

    """
  }
  private static let reuse = "l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)"
  private static let anyway = """
    while True:
        try:
            l.bind(place)
            break
        except OSError as e:
            print(e)
            time.sleep(0.1)
    """
  static let servers = [
    Server(name: "Python, reuses", text: python(reuse), verdict: .passed),
    Server(name: "Python, does not", text: python(""), verdict: .failed),
    Server(
      name: "Python, SO_REUSEPORT", text: python("l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)"),
      verdict: .passed),
    Server(name: "Python, tries for ever", text: python("", bind: anyway), verdict: .failed),
    Server(
      name: "Python, goes elsewhere",
      text: python("", bind: "try: l.bind(place)\nexcept OSError: l.bind((place[0], 0))"), verdict: .failed),
    // Whoever breaks off leaves nothing behind.
    Server(
      name: "Python, breaks off",
      text: python(
        "", greet: "c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))"), verdict: .notRun),
    Server(name: "Perl, reuses", file: "server", text: perl(", ReuseAddr => 1"), verdict: .passed),
    Server(name: "Perl, does not", file: "server", text: perl(""), verdict: .failed),
  ]

  @Test(arguments: servers, Trials.Mode.allCases)
  func isJudgedByWhetherItComesBack(_ server: Server, _ mode: Trials.Mode) async throws {
    let result = try await Trials.result("V1", file: server.file, server.text, by: mode.runner)
    let page = FeedbackPage(.all).text(result, title: server.name)
    let check = try #require(result.checks.first { $0.id == "restarts" })
    #expect(check.verdict == server.verdict, "\(page)")
    #expect(check.verdict != .failed || check.feedback.mistake == .addressInUse, "\(page)")
    // All the others are right, and the evidence of the refusal is a frame.
    #expect(result.checks.allSatisfy { $0.id == "restarts" || $0.verdict == .passed }, "\(page)")
    #expect(check.verdict != .failed || check.feedback.place != nil, "\(page)")
  }
}
