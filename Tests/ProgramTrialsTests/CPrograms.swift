@testable import Grading

/// Students' programs in C, in three shapes with nothing in common: streams of the standard library; system calls, octet by octet
/// and in pieces; a table of what is said. Each mistake is put into right ones.
enum CPrograms {
  struct Variant: Sendable {
    /// nil: the program is right.
    var mistake: StudentMistake?
    var exercise: String
    var name: String
    var source: String
  }
  static let mistakes = commands + lines + memory + dialogue + messages + places + logins
  static let right = [
    Variant(mistake: nil, exercise: "S2", name: "streams", source: streams(streamSteps())),
    Variant(mistake: nil, exercise: "S2", name: "pieces", source: pieces(pieceSteps())),
    Variant(mistake: nil, exercise: "S2", name: "a table", source: table(tableRows())),
    Variant(mistake: nil, exercise: "S5", name: "streams, a login", source: streams(streamLogin, before: base64)),
  ]
  static func of(
    _ mistake: StudentMistake, _ name: String, _ source: String, in exercise: String = "S2"
  ) -> Variant {
    Variant(mistake: mistake, exercise: exercise, name: name, source: source)
  }

  // MARK: Streams of the standard library

  /// Two streams on one socket, fprintf and fgets.
  static func streams(
    _ body: String, end: String = #"\r\n"#, node: String = "argv[1], argv[2]", hear: String = streamHear,
    before: String = ""
  ) -> String {
    #"""
    #include <netdb.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/socket.h>
    #include <unistd.h>

    static FILE *from, *to;

    \#(hear)

    static void tell(const char *format, ...) {
      va_list args;
      va_start(args, format);
      vfprintf(to, format, args);
      va_end(args);
      fputs("\#(end)", to);
      fflush(to);
    }
    #define ASK(...) (tell(__VA_ARGS__), hear())
    \#(before)

    int main(int argc, char **argv) {
      struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *place;
      int error = getaddrinfo(\#(node), &hints, &place);
      if (error) { fprintf(stderr, "%s\n", gai_strerror(error)); return 1; }
      int s = socket(place->ai_family, place->ai_socktype, 0);
      if (connect(s, place->ai_addr, place->ai_addrlen) < 0) { perror("connect"); return 1; }
      from = fdopen(s, "r");
      to = fdopen(dup(s), "w");
      hear();
    \#(body)
      fclose(to);
      fclose(from);
      return 0;
    }

    """#
  }
  static let streamHear = #"""
    static int hear(void) {
      char line[1024];
      while (fgets(line, sizeof line, from))
        if (strlen(line) > 3 && line[3] != '-') return atoi(line);
      exit(1);
    }
    """#
  static func streamSteps(
    mail: String = #"ASK("MAIL FROM:<%s>", "alice@example.com")"#,
    rcpt: String = #"ASK("RCPT TO:<%s>", "bob@example.org");"#, data: String = #"ASK("DATA");"#,
    message: String = streamMessage
  ) -> String {
    """
      ASK("HELO %s", "me.example.com");
      if (\(mail) == 250) {
        \(rcpt)
        \(data)
        \(message)
      }
      ASK("QUIT");
    """
  }
  static let streamMessage = #"""
    tell("From: Alice <alice@example.com>");
    tell("Date: Tue, 1 Sep 2026 08:00:00 +0000");
    tell("Subject: Lunch");
    tell("");
    tell("I love computer networks!");
    ASK(".");
    """#

  // MARK: System calls

  /// Everything goes out in small pieces, and comes in octet by octet.
  static func pieces(_ body: String, connect: String = pieceConnect, code: String = pieceCode) -> String {
    #"""
    #include <arpa/inet.h>
    #include <errno.h>
    #include <netdb.h>
    #include <netinet/in.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/socket.h>
    #include <unistd.h>

    struct link { int file; char line[512]; };

    static void put(struct link *l, const char *text) {
      size_t rest = strlen(text);
      while (rest > 0) {
        ssize_t sent = write(l->file, text, rest < 7 ? rest : 7);
        if (sent < 0) { perror("write"); exit(4); }
        text += sent;
        rest -= sent;
      }
    }
    \#(code)
    static int say(struct link *l, const char *command) { put(l, command); put(l, "\r\n"); return code(l); }

    int main(int argc, char *argv[]) {
      struct link mail = {.file = socket(AF_INET, SOCK_STREAM, getprotobyname("tcp")->p_proto)}, *l = &mail;
      struct sockaddr_in there = {.sin_family = AF_INET};
    \#(connect)
      code(l);
    \#(body)
      close(mail.file);
      return 0;
    }

    """#
  }
  static let pieceConnect = #"""
      there.sin_port = htons(atoi(argv[2]));
      inet_pton(AF_INET, argv[1], &there.sin_addr);
      if (connect(mail.file, (struct sockaddr *)&there, sizeof there)) { perror("connect"); return 2; }
    """#
  static let pieceCode = #"""
    static int code(struct link *l) {
      for (;;) {
        size_t count = 0;
        char octet;
        do {
          if (read(l->file, &octet, 1) != 1) exit(3);
          if (count < sizeof l->line - 1) l->line[count++] = octet;
        } while (octet != '\n');
        l->line[count] = 0;
        if (l->line[3] == ' ') return (l->line[0] - '0') * 100 + (l->line[1] - '0') * 10 + l->line[2] - '0';
      }
    }
    """#
  static func pieceSteps(
    hello: String = #"say(l, "EHLO me.example.com");"#, mail: String = #"say(l, "MAIL FROM:<alice@example.com>")"#,
    rcpt: String = #"say(l, "RCPT TO:<bob@example.org>");"#, data: String = #"say(l, "DATA");"#,
    message: String = pieceMessage, quit: String = #"say(l, "QUIT");"#
  ) -> String {
    let steps = [hello, "if (\(mail) / 100 != 2) goto out;", rcpt, data, message, "out:", quit]
    return steps.map { "  \($0)" }.joined(separator: "\n")
  }
  static let pieceMessage = #"""
    put(l, "From: alice@example.com\r\nTo: bob@example.org\r\nDate: 1 Sep 2026 08:00:00 +0000\r\nSubject: Lunch\r\n");
      put(l, "\r\nI love computer networks!\r\n");
      say(l, ".");
    """#

  // MARK: A table

  /// Rows of what is said and which code is to come; another one, and it says QUIT.
  static func table(_ rows: String, wait: String = tableWait) -> String {
    #"""
    #include <arpa/inet.h>
    #include <poll.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/socket.h>

    typedef struct { const char *text; unsigned code; } row;
    static const row dialogue[] = {
    \#(rows)
    };

    \#(wait)

    int main(int n, char **words) {
      if (n < 3) return fputs("host? port?\n", stderr), 64;
      int wire = socket(PF_INET, SOCK_STREAM, IPPROTO_TCP);
      struct sockaddr_in a;
      memset(&a, 0, sizeof a);
      a.sin_family = AF_INET;
      a.sin_addr.s_addr = inet_addr(words[1]);
      a.sin_port = htons((uint16_t)strtoul(words[2], NULL, 10));
      if (connect(wire, (void *)&a, sizeof a) != 0) return perror("connect"), 69;
      FILE *both = fdopen(wire, "r+");
      setvbuf(both, NULL, _IONBF, 0);
      int status = wait_for(both, 220) ? 0 : 1;
      for (size_t i = 0; !status && i < sizeof dialogue / sizeof *dialogue; i++) {
        dprintf(wire, "%s", dialogue[i].text);
        if (dialogue[i].code && !wait_for(both, dialogue[i].code)) status = 1;
      }
      if (status) {
        dprintf(wire, "QUIT\r\n");
        wait_for(both, 221);
      }
      fclose(both);
      return status;
    }

    """#
  }
  static let tableWait = #"""
    static int wait_for(FILE *both, unsigned wanted) {
      char *line = NULL;
      size_t size = 0;
      unsigned code = 0;
      char mark = '-';
      while (mark == '-' && getline(&line, &size, both) > 0) sscanf(line, "%3u%c", &code, &mark);
      free(line);
      return code == wanted;
    }
    """#
  static func tableRows(
    hello: String = #"{"HELO me.example.com\r\n", 250},"#,
    mail: String = #"{"MAIL FROM:<alice@example.com>\r\n", 250},"#,
    rcpt: String = #"{"RCPT TO:<bob@example.org>\r\n", 250},"#, data: String = #"{"DATA\r\n", 354},"#,
    message: String = tableMessage, quit: String = #"{"QUIT\r\n", 221},"#
  ) -> String { [hello, mail, rcpt, data, message, quit].map { "  \($0)" }.joined(separator: "\n") }
  static let tableMessage = #"""
    {"From: alice@example.com\r\nDate: 1 Sep 2026 08:00:00 +0000\r\nSubject: Lunch\r\n\r\n", 0},
      {"I love computer networks!\r\n", 0}, {".\r\n", 250},
    """#
}
