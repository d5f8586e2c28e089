@testable import MailSystem

/// RFC 9051 §6.1 and §6.2: before and while one logs in.
enum RFC9051LoginExamples {
  private static let protected: @Sendable (inout IMAPServerConfiguration) -> Void = {
    $0.offersTLS = true
    $0.requiresTLSForLogin = true
  }
  static let all: [IMAPExample] = [
    IMAPExample(
      "6.1.1", .notAuthenticated,
      script: #"""
        C: abcd CAPABILITY
        S: * CAPABILITY IMAP4rev2 STARTTLS AUTH=GSSAPI
         LOGINDISABLED
        S: abcd OK CAPABILITY completed
        C: efgh STARTTLS
        S: efgh OK STARTTLS completed
        <TLS negotiation, further commands are under TLS layer>
        C: ijkl CAPABILITY
        S: * CAPABILITY IMAP4rev2 AUTH=GSSAPI AUTH=PLAIN
        S: ijkl OK CAPABILITY completed
        """#
    ).with { $0.configure = protected },
    IMAPExample(
      "6.1.2", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 23) { number, message in
          if number == 14 { message.uid = 1305 } else if number > 14 { message.uid = 1305 + number }
        }
      ],
      happenings: [
        "...": {
          $0.setFlagsElsewhere(14, ["\\Seen", "\\Deleted"])
          $0.expungeElsewhere(22)
          $0.deliver()
        }
      ],
      script: #"""
        C: a002 NOOP
        S: a002 OK NOOP completed
        ...
        C: a047 NOOP
        S: * 22 EXPUNGE
        S: * 23 EXISTS
        S: * 14 FETCH (UID 1305 FLAGS (\Seen \Deleted))
        S: a047 OK NOOP completed
        """#),
    IMAPExample(
      "6.1.3",
      script: #"""
        C: A023 LOGOUT
        S: * BYE IMAP4rev2 Server logging out
        S: A023 OK LOGOUT completed
        """#),
    IMAPExample(
      "6.2.1", .notAuthenticated,
      script: #"""
        C: a001 CAPABILITY
        S: * CAPABILITY IMAP4rev2 STARTTLS LOGINDISABLED
        S: a001 OK CAPABILITY completed
        C: a002 STARTTLS
        S: a002 OK Begin TLS negotiation now
        <TLS negotiation, further commands are under TLS layer>
        C: a003 CAPABILITY
        S: * CAPABILITY IMAP4rev2 AUTH=PLAIN
        S: a003 OK CAPABILITY completed
        C: a004 AUTHENTICATE PLAIN dGVzdAB0ZXN0AHRlc3Q=
        S: a004 OK Success (tls protection)
        """#
    ).with { $0.configure = protected },
    IMAPExample(
      "6.2.2 initial response", .greeting,
      script: #"""
        S: * OK [CAPABILITY IMAP4rev2 STARTTLS AUTH=GSSAPI
         LOGINDISABLED] Server ready
        C: A01 STARTTLS
        S: A01 OK STARTTLS completed
        <TLS negotiation, further commands are under TLS layer>
        C: A02 CAPABILITY
        S: * CAPABILITY IMAP4rev2 AUTH=GSSAPI AUTH=PLAIN
        S: A02 OK CAPABILITY completed
        C: A03 AUTHENTICATE PLAIN dGVzdAB0ZXN0AHRlc3Q=
        S: A03 OK Success (tls protection)
        """#
    ).with { $0.configure = protected },
    IMAPExample(
      "6.2.2 no initial response", .notAuthenticated,
      script: #"""
        <client connects to server and negotiates a TLS protection layer>
        C: C01 CAPABILITY
        S: * CAPABILITY IMAP4rev2 AUTH=PLAIN
        S: C01 OK Completed
        C: A01 AUTHENTICATE PLAIN
        S: +
        C: dGVzdAB0ZXN0AHRlc3Q=
        S: A01 OK Success (tls protection)
        """#),
    IMAPExample(
      "6.2.3", .notAuthenticated,
      script: #"""
        C: a001 LOGIN SMITH SESAME
        S: a001 OK LOGIN completed
        """#),
  ]
}
