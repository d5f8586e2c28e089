@testable import Grading

/// Students' programs with mistakes. They are made of a right one in several shapes, with the mistake put in.
enum StudentPrograms {
  typealias Variant = StudentMistakeTests.Variant

  /// In plain Python: one line after the other.
  static func plain(
    _ steps: [String], message: String = message, before: String = "", greeting: String = "reply()"
  ) -> String {
    """
    import socket, sys
    s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    f = s.makefile("rb")
    def reply():
        while True:
            line = f.readline()
            if not line or line[3:4] != b"-":
                return line
    \(before)
    \(greeting)
    \(steps.joined(separator: "\n"))
    f.close()
    s.close()

    """.replacing("MESSAGE", with: message)
  }
  static func say(_ line: String, _ end: String = "\\r\\n") -> String { "s.sendall(b\"\(line)\(end)\"); reply()" }
  static let message =
    "From: alice@example.com\\r\\nTo: bob@example.org\\r\\nDate: Tue, 01 Sep 2026 08:00:00 +0000\\r\\nSubject: Lunch\\r\\n\\r\\nI love computer networks!\\r\\n.\\r\\n"
  static let usual = [
    say("EHLO me.example.com"), say("MAIL FROM:<alice@example.com>"), say("RCPT TO:<bob@example.org>"), say("DATA"),
    say("MESSAGE", ""), say("QUIT"),
  ]
  static func usual(_ index: Int, _ other: String) -> [String] {
    var steps = usual
    steps[index] = other
    return steps
  }
  /// With a class and helper functions, and other names.
  static func object(
    _ body: String, send: String = "self.link.send(bytes(words + '\\r\\n', 'ascii'))", receive: String = objectReceive
  ) -> String {
    """
    from socket import socket
    import sys, time

    class Postman:
        def __init__(self, where):
            self.link = socket()
            self.link.connect(where)
            self.rest = b""
        def tell(self, words):
            \(send)
        def hear(self):
    \(receive)
        def ask(self, words):
            self.tell(words)
            return self.hear()

    if __name__ == "__main__":
        p = Postman((sys.argv[1], int(sys.argv[2])))
        p.hear()
    \(body)
        p.link.close()

    """
  }
  static let objectReceive = """
            while True:
                while b"\\r\\n" not in self.rest:
                    more = self.link.recv(100)
                    if not more:
                        raise SystemExit("gone")
                    self.rest += more
                line, self.rest = self.rest.split(b"\\r\\n", 1)
                if line[3:4] == b" ":
                    return int(line[:3])
    """
  static let objectMessage = """
        p.tell("From: <alice@example.com>")
        p.tell("Date: 1 Sep 2026 08:00:00 +0000")
        p.tell("Subject: Lunch")
        p.tell("")
        p.tell("I love computer networks!")
        p.ask(".")
        p.ask("QUIT")
    """
  static func objectSteps(
    mail: String = "MAIL FROM:<alice@example.com>", rcpt: String = "RCPT TO:<bob@example.org>",
    data: String = "p.ask('DATA')",
    rest: String = objectMessage
  ) -> String {
    """
        p.ask("HELO me.example.com")
        ok = p.ask("\(mail)") == 250
        if ok:
            p.ask("\(rcpt)")
            \(data)
    \(rest.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n"))
        else:
            p.ask("QUIT")
    """
  }
  /// In Perl.
  static func perl(_ body: String, end: String = "\\r\\n", peer: String = "PeerAddr => $ARGV[0], PeerPort => $ARGV[1]")
    -> String
  {
    """
    #!/usr/bin/perl
    use IO::Socket::INET;
    $| = 1;
    my $s = IO::Socket::INET->new(\(peer), Proto => "tcp") or die "no connection";
    sub hear { while (my $l = <$s>) { return $1 if $l =~ /^(\\d\\d\\d) / } die "gone" }
    sub ask { print $s $_[0] . "\(end)"; $s->flush; return hear(); }
    hear();
    \(body)
    close $s;

    """
  }
  static func perlSteps(
    mail: String = "MAIL FROM:<alice\\@example.com>", rcpt: String = "RCPT TO:<bob\\@example.org>",
    data: String = "ask(\"DATA\");",
    text: String =
      "From: alice\\@example.com\\r\\nDate: 1 Sep 2026 08:00:00 +0000\\r\\nSubject: Lunch\\r\\n\\r\\nI love computer networks!\\r\\n."
  ) -> String {
    """
    ask("HELO me.example.com");
    if (ask("\(mail)") == 250) {
      ask("\(rcpt)");
      \(data)
      ask("\(text)");
    }
    ask("QUIT");
    """
  }
  private static func python(_ mistake: StudentMistake, _ name: String, _ text: String, in exercise: String = "S2")
    -> Variant
  {
    Variant(mistake: mistake, exercise: exercise, name: name, file: "client.py", text: text)
  }
  private static func executable(_ mistake: StudentMistake, _ name: String, _ text: String, in exercise: String = "S2")
    -> Variant
  {
    Variant(mistake: mistake, exercise: exercise, name: name, file: "client", text: text)
  }
  private static let refusalReader = "x = reply()\nif x[:1] == b'5': sys.exit()"
  private static let ifRefused = "s.sendall(b\"QUIT\\r\\n\"); reply(); sys.exit()"

