import TestSupport

/// Dialogues as they are met, for every protocol.
extension Script {
  static let message = """
    From: Alice <alice@example.org>\r
    To: Bob <bob@example.com>\r
    Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r
    \tfrom the drip\r
    Date: Mon, 2 Feb 2026 10:00:00 +0100\r
    MIME-Version: 1.0\r
    Content-Type: multipart/mixed; boundary="=_b"\r
    \r
    preamble\r
    --=_b\r
    Content-Type: text/plain; charset=utf-8\r
    Content-Transfer-Encoding: quoted-printable\r
    \r
    Hello Bob,\r
    .a line that begins with a dot\r
    ..and one with two\r
    .\r
    a soft=\r
     break, 100 =E2=82=AC\r
    --=_b\r
    Content-Type: application/octet-stream; name=data.bin\r
    Content-Disposition: attachment; filename=data.bin\r
    Content-Transfer-Encoding: base64\r
    \r
    AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4\r
    OTo7PD0+P0BBQkNERUZHSElKS0xNTk9Q\r
    --=_b--\r
    epilogue \(String(repeating: "long ", count: 2_500))\r

    """
  /// The message as SMTP and POP3 carry it (RFC 5321 §4.5.2).
  static let stuffed =
    message.split(separator: "\r\n", omittingEmptySubsequences: false)
    .map { $0.hasPrefix(".") ? "." + $0 : String($0) }.joined(separator: "\r\n") + ".\r\n"

