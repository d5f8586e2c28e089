@testable import Grading

/// The mistakes of the list that a program in C can have.
extension CPrograms {
  static let commands = [
    of(
      .missingColonOrBrackets, "streams, no brackets",
      streams(streamSteps(mail: #"ASK("MAIL FROM: %s", "alice@example.com")"#))),
    of(
      .missingColonOrBrackets, "pieces, no colon", pieces(pieceSteps(rcpt: #"say(l, "RCPT TO <bob@example.org>");"#))),
    of(
      .missingColonOrBrackets, "a table, neither",
      table(tableRows(mail: #"{"MAIL FROM alice@example.com\r\n", 250},"#))),
    of(
      .mailInsteadOfRecipient, "streams, MAIL FROM twice",
      streams(
        streamSteps(rcpt: #"for (int i = 0; i < 1; i++) ASK("MAIL FROM:<%s@%s>", "bob", "example.org");"#))),
    of(
      .mailInsteadOfRecipient, "pieces, MAIL TO", pieces(pieceSteps(rcpt: #"say(l, "MAIL TO:<bob@example.org>");"#))),
    of(
      .mailInsteadOfRecipient, "a table", table(tableRows(rcpt: #"{"mail from: <bob@example.org>\r\n", 250},"#))),
  ]
  static let lines = [
    of(.missingLineEnd, "streams, none at all", streams(streamSteps(), end: "")),
    of(.missingLineEnd, "pieces, QUIT", pieces(pieceSteps(quit: #"put(l, "QUIT"); code(l);"#))),
    of(.missingLineEnd, "a table, HELO", table(tableRows(hello: #"{"HELO me.example.com", 250},"#))),
    of(.bareLineFeed, "streams", streams(streamSteps(), end: #"\n"#)),
    of(.spelledLineEnd, "a table", table(tableRows(hello: #"{"HELO me.example.com\\r\\n", 250},"#))),
  ]
  /// What only happens in C: sizeof counts the octet behind a text, and a port has an order of its octets.
  static let memory = [
    of(
      .endOfString, "streams, behind each line",
      streams(streamSteps(), end: #"\r\n", to); fwrite("", 1, sizeof "", to); fputs(""#)),
    of(
      .endOfString, "pieces, behind QUIT",
      pieces(pieceSteps(quit: #"char quit[] = "QUIT\r\n"; write(l->file, quit, sizeof quit); code(l);"#))),
    of(
      .swappedPort, "pieces",
      pieces(pieceSteps(), connect: pieceConnect.replacing("htons(atoi(argv[2]))", with: "atoi(argv[2])"))),
    of(.hung, "streams, nothing goes out of the buffer", streams(streamSteps()).replacing("  fflush(to);\n", with: "")),
  ]
  static let dialogue = [
    of(
      .expects250AfterDATA, "streams, QUIT",
      streams(streamSteps(data: #"if (ASK("DATA") != 250) { ASK("QUIT"); return 1; }"#))),
    of(
      .expects250AfterDATA, "pieces, leaves",
      pieces(pieceSteps(data: #"if (say(l, "DATA") / 100 != 2) { fputs("DATA refused\n", stderr); exit(1); }"#))),
    of(.expects250AfterDATA, "a table", table(tableRows(data: #"{"DATA\r\n", 250},"#))),
    of(
      .waitsInsideMessage, "streams, behind each line",
      streams(streamSteps(message: streamMessage.replacing("tell(", with: "ASK(")))),
    of(
      .waitsInsideMessage, "pieces, behind the header",
      pieces(
        pieceSteps(message: pieceMessage.replacing(#"put(l, "\r\nI "#, with: #"code(l); put(l, "\r\nI "#)))),
    of(
      .waitsInsideMessage, "a table, behind the body",
      table(tableRows(message: tableMessage.replacing(#"!\r\n", 0}"#, with: #"!\r\n", 250}"#)))),
    of(
      .oneReceiveForAll, "streams, recv",
      streams(
        #"  ASK("HELO me"); ASK("QUIT");"#,
        hear: #"""
          static int hear(void) {
            char reply[1024];
            int count = recv(fileno(from), reply, sizeof reply - 1, 0);
            if (count <= 0) exit(1);
            reply[count] = 0;
            return atoi(reply);
          }
          """#), in: "S1"),
    of(
      .oneReceiveForAll, "pieces, read",
      pieces(
        #"  say(l, "EHLO me.example.com"); say(l, "NOOP"); say(l, "QUIT");"#,
        code: #"""
          static char answer[4096];
          static int code(struct link *l) { return read(l->file, answer, sizeof answer) > 3 && answer[0] == '2'; }
          """#), in: "S3"),
    of(
      .oneReceiveForAll, "a table, poll",
      table(
        #"  {"EHLO me.example.com\r\n", 1}, {"NOOP\r\n", 1}, {"QUIT\r\n", 1},"#,
        wait: #"""
          static int wait_for(FILE *both, unsigned wanted) {
            struct pollfd p = {fileno(both), POLLIN, 0};
            char reply[1024];
            return poll(&p, 1, 5000) == 1 && recv(p.fd, reply, 1024, 0) > 0;
          }
          """#), in: "S3"),
  ]
  static let messages = [
    of(
      .noHeader, "streams, an empty line first",
      streams(streamSteps(message: #"tell(""); tell("I love computer networks!"); ASK(".");"#))),
    of(
      .noHeader, "pieces, the book's message",
      pieces(pieceSteps(message: #"put(l, "\r\n I love computer networks!"); put(l, "\r\n.\r\n"); code(l);"#))),
    of(
      .noHeader, "a table, text alone", table(tableRows(message: #"{"I love computer networks!\r\n.\r\n", 250},"#))),
    of(
      .dotNotDoubled, "streams, a file",
      streams(
        streamSteps(
          message: #"""
            tell("From: alice@example.com\r\nDate: 1 Sep 2026 08:00:00 +0000\r\n");
            FILE *body = fopen("body.txt", "r");
            char line[2000];
            while (fgets(line, sizeof line, body)) { line[strcspn(line, "\n")] = 0; tell("%s", line); }
            ASK(".");
            """#)), in: "S4"),
  ]
  static let places = [
    of(
      .listensInsteadOfConnects, "bind, listen, accept",
      pieces(
        pieceSteps(),
        connect: #"""
            there.sin_port = htons(2525);
            there.sin_addr.s_addr = htonl(INADDR_ANY);
            if (bind(mail.file, (struct sockaddr *)&there, sizeof there) || listen(mail.file, 5)) return 2;
            mail.file = accept(mail.file, NULL, NULL);
          """#)),
    of(
      .listensInsteadOfConnects, "at the port that was given",
      pieces(
        pieceSteps(),
        connect: #"""
            there.sin_port = htons(atoi(argv[2]));
            there.sin_addr.s_addr = inet_addr(argv[1]);
            if (bind(mail.file, (struct sockaddr *)&there, sizeof there) < 0) { perror("bind"); return EXIT_FAILURE; }
            listen(mail.file, 1);
            accept(mail.file, NULL, NULL);
          """#)),
    of(
      .listensInsteadOfConnects, "at the port that was given, its error named otherwise",
      pieces(
        pieceSteps(),
        connect: #"""
            there.sin_port = htons(atoi(argv[2]));
            if (bind(mail.file, (struct sockaddr *)&there, sizeof there) < 0) {
              fprintf(stderr, "cannot bind: errno %d\n", errno);
              return EXIT_FAILURE;
            }
            listen(mail.file, 1);
          """#)),
    of(.hardCodedServer, "streams, a name", streams(streamSteps(), node: #""mail.example.com", "25""#)),
    of(.hardCodedServer, "streams, this host", streams(streamSteps(), node: #""127.0.0.1", "smtp""#)),
    of(
      .hardCodedServer, "pieces, an address",
      pieces(
        pieceSteps(),
        connect: pieceConnect.replacing("atoi(argv[2])", with: "1025").replacing("argv[1]", with: #""192.0.2.25""#))),
  ]
  static let logins = [
    of(
      .passwordTooEarly, "streams, both behind each other",
      streams(
        streamLogin.replacing("ASK(base64(argv[3]));", with: "tell(base64(argv[3]));"), before: base64), in: "S5"),
    of(
      .passwordTooEarly, "streams, in one line with AUTH",
      streams(
        #"""
          ASK("EHLO me");
          char user[100], password[100];
          strcpy(user, base64(argv[3]));
          strcpy(password, base64(argv[4]));
          ASK("AUTH LOGIN %s %s", user, password);
          ASK("QUIT");
        """#, before: base64), in: "S5"),
    of(
      .passwordTooEarly, "pieces, written by hand",
      pieces(
        #"""
          say(l, "EHLO me");
          say(l, "AUTH LOGIN");
          put(l, "YWxpY2U=\r\n"); put(l, "bGluby1iZWRpLTE3\r\n");
          code(l); code(l);
          say(l, "QUIT");
        """#), in: "S5"),
  ]
  /// A right login, and a message behind it.
  static let streamLogin = #"""
      ASK("EHLO me.example.com");
      ASK("AUTH LOGIN");
      ASK(base64(argv[3]));
      if (ASK(base64(argv[4])) == 235) {
        ASK("MAIL FROM:<alice@example.org>");
        ASK("RCPT TO:<bob@example.net>");
        ASK("DATA");
        tell("From: alice@example.org\r\nDate: 1 Sep 2026 08:00:00 +0000\r\n\r\nHi");
        ASK(".");
      }
      ASK("QUIT");
    """#
  /// RFC 4648 §4.
  static let base64 = #"""
    static const char *base64(const char *text) {
      static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      static char out[200];
      char *p = out;
      for (size_t rest = strlen(text); rest > 0; text += 3, rest = rest > 3 ? rest - 3 : 0) {
        unsigned group = (unsigned char)text[0] << 16;
        if (rest > 1) group |= (unsigned char)text[1] << 8;
        if (rest > 2) group |= (unsigned char)text[2];
        for (int i = 0; i < 4; i++) *p++ = i > (int)rest && rest < 3 ? '=' : digits[group >> (18 - 6 * i) & 63];
      }
      *p = 0;
      return out;
    }
    """#
}