  static let right: [Variant] = [
    python(.crashed, "objects", object(objectSteps())), executable(.crashed, "Perl", perl(perlSteps())),
    executable(
      .crashed, "a shell with its own TCP",
      """
      #!/bin/bash
      exec 3<>"/dev/tcp/$1/$2"
      hear() { local l; while IFS= read -r -u 3 l; do case $l in [0-9][0-9][0-9]" "*) code=${l%% *}; return;; esac; done; exit 1; }
      ask() { printf '%s\\r\\n' "$1" >&3; hear; }
      hear
      ask "HELO me.example.com"
      ask "MAIL FROM:<alice@example.com>"
      if [ "$code" = 250 ]; then
        ask "RCPT TO:<bob@example.org>"
        ask DATA
        printf 'From: alice@example.com\\r\\nDate: 1 Sep 2026 08:00:00 +0000\\r\\nSubject: Lunch\\r\\n\\r\\nI love computer networks!\\r\\n.\\r\\n' >&3
        hear
      fi
      ask QUIT
      exec 3>&-

      """),
  ]
  static let all: [Variant] = grammar + lineEnds + dialogue + messages + places + logins

  private static let grammar: [Variant] = [
    python(.missingColonOrBrackets, "no brackets", plain(usual(1, say("MAIL FROM: alice@example.com")))),
    python(.missingColonOrBrackets, "no colon", plain(usual(2, say("RCPT TO <bob@example.org>")))),
    python(.missingColonOrBrackets, "objects, lower case", object(objectSteps(mail: "mail from alice@example.com"))),
    executable(.missingColonOrBrackets, "Perl, RCPT only", perl(perlSteps(rcpt: "RCPT TO:bob\\@example.org"))),
    python(.mailInsteadOfRecipient, "two MAIL FROM", plain(usual(2, say("MAIL FROM:<bob@example.org>")))),
    python(.mailInsteadOfRecipient, "MAIL TO", plain(usual(2, say("MAIL TO:<bob@example.org>")))),
    python(.mailInsteadOfRecipient, "objects", object(objectSteps(rcpt: "MAIL FROM:<bob@example.org>"))),
    executable(.mailInsteadOfRecipient, "Perl", perl(perlSteps(rcpt: "mail to:<bob\\@example.org>"))),
  ]
  private static let lineEnds: [Variant] = [
    python(.missingLineEnd, "HELO", plain([say("HELO me.example.com", "")])),
    python(.missingLineEnd, "all commands", plain(usual.map { $0.replacing("\\r\\n", with: "") })),
    python(
      .missingLineEnd, "objects, QUIT",
      object(objectSteps(), send: "self.link.send(bytes(words + ('' if words == 'QUIT' else '\\r\\n'), 'ascii'))")),
    executable(.missingLineEnd, "Perl", perl(perlSteps(), end: "")),
    python(.bareLineFeed, "plain", plain(usual.map { $0.replacing("com\\r\\n\"", with: "com\\n\"") })),
    executable(.bareLineFeed, "Perl", perl(perlSteps(), end: "\\n")),
    python(.spelledLineEnd, "a raw string", plain([say("HELO me.example.com\\\\r\\\\n", "")])),
    python(.textInsteadOfOctets, "send", plain(["s.send('HELO me.example.com\\r\\n')"] + usual)),
    python(.textInsteadOfOctets, "objects", object(objectSteps(), send: "self.link.sendall(words + '\\r\\n')")),
    python(
      .textInsteadOfOctets, "in the middle",
      plain(usual(2, "s.sendall('RCPT TO:<%s>\\r\\n' % 'bob@example.org'); reply()"))),
    python(
      .textInsteadOfOctets, "octets and text together",
      plain(usual(1, "s.sendall(b'MAIL FROM:<' + 'alice@example.com' + b'>\\r\\n')"))),
    python(
      .pickledObjects, "a list", plain(["import pickle", "s.sendall(pickle.dumps(['HELO', 'me']))", "reply()"]),
      in: "S1"),
    python(
      .pickledObjects, "objects",
      object("    p.ask('HELO me')", send: "import pickle; self.link.send(pickle.dumps(words))"), in: "S1"),
    python(
      .pickledObjects, "a dictionary, protocol 2",
      plain(["import pickle", "pickle.dump({'command': 'HELO'}, s.makefile('wb', 0), 2)", "reply()"]), in: "S1"),
  ]
  private static let dialogue: [Variant] = [
    python(
      .expects250AfterDATA, "QUIT instead",
      plain(
        usual(3, "s.sendall(b'DATA\\r\\n')\nif reply()[:3] != b'250': s.sendall(b'QUIT\\r\\n'); reply(); sys.exit()"))),
    python(.expects250AfterDATA, "leaves", plain(usual(3, "s.sendall(b'DATA\\r\\n')\nassert reply()[:3] == b'250'"))),
    python(.expects250AfterDATA, "objects", object(objectSteps(data: "if p.ask('DATA') != 250: sys.exit(1)"))),
    executable(
      .expects250AfterDATA, "Perl", perl(perlSteps(data: "if (ask(\"DATA\") != 250) { ask(\"QUIT\"); exit 1 }"))),
    python(
      .waitsInsideMessage, "behind the header",
      plain(usual(4, "s.sendall(b'From: a@example.com\\r\\n\\r\\n'); reply(); s.sendall(b'Hi\\r\\n.\\r\\n'); reply()"))),
    python(
      .waitsInsideMessage, "behind each line",
      plain(
        usual(4, "for l in [b'From: a@example.com', b'Date: x', b'', b'Hi', b'.']: s.sendall(l + b'\\r\\n'); reply()"))),
    python(.waitsInsideMessage, "objects", object(objectSteps(rest: objectMessage.replacing("p.tell", with: "p.ask")))),
    executable(.waitsInsideMessage, "Perl", perl(perlSteps(text: "From: alice\\@example.com"))),
    python(
      .oneReceiveForAll, "recv",
      plain(
        [], greeting: "s.recv(1024); s.sendall(b'HELO me\\r\\n'); s.recv(1024); s.sendall(b'QUIT\\r\\n'); s.recv(1024)"),
      in: "S1"),
    python(
      .oneReceiveForAll, "objects",
      object(
        "    p.ask('EHLO me')\n    p.ask('NOOP')\n    p.ask('QUIT')", receive: "            return self.link.recv(4096)"
      ), in: "S3"),
    executable(
      .oneReceiveForAll, "Perl, sysread",
      perl("ask(\"EHLO me\"); ask(\"NOOP\"); ask(\"QUIT\");").replacing(
        "sub hear { ", with: "sub hear { my $b; sysread($s, $b, 1024) or die; return 250; "), in: "S3"),
    python(.speaksFirst, "no greeting read", plain(usual, greeting: "")),
    python(
      .sendsEverythingAtOnce, "no reply read", plain(usual.map { $0.replacing("; reply()", with: "") } + ["f.read()"])),
    python(.closesWithoutQUIT, "closes", plain(Array(usual.dropLast()))),
    python(
      .sendsBodyUnasked, "whatever DATA says",
      plain(
        usual(
          2,
          "s.sendall(b'RCPT TO:<bob@example.org>\\r\\n')\nif reply()[:1] != b'2': s.sendall(b'QUIT\\r\\n'); reply(); sys.exit()"
        )), in: "S7"),
    python(.goesOnAfterRefusal, "does not look", plain(usual)),
  ]
  private static let messages: [Variant] = [
    python(.noHeader, "begins with an empty line", plain(usual(4, say("\\r\\nI love computer networks!\\r\\n.")))),
    python(.noHeader, "body only", plain(usual(4, say("I love computer networks!\\r\\n.")))),
    python(
      .noHeader, "objects",
      object(
        objectSteps(rest: "    p.tell('')\n    p.tell('I love computer networks!')\n    p.ask('.')\n    p.ask('QUIT')"))
    ),
    executable(.noHeader, "Perl", perl(perlSteps(text: "\\r\\nI love computer networks!\\r\\n."))),
    python(
      .dotNotDoubled, "as it is",
      plain(
        usual(
          4,
          "s.sendall(b'From: a@example.com\\r\\nDate: 1 Sep 2026 08:00:00 +0000\\r\\n\\r\\n' + open('body.txt', 'rb').read().replace(b'\\n', b'\\r\\n') + b'.\\r\\n'); reply()"
        )), in: "S4"),
    python(
      .missingEndOfMessage, "no dot, then QUIT",
      plain(usual(4, "s.sendall(b'From: a@example.com\\r\\n\\r\\nHi\\r\\n')"))),
  ]
  private static let places: [Variant] = [
    python(
      .listensInsteadOfConnects, "bind and listen",
      "import socket, sys\ns = socket.socket()\ns.bind(('', 2525))\ns.listen(1)\nc, a = s.accept()\n"),
    python(
      .listensInsteadOfConnects, "at the port that was given",
      "from socket import *\nimport sys\ns = socket(AF_INET, SOCK_STREAM)\ns.bind((sys.argv[1], int(sys.argv[2])))\ns.listen()\ns.accept()\n"
    ),
    python(
      .listensInsteadOfConnects, "the skeleton",
      "from socket import *\ndef smtp_client(port=1025, mailserver='127.0.0.1'):\n    sock = socket()\n    sock.bind((mailserver, 4000))\n    sock.listen(5)\n    sock.accept()\n"
    ),
    executable(
      .listensInsteadOfConnects, "Perl",
      "#!/usr/bin/perl\nuse IO::Socket::INET;\nmy $s = IO::Socket::INET->new(LocalPort => 4025, Listen => 1) or die;\n$s->accept();\n"
    ),
    python(.hardCodedServer, "port 25", plain(usual).replacing("int(sys.argv[2])", with: "25")),
    python(
      .hardCodedServer, "a name",
      plain(usual).replacing("sys.argv[1], int(sys.argv[2])", with: "'smtp.example.com', 587")),
    python(
      .hardCodedServer, "an address, the skeleton",
      "from socket import *\ndef smtp_client(port=1025, mailserver='127.0.0.1'):\n    s = socket()\n    s.connect(('192.0.2.25', 25))\n    s.recv(100)\n"
    ),
    executable(.hardCodedServer, "Perl", perl(perlSteps(), peer: "PeerAddr => \"198.51.100.7\", PeerPort => 2525")),
  ]
  private static func login(_ rest: String) -> [String] { [say("EHLO me.example.com"), rest, say("QUIT")] }
  private static let logins: [Variant] = [
    python(
      .passwordTooEarly, "both at once",
      plain(
        login(
          "import base64 as b\ns.sendall(b'AUTH LOGIN\\r\\n'); reply()\ns.sendall(b.b64encode(b'alice') + b'\\r\\n' + b.b64encode(b'lino-bedi-17') + b'\\r\\n'); reply(); reply()"
        )), in: "S5"),
    python(
      .passwordTooEarly, "behind each other",
      plain(
        login(
          "import base64 as b\ns.sendall(b'AUTH LOGIN\\r\\n'); reply()\ns.sendall(b.b64encode(b'alice') + b'\\r\\n')\ns.sendall(b.b64encode(b'lino-bedi-17') + b'\\r\\n'); reply(); reply()"
        )), in: "S5"),
    python(
      .passwordTooEarly, "objects, no wait at all",
      object(
        "    import base64\n    p.ask('EHLO me')\n    p.tell('AUTH LOGIN')\n    for w in sys.argv[3:5]: p.tell(base64.b64encode(w.encode()).decode())\n    p.hear(); p.hear(); p.hear()\n    p.ask('QUIT')"
      ), in: "S5"),
    executable(
      .passwordTooEarly, "Perl",
      perl(
        "use MIME::Base64;\nask(\"EHLO me\"); ask(\"AUTH LOGIN\");\nask(encode_base64($ARGV[2], \"\") . \"\\r\\n\" . encode_base64($ARGV[3], \"\")); hear(); ask(\"QUIT\");"
      ), in: "S5"),
    python(
      .notBase64, "in clear", plain(login(say("AUTH LOGIN") + "\n" + say("alice") + "\n" + say("lino-bedi-17"))),
      in: "S5"),
  ]
}