  static let smtp = Script(
    "SMTP: AUTH LOGIN, pipelining, dot-stuffing", port: 25,
    [
      server("220 mail.example.org ESMTP ready\r\n"), client("EHLO client.example\r\n"),
      server("250-mail.example.org\r\n250-PIPELINING\r\n250-AUTH LOGIN PLAIN\r\n250 SIZE 1000000\r\n"),
      client("AUTH LOGIN\r\n"), server("334 VXNlcm5hbWU6\r\n"), client("YWxpY2U=\r\n"), server("334 UGFzc3dvcmQ6\r\n"),
      client("c2VjcmV0\r\n"), server("235 2.7.0 ok\r\n"),
      client(
        "MAIL FROM:<alice@example.org> SIZE=900\r\nRCPT TO:<bob@example.com>\r\nRCPT TO:<nobody@example.com>\r\nDATA\r\n"
      ),
      server("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n550 5.1.1 unknown\r\n354 go ahead\r\n"), client(stuffed),
      server("250 2.0.0 queued\r\n"), client("QUIT\r\n"), server("221 2.0.0 bye\r\n"),
    ])
  static let smtpRefused = Script(
    "SMTP: STARTTLS refused, AUTH PLAIN refused and cancelled, BDAT", port: 587,
    [
      server("220-mail.example.org ESMTP\r\n220 ready\r\n"), client("EHLO [192.0.2.2]\r\n"), server("250 CHUNKING\r\n"),
      client("STARTTLS\r\n"), server("454 4.7.0 TLS not available\r\n"), client("AUTH PLAIN AGFsaWNlAHdyb25n\r\n"),
      server("535 5.7.8 no\r\n"), client("AUTH LOGIN\r\n"), server("334 VXNlcm5hbWU6\r\n"), client("*\r\n"),
      server("501 5.7.0 cancelled\r\n"),
      client(
        "MAIL FROM:<>\r\nRCPT TO:<bob@example.com>\r\nBDAT 28\r\nSubject: chunks\r\n\r\none two\r\nBDAT 7 LAST\r\nthree\r\n"
      ),
      server("250 ok\r\n250 ok\r\n250 30 octets\r\n250 queued\r\n"), client("RSET\r\nNOOP\r\nBOGUS\r\nQUIT\r\n"),
      server("250 ok\r\n250 ok\r\n500 what?\r\n221 bye\r\n"),
    ])
  static let pop3 = Script(
    "POP3: USER, listings, RETR, TOP, pipelined", port: 110,
    [
      server("+OK POP3 ready <1.2@mail.example.org>\r\n"), client("CAPA\r\n"),
      server("+OK\r\nUSER\r\nTOP\r\nPIPELINING\r\n.\r\n"), client("USER bob\r\nPASS geheim wort\r\n"),
      server("+OK\r\n+OK logged in\r\n"), client("STAT\r\nLIST\r\nUIDL 1\r\n"),
      server("+OK 1 900\r\n+OK\r\n1 900\r\n.\r\n+OK 1 abc\r\n"), client("RETR 1\r\n"), server("+OK\r\n" + stuffed),
      client("TOP 1 0\r\n"), server("+OK\r\nSubject: x\r\n\r\n.\r\n"), client("RETR 9\r\nDELE 1\r\nQUIT\r\n"),
      server("-ERR no such message\r\n+OK deleted\r\n+OK bye\r\n"),
    ])
  static let pop3Challenges = Script(
    "POP3: STLS refused, AUTH with challenges", port: 110,
    [
      server("+OK ready\r\n"), client("STLS\r\n"), server("-ERR no TLS\r\n"), client("AUTH LOGIN\r\n"),
      server("+ VXNlcm5hbWU6\r\n"), client("Ym9i\r\n"), server("+ UGFzc3dvcmQ6\r\n"), client("Z2VoZWlt\r\n"),
      server("+OK in\r\n"), client("QUIT\r\n"), server("+OK\r\n"),
    ])
  static let imap = Script(
    "IMAP: literals, FETCH, APPEND, IDLE", port: 143,
    [
      server("* OK [CAPABILITY IMAP4rev2 LITERAL+] ready\r\n"), client("a1 LOGIN {3}\r\n"), server("+ go on\r\n"),
      client("bob {6+}\r\nge\"eim\r\n"), server("a1 OK in\r\n"), client("a2 SELECT INBOX\r\na3 NOOP\r\n"),
      server("* 1 EXISTS\r\n* FLAGS (\\Seen)\r\na2 OK [READ-WRITE] done\r\na3 OK done\r\n"),
      client("a4 UID FETCH 1:* (FLAGS BODY[])\r\n"),
      server("* 1 FETCH (UID 7 FLAGS (\\Seen) BODY[] {\(message.utf8.count)}\r\n\(message))\r\na4 OK done\r\n"),
      client("a5 APPEND Sent (\\Seen) {27}\r\n"), server("+ send\r\n"), client("Subject: copy\r\n\r\nfine, fine\r\n"),
      server("a5 OK [APPENDUID 1 2] done\r\n"), client("a6 IDLE\r\n"), server("+ idling\r\n* 2 EXISTS\r\n"),
      client("DONE\r\n"), server("a6 OK done\r\n"), client("a7 LOGOUT\r\n"), server("* BYE later\r\na7 OK done\r\n"),
    ])
  static let imapAuthenticate = Script(
    "IMAP: AUTHENTICATE PLAIN, STARTTLS refused", port: 143,
    [
      server("* OK ready\r\n"), client("a1 STARTTLS\r\n"), server("a1 BAD no TLS\r\n"),
      client("a2 AUTHENTICATE PLAIN\r\n"),
      server("+ \r\n"), client("AGJvYgBnZWhlaW0=\r\n"), server("a2 OK in\r\n"), client("a3 LOGOUT\r\n"),
      server("* BYE\r\na3 OK\r\n"),
    ])
  static let http: Script = {
    let page = Array("<html><body>Ein Brief f\u{fc}r Bob</body></html>\r\n".utf8)
    var chunks: [UInt8] = []
    for piece in [Wrapping.gzip.stored(page).prefix(20), Wrapping.gzip.stored(page).dropFirst(20)] {
      chunks += Array(String(piece.count, radix: 16).utf8) + [13, 10] + piece + [13, 10]
    }
    chunks += Array("0\r\n\r\n".utf8)
    let script = Script(
      "HTTP: chunked and gzip, a form, HEAD", port: 80,
      [
        client("GET /inbox HTTP/1.1\r\nHost: mail.example.org\r\nAuthorization: Basic Ym9iOmdlaGVpbQ==\r\n\r\n"),
        server(
          "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        ),
        client(
          "POST /login HTTP/1.1\r\nHost: mail.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\nusername=bob&password=g%21"
        ),
        server("HTTP/1.1 302 Found\r\nLocation: /inbox\r\nContent-Length: 0\r\n\r\n"),
        client("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"), server("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
        client("GET /x HTTP/1.0\r\n\r\n"), server("HTTP/1.0 404 Not Found\r\n\r\nnothing here\n"),
      ])
    var turns = script.turns
    turns[1].octets += chunks
    return Script(script.name, port: 80, turns: turns)
  }()

  static let lmtp = Script(
    "LMTP: each recipient is answered, DATA and BDAT, pipelined", port: 24,
    [
      server("220 store.example.org LMTP ready\r\n"), client("LHLO mx.example\r\n"),
      server("250-store.example.org\r\n250-PIPELINING\r\n250 CHUNKING\r\n"),
      client(
        "MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.com>\r\nRCPT TO:<nobody@example.com>\r\n"
          + "RCPT TO:<carol@example.com>\r\nDATA\r\n"),
      server("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n550 5.1.1 unknown\r\n250 2.1.5 Ok\r\n354 go ahead\r\n"),
      client(stuffed + "MAIL FROM:<>\r\nRCPT TO:<dave@example.com>\r\nRCPT TO:<bob@example.com>\r\n"),
      server("250 2.0.0 bob has it\r\n452-4.2.2 carol's mailbox\r\n452 4.2.2 is full\r\n250 2.1.0 Ok\r\n"),
      client("BDAT 19\r\nSubject: chunks\r\n\r\nBDAT 5 LAST\r\nbye\r\nQUIT\r\n"),
      server("250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n250 chunk\r\n550 5.7.1 not dave\r\n250 2.0.0 bob has it\r\n221 bye\r\n"),
    ])
  static let all = [smtp, smtpRefused, lmtp, pop3, pop3Challenges, imap, imapAuthenticate, http]
}
